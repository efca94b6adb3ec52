// Runs a batch: a worker for each device, two where the pictures are small.
#include "impasto/batch.h"

#include "batch/run_batch.h"
#include "batch/worker.h"
#include "impasto/error.h"
#include "impasto/image.h"
#include "session/edge.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <future>

namespace impasto {
namespace batch {
namespace {

constexpr int kSmallSide =
    256;  // of pictures whose dispatches do not fill a device, so that it takes two at a time

void check(const BatchOptions& options) {
  const Shard& shard = options.shard;
  if (shard.count < 1 || shard.index < 0 || shard.index >= shard.count)
    throw Error(ErrorKind::usage,
                fmt::format("--shard {}/{}: must be from 1/N to N/N", shard.index + 1, shard.count));
  if (options.devices.empty())
    throw Error(ErrorKind::usage, "--device: names none; leave it out for the best there is");
}

bool is_small(const Job& job) {
  const int side = job_stages(job, kMaxImageSide).back().size;
  return side != kOwnSize && side <= kSmallSide;
}

int workers_for_each_device(const std::vector<Job>& jobs) {
  return jobs.size() > 1 && std::all_of(jobs.begin(), jobs.end(), is_small) ? 2 : 1;
}

}  // namespace

std::vector<ItemResult> run_batch(const std::vector<Job>& jobs, const std::filesystem::path& folder,
                                  const BatchOptions& options,
                                  const std::vector<vulkan::DeviceOptions>& devices) {
  check(options);
  Manifest manifest(folder, options.resume);
  Work work(jobs, manifest, options);
  std::vector<std::future<void>> workers;
  workers.reserve(devices.size());
  for (const vulkan::DeviceOptions& device : devices)
    workers.push_back(std::async(std::launch::async,
                                 [&work, device] { session::at_edge([&] { Worker(device).run(work); }); }));
  std::exception_ptr failure;
  for (std::future<void>& worker : workers) {
    try {
      worker.get();
    } catch (...) {
      failure = std::current_exception();
    }
  }
  std::vector<ItemResult> results = work.results();
  // One device that fails leaves its items to the others.
  const bool left = std::any_of(results.begin(), results.end(),
                                [](const ItemResult& result) { return result.status == ItemStatus::left; });
  if (failure && left && !(options.stop && options.stop())) std::rethrow_exception(failure);
  return results;
}

}  // namespace batch

std::vector<ItemResult> run_batch(const std::vector<Job>& jobs, const std::filesystem::path& folder,
                                  const BatchOptions& options) {
  std::vector<vulkan::DeviceOptions> devices;
  const int workers = batch::workers_for_each_device(jobs);
  for (const std::string& selector : options.devices)
    devices.insert(devices.end(), size_t(workers), session::device_options(selector));
  return batch::run_batch(jobs, folder, options, devices);
}

}  // namespace impasto
