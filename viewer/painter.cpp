// The loop of the computation's thread.
#include "painter.h"

#include "draw/picture_buffer.h"
#include "impasto/error.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace impasto::viewer {
namespace {

constexpr int kThumbnailSide = 160;
constexpr int kFirstShot = 4;  // iterations; each later one a third further on
constexpr double kShotGrowth = 4 / 3.0;
constexpr size_t kMostShots = 48;

Image thumbnail(const Image& image) {
  const double scale = std::min(1.0, double(kThumbnailSide) / std::max(image.width, image.height));
  return resample(image, std::max(1, int(std::lround(image.width * scale))),
                  std::max(1, int(std::lround(image.height * scale))), Filter::bilinear);
}

// The one whose neighbours are nearest to each other, but for the first and the last.
size_t least_missed(const Shots& shots) {
  size_t least = 1;
  double nearest = 0;
  for (size_t i = 1; i + 1 < shots.size(); ++i) {
    const double gap =
        double(shots[i + 1]->snapshot.iteration) / std::max(1, shots[i - 1]->snapshot.iteration);
    if (i == 1 || gap < nearest) nearest = gap, least = i;
  }
  return least;
}

// Makes room for those that come.
void thin(Shots& shots, uint64_t most_bytes) {
  while (shots.size() > 1 && (shots.size() > kMostShots || bytes_of(shots) > most_bytes))
    shots.erase(shots.begin() + std::ptrdiff_t(shots.size() > 2 ? least_missed(shots) : 0));
}

}  // namespace

uint64_t bytes_of(const Shots& shots) {
  return std::accumulate(shots.begin(), shots.end(), uint64_t(0),
                         [](uint64_t sum, const auto& shot) { return sum + shot->bytes; });
}

Painter::Painter(const NativeDevice& device, uint64_t shot_bytes, std::function<void()> wake)
    : device_(device), shot_bytes_(shot_bytes), wake_(std::move(wake)), thread_([this] { run(); }) {}

Painter::~Painter() {
  close();
}

void Painter::close() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

std::optional<Rescue> Painter::rescue() {
  close();
  Rescue rescue{standing_.job, standing_.phase, {}, {}, curve_};
  for (const auto& shot : standing_.shots) rescue.shots.push_back(shot->snapshot);
  if (!session_) return rescue.phase == Phase::preparing ? std::optional(rescue) : std::nullopt;
  try {
    rescue.last = session_->snapshot();
  } catch (const Error&) {  // notices the loss, and leaves the last recovery point
    rescue.last = session_->snapshot();
  }
  return rescue;
}

void Painter::restore(Rescue rescue) {
  if (rescue.last.picture.rgb.empty()) return start(rescue.job, false);
  post([this, rescue = std::move(rescue)] {
    prepare(rescue.job, nullptr);
    session_->go_back(rescue.last);  // of another session, but of the same job
    Shots shots;
    for (const Snapshot& snapshot : rescue.shots) shots.push_back(make_shot(snapshot));
    const NativePicture shown = session_->native_picture();
    const Progress progress = session_->progress();
    change([&](Standing& standing) {
      standing.phase = rescue.phase;
      standing.shots = shots;
      standing.picture = shown;
      standing.progress = progress;
      curve_ = rescue.curve;
    });
    next_shot_ = rescue.last.iteration + kFirstShot;
  });
}

template <typename Change>
void Painter::change(Change change) {
  {
    const std::lock_guard lock(mutex_);
    change(standing_);
  }
  wake_();
}

void Painter::post(Command command) {
  {
    const std::lock_guard lock(mutex_);
    commands_.push_back(std::move(command));
  }
  changed_.notify_one();
}

bool Painter::work_waiting() const {
  if (standing_.device_lost) return closing_;
  return closing_ || !commands_.empty() || steering_ || standing_.phase == Phase::painting;
}

void Painter::run() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return work_waiting(); });
    }
    try {
      if (!obey()) break;
      if (standing().phase == Phase::painting) iterate();
    } catch (const Error& error) {
      fail(error);
    } catch (const std::exception& error) {
      fail(Error(ErrorKind::device, error.what()));
    }
  }
}

// Does what was asked for. False when the window closes.
bool Painter::obey() {
  for (;;) {
    Command command;
    std::optional<Job> steering;
    {
      const std::lock_guard lock(mutex_);
      if (closing_) return false;
      if (!commands_.empty()) {
        command = std::move(commands_.front());
        commands_.pop_front();
      } else {
        steering = std::exchange(steering_, std::nullopt);
      }
    }
    if (command) {
      command();
      continue;
    }
    if (steering && session_) {
      session_->steer(*steering);
      change([&](Standing& standing) { standing.job = *steering; });
    }
    return true;
  }
}

void Painter::prepare(const Job& job, const Image* picture) {
  session_.reset();
  change([&](Standing& standing) {
    standing.phase = Phase::preparing;
    standing.job = job;
    standing.job.resume.clear();
    standing.picture = {};
    standing.shots.clear();
    standing.error.clear();
    standing.curve_version++;
    curve_.clear();
  });
  session_ = std::make_unique<Session>(job, device_, picture);
  next_shot_ = kFirstShot;
  single_ = false;
}

void Painter::begin(const Job& job, const Image* picture) {
  prepare(job, picture);
  const NativePicture shown = session_->native_picture();
  const Progress progress = session_->progress();
  change([&](Standing& standing) {
    standing.phase = Phase::painting;
    standing.picture = shown;
    standing.progress = progress;
  });
}

void Painter::iterate() {
  if (!session_->advance()) {
    session_->finish();
    finish_iteration();
    take_shot();
    change([](Standing& standing) { standing.phase = Phase::done; });
    return;
  }
  if (single_) come_to_rest();
  finish_iteration();
  if (session_->progress().submitted >= next_shot_) {
    take_shot();
    next_shot_ = std::max(next_shot_ + kFirstShot, int(next_shot_ * kShotGrowth));
  }
  if (single_) change([](Standing& standing) { standing.phase = Phase::paused; });
  single_ = false;
}

void Painter::come_to_rest() {
  session_->finish();
  session_->snapshot();
}

void Painter::finish_iteration() {
  const Progress progress = session_->progress();
  const NativePicture picture = session_->native_picture();
  change([&](Standing& standing) {
    const bool later = curve_.empty() || progress.iteration > curve_.back().iteration;
    if (progress.iteration > 0 && later) curve_.push_back({progress.iteration, progress.losses});
    standing.progress = progress;
    standing.picture = picture;
  });
}

// The picture as it is seen, and as the optimiser has it with what it remembers.
std::shared_ptr<const Shot> Painter::make_shot(Snapshot snapshot) const {
  const NativePicture small = upload(device_, thumbnail(snapshot.picture));
  uint64_t bytes = 2 * snapshot.picture.rgb.size() * sizeof(float);
  const Estimate& planned = session_->estimate();
  const StageEstimate& stage =
      planned.stages[std::min(planned.stages.size() - 1, static_cast<size_t>(session_->progress().scale))];
  if (stage.optimizer_on_host) bytes += planned.host_bytes;
  for (const MemoryUse& use : stage.memory)
    if (use.what == "optimizer" || use.what == "average picture") bytes += use.bytes;
  return std::make_shared<const Shot>(Shot{std::move(snapshot), small, bytes});
}

void Painter::take_shot() {
  const auto shot = make_shot(session_->snapshot());
  finish_iteration();
  change([&](Standing& standing) {
    auto& shots = standing.shots;
    if (!shots.empty() && shots.back()->snapshot.iteration == shot->snapshot.iteration) return;
    shots.push_back(shot);
    thin(shots, shot_bytes_);
  });
}

void Painter::fail(const Error& error) {
  const bool ours = session_ != nullptr;
  const bool lost = ours && session_->native_picture().buffer == VK_NULL_HANDLE;
  change([&](Standing& standing) {
    if (ours && !lost &&
        error.kind() != ErrorKind::device) {  // what was asked for cannot be; the run can go on
      standing.notice = error.what();
      standing.notices++;
      return;
    }
    standing.device_lost = lost;
    standing.picture = {};
    if (lost) return;  // the phase is that of the run that is rescued
    standing.phase = Phase::failed;
    standing.error = error.what();
  });
}

void Painter::tell(const std::string& notice) {
  change([&](Standing& standing) {
    standing.notice = notice;
    standing.notices++;
  });
}

void Painter::start(const Job& job, bool continued) {
  post([this, job, continued] {
    std::optional<Image> picture;
    if (continued && session_) picture = session_->image();
    begin(job, picture ? &*picture : nullptr);
  });
}

void Painter::start_from(const Job& job, const Image& picture) {
  post([this, job, picture] { begin(job, &picture); });
}

void Painter::steer(const Job& job) {
  {
    const std::lock_guard lock(mutex_);
    steering_ = job;
  }
  changed_.notify_one();
}

void Painter::pause() {
  post([this] {
    if (!session_ || standing().phase != Phase::painting) return;
    come_to_rest();
    finish_iteration();
    change([](Standing& standing) { standing.phase = Phase::paused; });
  });
}

void Painter::resume() {
  post([this] {
    if (standing().phase == Phase::paused)
      change([](Standing& standing) { standing.phase = Phase::painting; });
  });
}

void Painter::step() {
  post([this] {
    if (standing().phase != Phase::paused) return;
    single_ = true;
    change([](Standing& standing) { standing.phase = Phase::painting; });
  });
}

void Painter::stop() {
  post([this] {
    session_.reset();
    change([this](Standing& standing) {
      const int version = standing.curve_version + 1, notices = standing.notices;
      standing = {};
      standing.curve_version = version;
      standing.notices = notices;
      curve_.clear();
    });
  });
}

void Painter::keep_snapshot() {
  post([this] {
    if (session_) take_shot();
  });
}

void Painter::go_back(const std::shared_ptr<const Shot>& shot) {
  post([this, shot] {
    if (!session_) return;
    session_->go_back(shot->snapshot);
    const int reached = shot->snapshot.iteration;
    change([&](Standing& standing) {
      const auto later = [&](const auto& other) { return other->snapshot.iteration > reached; };
      std::erase_if(standing.shots, later);
      std::erase_if(curve_, [&](const LossPoint& point) { return point.iteration > reached; });
      standing.curve_version++;
      if (standing.phase == Phase::done) standing.phase = Phase::painting;
    });
    next_shot_ = std::max(reached + kFirstShot, int(reached * kShotGrowth));
    finish_iteration();
  });
}

void Painter::save(const std::filesystem::path& file, bool overwrite) {
  post([this, file, overwrite] {
    if (!session_) return;
    session_->save(file, overwrite);
    tell("Saved " + file.string());
  });
}

void Painter::save_session(const std::filesystem::path& file) {
  post([this, file] {
    if (!session_) return;
    session_->checkpoint(file);
    tell("Saved the session as " + file.string());
  });
}

void Painter::save_snapshot(const std::shared_ptr<const Shot>& shot, const std::filesystem::path& file,
                            bool overwrite) {
  post([this, shot, file, overwrite] {
    SaveOptions options;
    options.overwrite = overwrite;
    save_image(file, shot->snapshot.picture, options);
    tell("Saved " + file.string());
  });
}

Standing Painter::standing() const {
  const std::lock_guard lock(mutex_);
  return standing_;
}

void Painter::read_curve(std::vector<LossPoint>& points, int& version) const {
  const std::lock_guard lock(mutex_);
  if (version != standing_.curve_version) points.clear();
  version = standing_.curve_version;
  points.insert(points.end(), curve_.begin() + std::ptrdiff_t(points.size()), curve_.end());
}

}  // namespace impasto::viewer
