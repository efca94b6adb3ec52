// Takes and releases locks.
#include "base/file_lock.h"

#include "impasto/error.h"

#include <fmt/format.h>

#include <utility>

namespace impasto {

std::optional<FileLock> FileLock::take(const std::filesystem::path& file) {
  std::error_code error;
  const platform::FileHandle handle = platform::lock_file(file, error);
  if (handle != platform::kNoFile) return FileLock(handle);
  if (error == std::errc::resource_unavailable_try_again) return std::nullopt;
  throw Error(ErrorKind::input,
              fmt::format("cannot lock '{}': {}; choose another folder", file.string(), error.message()));
}

FileLock::FileLock(FileLock&& other) noexcept : handle_(std::exchange(other.handle_, platform::kNoFile)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(handle_, other.handle_);
  return *this;
}

FileLock::~FileLock() {
  if (handle_ != platform::kNoFile) platform::close_file(handle_);
}

}  // namespace impasto
