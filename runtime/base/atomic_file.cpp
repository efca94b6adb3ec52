// A file that appears whole or not at all.
#include "base/atomic_file.h"

#include "impasto/error.h"

#include <fmt/format.h>

#include <cassert>
#include <random>
#include <string>
#include <utility>

namespace impasto {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& target, const std::string& reason) {
  throw Error(ErrorKind::input, fmt::format("cannot write '{}': {}", target.string(), reason));
}

[[noreturn]] void fail_exists(const fs::path& target) {
  fail(target, "it already exists; choose another name or pass --overwrite");
}

std::string reason_of(const std::error_code& error) {
  if (error == std::errc::no_space_on_device) {
    return "no space left on the device; free some or choose another folder";
  }
  if (error == std::errc::permission_denied || error == std::errc::operation_not_permitted) {
    return "the folder may not be written to; choose another folder";
  }
  if (error == std::errc::read_only_file_system) {
    return "the file system is read-only; choose another folder";
  }
  if (error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory) {
    return "its folder does not exist; create it or choose another";
  }
  if (error == std::errc::filename_too_long) return "the name is too long; choose a shorter one";
  if (error == std::errc::file_too_large) {
    return "the system allows no file this large; choose another folder";
  }
  return error.message() + "; choose another name or folder";
}

// Short whatever the target is called, so that the name cannot become too long by it.
std::string random_name() {
  std::random_device source;
  return fmt::format(".impasto-{:08x}{:08x}.part", source(), source());
}

void check_target(const fs::path& target, bool overwrite) {
  if (!target.has_filename()) fail(target, "it names a folder; give the name of a file");
  std::error_code error;
  const fs::file_status status = fs::status(target, error);
  if (status.type() == fs::file_type::none) fail(target, reason_of(error));
  if (!fs::exists(status)) return;
  if (fs::is_directory(status)) fail(target, "it is a folder; give the name of a file");
  if (!fs::is_regular_file(status)) fail(target, "it is not a regular file; choose another name");
  if (!overwrite) fail_exists(target);
}

}  // namespace

AtomicFile::AtomicFile(fs::path target, bool overwrite) : target_(std::move(target)), overwrite_(overwrite) {
  check_target(target_, overwrite_);
  create_temporary();
}

AtomicFile::~AtomicFile() {
  discard();
}

fs::path AtomicFile::folder() const {
  return target_.has_parent_path() ? target_.parent_path() : fs::path(".");
}

void AtomicFile::create_temporary() {
  constexpr int kAttempts = 16;
  std::error_code error;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    temporary_ = folder() / random_name();
    handle_ = platform::create_new_file(temporary_, error);
    if (handle_ != platform::kNoFile) return;
    if (error != std::errc::file_exists) break;
  }
  fail(target_, reason_of(error));
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  assert(handle_ != platform::kNoFile);
  if (const std::error_code error = platform::write_all(handle_, bytes)) fail(target_, reason_of(error));
}

void AtomicFile::commit() {
  assert(handle_ != platform::kNoFile);
  std::error_code error = platform::sync_file(handle_);
  const std::error_code close_error = platform::close_file(std::exchange(handle_, platform::kNoFile));
  if (!error) error = close_error;
  if (!error) error = platform::rename_file(temporary_, target_, overwrite_);
  if (error) {
    discard();
    if (error == std::errc::file_exists && !overwrite_) fail_exists(target_);
    fail(target_, reason_of(error));
  }
  temporary_.clear();
  platform::sync_folder(folder());
}

void AtomicFile::discard() {
  if (handle_ != platform::kNoFile) platform::close_file(std::exchange(handle_, platform::kNoFile));
  if (temporary_.empty()) return;
  std::error_code ignored;
  fs::remove(temporary_, ignored);
  temporary_.clear();
}

void write_file(const fs::path& target, std::span<const std::byte> bytes, bool overwrite) {
  AtomicFile file(target, overwrite);
  file.write(bytes);
  file.commit();
}

}  // namespace impasto
