// What devices there are and what jobs would need, found out on a thread of its own: the window asks every frame and never waits.
#pragma once

#include "impasto/device.h"
#include "impasto/estimate.h"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace impasto::viewer {

struct Needs {
  Estimate estimate;
  std::string error;  // why it cannot be painted; empty when it can
};

class Advisor {
 public:
  // wake is called from the thread whenever there is an answer.
  explicit Advisor(std::function<void()> wake);
  ~Advisor();  // waits for the question under way
  Advisor(const Advisor&) = delete;
  Advisor& operator=(const Advisor&) = delete;

  // Drops the questions that are not under way: who is still interested asks again in this frame.
  void new_frame();
  // Drops the answers too, because a run began or ended and the memory that is free is another.
  void forget();

  // Null while it is being found out.
  std::shared_ptr<const Needs> needs(const Job& job);
  // Empty until they are known, and where there are none.
  std::vector<DeviceInfo> devices() const;

 private:
  struct Answer {
    Job job;
    std::shared_ptr<const Needs> needs;
  };
  void run();

  std::function<void()> wake_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Job> waiting_;
  std::optional<Job> under_way_;
  std::vector<Answer> answers_;
  std::vector<DeviceInfo> devices_;
  bool closing_ = false;
  std::thread thread_;  // last, so that everything is there when it starts
};

}  // namespace impasto::viewer
