// A lock between processes that ends with the process that holds it, however that ends.
#pragma once

#include "base/platform_file.h"

#include <filesystem>
#include <optional>

namespace impasto {

class FileLock {
 public:
  // Makes the file when it is not there. Nothing when another process, or another lock of this one, has it. Throws Error(input) when the
  // file cannot be made. The file stays: removing it would let two processes lock two files of one name.
  static std::optional<FileLock> take(const std::filesystem::path& file);

  ~FileLock();
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;

 private:
  explicit FileLock(platform::FileHandle handle) : handle_(handle) {}
  platform::FileHandle handle_;
};

}  // namespace impasto
