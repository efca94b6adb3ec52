// The computation's thread: runs a session, does what it is told between two iterations, and tells the window how things stand.
#pragma once

#include "impasto/error.h"
#include "impasto/native.h"
#include "impasto/session.h"

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace impasto::viewer {

enum class Phase { empty, preparing, painting, paused, done, failed };

struct LossPoint {
  int iteration = 0;
  Losses losses;
};

// A snapshot in the filmstrip.
struct Shot {
  Snapshot snapshot;
  NativePicture thumbnail;
  uint64_t bytes = 0;  // of the host's memory, roughly
};

using Shots = std::vector<std::shared_ptr<const Shot>>;  // by iteration

uint64_t bytes_of(const Shots& shots);

// What is left of a run whose device is lost, or left.
struct Rescue {
  Job job;
  Phase phase = Phase::empty;  // as it was
  Snapshot last;               // the last state that is known to be good; no picture: it had not begun
  std::vector<Snapshot> shots;
  std::vector<LossPoint> curve;
};

// How things stand; what the window reads once a frame.
struct Standing {
  Phase phase = Phase::empty;
  Job job;  // of the run
  Progress progress;
  NativePicture picture;
  Shots shots;
  std::string error;  // of the run that failed
  bool device_lost = false;
  std::string notice;     // the last thing that was done or could not be, and
  int notices = 0;        // how many there have been
  int curve_version = 0;  // another one when points were taken back
};

class Painter {
 public:
  // wake is called from the thread whenever there is something new to see. Snapshots take shot_bytes at most, or there is only one.
  Painter(const NativeDevice& device, uint64_t shot_bytes, std::function<void()> wake);
  ~Painter();  // ends the iteration under way, and waits for it
  Painter(const Painter&) = delete;
  Painter& operator=(const Painter&) = delete;

  // A run of the job in the place of the one there is. continued: from the picture that there is, not from what the job says.
  void start(const Job& job, bool continued);
  void start_from(const Job& job, const Image& picture);
  void restore(Rescue rescue);
  void steer(const Job& job);  // only the last of many counts
  void pause();
  void resume();
  void step();  // one iteration, then pause
  void stop();  // there is no run afterwards
  void keep_snapshot();
  void go_back(const std::shared_ptr<const Shot>& shot);
  void save(const std::filesystem::path& file, bool overwrite);
  void save_session(const std::filesystem::path& file);  // replaces one that is there
  void save_snapshot(const std::shared_ptr<const Shot>& shot, const std::filesystem::path& file,
                     bool overwrite);

  // Ends the thread. Nothing when there is no run.
  std::optional<Rescue> rescue();

  Standing standing() const;
  // Appends what `points` lacks, or replaces all when its version is not the one there is.
  void read_curve(std::vector<LossPoint>& points, int& version) const;

 private:
  using Command = std::function<void()>;
  void close();
  void run();
  void post(Command command);
  bool work_waiting() const;
  bool obey();
  void prepare(const Job& job, const Image* picture);
  void begin(const Job& job, const Image* picture);
  void iterate();
  // Until what was submitted is done; a device that is lost from then on goes back to this.
  void come_to_rest();
  void finish_iteration();
  void take_shot();
  void fail(const Error& error);
  void tell(const std::string& notice);
  template <typename Change>
  void change(Change change);

  std::shared_ptr<const Shot> make_shot(Snapshot snapshot) const;

  NativeDevice device_;
  uint64_t shot_bytes_;
  std::function<void()> wake_;
  std::unique_ptr<Session> session_;  // the thread's own, as are the next two
  int next_shot_ = 0;
  bool single_ = false;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Command> commands_;
  std::optional<Job> steering_;
  bool closing_ = false;
  Standing standing_;
  std::vector<LossPoint> curve_;
  std::thread thread_;  // last, so that everything is there when it starts
};

}  // namespace impasto::viewer
