// What each kind of kernel costs, measured on a thread of its own when somebody asks.
#pragma once

#include "impasto/bench.h"

#include <functional>
#include <future>
#include <optional>
#include <string>

namespace impasto::viewer {

class Costs {
 public:
  // wake is called when the answer is there.
  explicit Costs(std::function<void()> wake) : wake_(std::move(wake)) {}

  // Nothing while it measures already. Closing waits for what is under way.
  void measure(const BenchRequest& request);
  bool measuring() const { return coming_.valid(); }
  // Once a frame: takes the answer when it has come.
  void update();

  const std::optional<BenchReport>& report() const { return report_; }
  const std::string& error() const { return error_; }

 private:
  std::function<void()> wake_;
  std::optional<BenchReport> report_;
  std::string error_;
  std::future<BenchReport> coming_;
};

}  // namespace impasto::viewer
