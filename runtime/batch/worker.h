// One device's share of a batch: claims items one after another, and decodes the next and encodes the last while it computes.
#pragma once

#include "batch/manifest.h"
#include "impasto/batch.h"
#include "impasto/error.h"
#include "session/run.h"

#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace impasto::batch {

// What the workers of a process share.
class Work {
 public:
  Work(const std::vector<Job>& jobs, Manifest& manifest, const BatchOptions& options);

  const Job& job(size_t index) const { return (*jobs_)[index]; }
  Manifest& manifest() { return *manifest_; }

  // The next item of this shard; nothing when there is none, or the batch is to end.
  std::optional<size_t> next();
  bool stopped();
  bool save_now();
  void tell_progress(size_t index, const Progress& progress);
  void tell(const ItemResult& result);
  std::vector<ItemResult> results() { return std::move(results_); }

 private:
  const std::vector<Job>* jobs_;
  Manifest* manifest_;
  const BatchOptions* options_;
  std::mutex mutex_;
  size_t next_;
  std::vector<ItemResult> results_;  // of this shard, in order
};

class Worker {
 public:
  explicit Worker(vulkan::DeviceOptions options);

  // Until no item is left. Throws Error(device) when the device does not come back.
  void run(Work& work);

 private:
  struct Item {
    Claim claim;
    std::future<session::JobPictures> pictures;
  };

  std::optional<Item> take();
  void finish(Item item);
  // True when the item has ended, one way or the other; false when the device was lost.
  bool attempt(Item& item, bool last);
  void compute(Item& item, ItemResult& result);
  void iterate(session::Run& run, Item& item, ItemResult& result);
  void encode(session::Run& run, Item& item, const ItemResult& result);
  void fail(const Claim& claim, ItemResult result, const Error& error);

  Work* work_ = nullptr;
  vulkan::DeviceOptions options_;
  std::shared_ptr<session::Shared> shared_;
  std::future<void> encoding_;
  int lost_in_a_row_ = 0;  // items
};

}  // namespace impasto::batch
