// Takes items through decoding, iterations and encoding, and sees to it that one that fails harms no other.
#include "batch/worker.h"

#include "impasto/error.h"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace impasto::batch {
namespace {

constexpr int kMostLostItems = 2;  // in a row, after which a device is given up

ItemRun run_of(const Progress& progress) {
  return {progress.iteration, progress.width,   progress.height,
          progress.losses,    progress.seconds, progress.device};
}

}  // namespace

Work::Work(const std::vector<Job>& jobs, Manifest& manifest, const BatchOptions& options)
    : jobs_(&jobs), manifest_(&manifest), options_(&options), next_(size_t(options.shard.index)) {
  for (size_t i = next_; i < jobs.size(); i += size_t(options.shard.count)) {
    results_.emplace_back();
    results_.back().index = i;
  }
}

std::optional<size_t> Work::next() {
  if (stopped()) return std::nullopt;
  const std::lock_guard lock(mutex_);
  if (next_ >= jobs_->size()) return std::nullopt;
  return std::exchange(next_, next_ + size_t(options_->shard.count));
}

bool Work::stopped() {
  const std::lock_guard lock(mutex_);
  return options_->stop && options_->stop();
}

bool Work::save_now() {
  const std::lock_guard lock(mutex_);
  return options_->save_now && options_->save_now();
}

void Work::tell_progress(size_t index, const Progress& progress) {
  const std::lock_guard lock(mutex_);
  if (options_->on_progress) options_->on_progress(index, progress);
}

void Work::tell(const ItemResult& result) {
  const std::lock_guard lock(mutex_);
  results_[(result.index - size_t(options_->shard.index)) / size_t(options_->shard.count)] = result;
  if (options_->on_item) options_->on_item(result);
}

Worker::Worker(vulkan::DeviceOptions options)
    : options_(std::move(options)), shared_(std::make_shared<session::Shared>()) {}

void Worker::run(Work& work) {
  work_ = &work;
  std::optional<Item> next = take();
  while (next) {
    Item item = std::move(*next);
    next = take();
    finish(std::move(item));
  }
  if (encoding_.valid()) encoding_.get();
}

std::optional<Worker::Item> Worker::take() {
  while (const std::optional<size_t> index = work_->next()) {
    const Job& job = work_->job(*index);
    ItemResult result;
    result.index = *index;
    try {
      std::optional<Claim> claim = work_->manifest().claim(*index, job, result);
      if (claim)
        return Item{std::move(*claim),
                    std::async(std::launch::async, [job] { return session::load_pictures(job); })};
    } catch (const Error& error) {
      result.status = ItemStatus::failed;
      result.message = error.what();
      result.code = error.exit_code();
    }
    work_->tell(result);
  }
  return std::nullopt;
}

void Worker::finish(Item item) {
  if (attempt(item, false)) return;
  item.pictures = std::async(std::launch::async,
                             [job = work_->job(item.claim.index)] { return session::load_pictures(job); });
  if (attempt(item, true)) return;
  if (++lost_in_a_row_ >= kMostLostItems)
    throw Error(ErrorKind::device,
                "the device was lost again and again; update its driver, or choose another with --device");
}

bool Worker::attempt(Item& item, bool last) {
  ItemResult result;
  result.index = item.claim.index;
  result.resumed = item.claim.resume;
  try {
    compute(item, result);
    lost_in_a_row_ = 0;
    return true;
  } catch (const Error& error) {
    shared_ = error.kind() == ErrorKind::device ? std::make_shared<session::Shared>() : shared_;
    if (error.kind() == ErrorKind::device && !last) return false;
    fail(item.claim, result, error);
    return error.kind() != ErrorKind::device;
  }
}

void Worker::compute(Item& item, ItemResult& result) {
  Job job = work_->job(item.claim.index);
  job.checkpoint = item.claim.state;
  session::JobPictures pictures = item.pictures.get();
  std::optional<session::Run> run;
  if (item.claim.resume) {
    job.resume = item.claim.state;
    try {
      run.emplace(job, options_, pictures, shared_);
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::device) throw;
      job.resume.clear();  // its state is of no use; from the start, then
      result.resumed = false;
    }
  }
  if (!run) run.emplace(job, options_, std::move(pictures), shared_);
  try {
    iterate(*run, item, result);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::device) {
      run->checkpoint(item.claim.state);  // of the last recovery point, for the next try
      item.claim.resume = true;
    }
    throw;
  }
}

void Worker::iterate(session::Run& run, Item& item, ItemResult& result) {
  while (!work_->stopped()) {
    if (!run.advance()) {
      run.finish();
      result.run = run_of(run.progress());
      result.status = ItemStatus::done;
      encode(run, item, result);
      return;
    }
    work_->tell_progress(item.claim.index, run.progress());
    if (work_->save_now()) run.checkpoint(item.claim.state);
  }
  run.checkpoint(item.claim.state);
  result.run = run_of(run.progress());
  result.status = ItemStatus::interrupted;
  work_->tell(result);
}

void Worker::encode(session::Run& run, Item& item, const ItemResult& result) {
  if (encoding_.valid()) encoding_.get();
  const SaveOptions options = run.save_options(item.claim.overwrite);
  encoding_ = std::async(std::launch::async, [this, picture = run.image(), options, result,
                                              claim = std::make_shared<Claim>(std::move(item.claim))] {
    try {
      const std::filesystem::path& output = claim->record.job.output;
      std::error_code ignored;  // what is wrong shows when the file is made
      if (output.has_parent_path()) std::filesystem::create_directories(output.parent_path(), ignored);
      save_image(output, picture, options);
      work_->manifest().finish(*claim, result);
      work_->tell(result);
    } catch (const Error& error) {
      fail(*claim, result, error);
    }
  });
}

void Worker::fail(const Claim& claim, ItemResult result, const Error& error) {
  result.status = ItemStatus::failed;
  result.message = error.what();
  result.code = error.exit_code();
  try {
    work_->manifest().finish(claim, result);
  } catch (const Error&) {
    // A folder that takes no record takes no picture either; the result says why the item failed.
  }
  work_->tell(result);
}

}  // namespace impasto::batch
