// A file that appears whole or not at all.
#pragma once

#include "base/platform_file.h"

#include <filesystem>
#include <span>

namespace impasto {

// Bytes go to a hidden file in the target's folder; commit() puts them on the medium and gives the file its
// name in one step. Without a commit nothing is left behind. Everything throws Error(input) naming the
// target, the reason and a way out.
class AtomicFile {
 public:
  // Throws when the folder is missing or not writable, when the target is there and overwrite is off, or when
  // the target is something a rename must not replace (a folder, a device).
  AtomicFile(std::filesystem::path target, bool overwrite);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::span<const std::byte> bytes);

  // With overwrite off, a target that has appeared since the start is kept and this throws.
  void commit();

 private:
  std::filesystem::path folder() const;
  void create_temporary();
  void discard();

  std::filesystem::path target_;
  std::filesystem::path temporary_;
  bool overwrite_;
  platform::FileHandle handle_ = platform::kNoFile;
};

void write_file(const std::filesystem::path& target, std::span<const std::byte> bytes, bool overwrite);

}  // namespace impasto
