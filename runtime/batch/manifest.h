// What is done of a batch, in a folder that any number of processes share: a file for each item, replaced whole, and a lock for each.
#pragma once

#include "base/file_lock.h"
#include "impasto/batch.h"

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace impasto::batch {

struct ItemRecord {
  std::string status;    // "running", "done" or "failed"
  std::string id;        // of settings and inputs
  std::string output;    // file name as the batch's folder sees it
  std::string replaces;  // fingerprint of the output that was there before; empty when there was none
  std::vector<std::string> inputs;  // fingerprints of the network, the content and the styles
  Job job;
  std::string picture;  // fingerprint of the output
  std::string message;
  int code = 0;
  ItemRun run;
};

// Throws Error(usage) for a record that is damaged.
ItemRecord record_from_json(std::string_view text, std::string_view source);
std::string record_to_json(const ItemRecord& record);

// Files' fingerprints, each computed once.
class Fingerprints {
 public:
  const std::string& of(const std::filesystem::path& file);

 private:
  std::mutex mutex_;
  std::map<std::filesystem::path, std::string> known_;
};

// An item that this process alone works on, as long as it lives.
struct Claim {
  size_t index = 0;
  FileLock lock;
  ItemRecord record;            // as it was written when the work began
  std::filesystem::path state;  // where the item's checkpoint is kept
  bool resume = false;          // and whether it is to be gone on from
  bool overwrite = false;       // whether the output is to replace another
};

class Manifest {
 public:
  // Makes `folder`/.impasto. Throws Error(input).
  Manifest(std::filesystem::path folder, bool resume);

  // Takes an item that nobody has and that is not done; else says in `result` what it is. Throws Error(input) for an item whose inputs
  // cannot be read.
  std::optional<Claim> claim(size_t index, const Job& job, ItemResult& result);

  // The output is there, or it will never be.
  void finish(const Claim& claim, const ItemResult& result);

 private:
  std::filesystem::path file(const Job& job, const char* extension) const;
  ItemRecord new_record(const Job& job);
  void write(const Job& job, const ItemRecord& record) const;

  std::filesystem::path folder_;
  bool resume_;
  Fingerprints fingerprints_;
};

}  // namespace impasto::batch
