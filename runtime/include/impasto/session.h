// One run: from a job to a picture, iteration by iteration. Command line and viewer meet the runtime here.
#pragma once

#include "impasto/estimate.h"
#include "impasto/export.h"
#include "impasto/image.h"
#include "impasto/job.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace impasto {

namespace session {
class Run;
struct Moment;
}  // namespace session

class NativeDevice;
struct NativePicture;

// One term of the objective, its weight included.
struct TermLoss {
  std::string kind;   // "content", "style", "tv" or "temporal"
  std::string layer;  // "relu4_2"; empty for the last two
  double value = 0;
};

struct Losses {
  double content = 0;
  double style = 0;
  double tv = 0;
  double temporal = 0;  // of frames that follow another
  double total = 0;
  double gradient_l2 = 0;  // of d total / d x, x in [0,1]
  std::vector<TermLoss> terms;
};

struct Progress {
  int iteration = 0;   // finished, of the whole run
  int submitted = 0;   // finished or under way; goes back when a device is lost
  int iterations = 0;  // of the whole run
  int scale = 0;       // stage under way, from 0
  int scales = 1;
  int width = 0;  // of this stage
  int height = 0;
  Losses losses;           // of the last finished iteration, before its step
  double seconds = 0;      // since the first iteration began, but for rests between finish() and advance()
  double eta_seconds = 0;  // 0 too as long as the rate is not known
  // Of this stage. 0: not known; the first iteration does not tell, because it prepares kernels too.
  double iterations_per_second = 0;
  uint64_t device_bytes = 0;  // allocated at the peak
  int recoveries = 0;         // devices lost and rebuilt
  int skipped_steps =
      0;  // whose gradient was not finite: the step before was undone, and those after are half as long
  std::string device;
  std::string model;         // what the network calls itself: "vgg19", "compact"
  std::string model_advice;  // how to get a better one than was chosen; empty when there is nothing to say
  std::string checkpoint_error;  // why the last checkpoint could not be written; empty when it could
};

// A moment of a run: what was to be seen, and in host memory everything that is needed to go on from there.
struct Snapshot {
  int iteration = 0;  // of the whole run
  Image picture;
  Losses losses;
  std::shared_ptr<const session::Moment> moment;
};

class IMPASTO_API Session {
 public:
  // Opens the device, reads weights and pictures, and prepares the first stage, or the one at which job.resume goes on: the same
  // device, driver, build and input files give the same bits as if the run had never stopped. Throws Error.
  explicit Session(const Job& job);
  explicit Session(std::unique_ptr<session::Run> run);
  // On a device that the caller uses too (impasto/native.h); job.device is not looked at. Submissions are sliced by measured time, so
  // that the caller's wait for ten milliseconds or so; advance() waits for its iteration's slices. A device that is lost throws
  // Error(device); snapshot(), image() and save() then give the last recovery point. start, when there is one, is what the run begins
  // with instead of what the job says, resized to its first size.
  Session(const Job& job, const NativeDevice& device, const Image* start = nullptr);
  ~Session();
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;

  // Submits the next iteration; waits only when the device is more than two behind. False when all are submitted. A lost device
  // is rebuilt and continued from the last recovery point with the same bits; throws Error(device) when that fails three times
  // without progress, and Error(usage) after ten steps in a row whose gradient was not finite. Keeps job.checkpoint up to date, when the
  // job names one.
  bool advance();

  // Waits for every iteration that was submitted.
  void finish();

  // What the run was planned to hold and to take.
  const Estimate& estimate() const;

  // What is known by now; never waits.
  Progress progress() const;

  // The picture as it is after the iterations submitted so far; waits for them. Alpha is the content's. When the device is gone,
  // the picture of the last recovery point.
  Image image();

  // image(), written with the run's settings as metadata.
  void save(const std::filesystem::path& file, bool overwrite);

  // Everything that the rest of the run depends on, after the iterations submitted so far, in one file that replaces an earlier
  // one whole. When the device is gone, the last recovery point. Throws Error(input) when it cannot be written.
  void checkpoint(const std::filesystem::path& file);

  // What whoever resumed the run should know, on one line: that device, driver or build are others than before. Else empty.
  const std::string& note() const;

  // Style strength, weights, layer weights, shares of styles and learning rate of this job, from the next iteration on; nothing is prepared anew.
  // L-BFGS begins its history again when the objective changes. Throws Error(usage) unless can_steer(the run's job, job).
  void steer(const Job& job);

  // Waits for the iterations submitted so far.
  Snapshot snapshot();

  // Continues from a snapshot of this session, with the weights as they are now.
  void go_back(const Snapshot& snapshot);

  // Where the picture of this stage is on the device; empty when the device is gone. Another one after a stage or go_back().
  NativePicture native_picture() const;

 private:
  std::unique_ptr<session::Run> run_;
};

struct CheckpointInfo {
  Job job;            // with `resume` naming the checkpoint; a session of it goes on
  int iteration = 0;  // of the whole run
  int iterations = 0;
  int width = 0;
  int height = 0;
  std::string device;
  std::string driver;
  std::string build;
};

// What a checkpoint is of. Throws Error(input) when it is none, or damaged.
IMPASTO_API CheckpointInfo read_checkpoint(const std::filesystem::path& file);

// Whether a run of one job can go on as a run of the other: nothing but what Session::steer takes differs.
IMPASTO_API bool can_steer(const Job& from, const Job& to);

struct Evaluation {
  Losses losses;
  int width = 0;
  int height = 0;
  std::vector<float> gradient;  // d total / d x, x in [0,1]: height × width × 3
  std::string device;
  std::string model;         // as in Progress
  std::string model_advice;  // likewise
  double seconds = 0;
};

// Losses and gradient of one picture under the job's recipe, without a step. Nothing is resized when job.size is kRecipeSizes or
// kOwnSize; else content and image get that longest side, and styles follow. Throws Error; image and content must have the same size.
IMPASTO_API Evaluation evaluate(const Job& job, const std::filesystem::path& image);

}  // namespace impasto
