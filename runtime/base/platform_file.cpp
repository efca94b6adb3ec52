// File operations that differ between systems; every such difference is in this file.
#include "base/platform_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <string>

#ifdef _WIN32
#define NOMINMAX
#include <fcntl.h>
#include <io.h>
#include <share.h>
#include <sys/stat.h>
#include <windows.h>
#else
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#endif

namespace impasto::platform {
namespace {

// Writes above 2 GiB are cut short by some systems, and Windows counts in unsigned int.
constexpr std::size_t kLargestWrite = std::size_t{1} << 30;

std::error_code last_error() {
  return {errno, std::generic_category()};
}

std::error_code result_of(int status) {
  return status == 0 ? std::error_code{} : last_error();
}

}  // namespace

#ifdef _WIN32

FileHandle create_new_file(const std::filesystem::path& file, std::error_code& error) {
  FileHandle handle = kNoFile;
  const int code = _wsopen_s(&handle, file.c_str(), _O_WRONLY | _O_CREAT | _O_EXCL | _O_BINARY, _SH_DENYWR,
                             _S_IREAD | _S_IWRITE);
  error = {code, std::generic_category()};
  return code == 0 ? handle : kNoFile;
}

FileHandle lock_file(const std::filesystem::path& file, std::error_code& error) {
  FileHandle handle = kNoFile;
  // Sharing nothing is the lock.
  const int code =
      _wsopen_s(&handle, file.c_str(), _O_RDWR | _O_CREAT | _O_BINARY, _SH_DENYRW, _S_IREAD | _S_IWRITE);
  error = code == EACCES ? std::make_error_code(std::errc::resource_unavailable_try_again)
                         : std::error_code(code, std::generic_category());
  return code == 0 ? handle : kNoFile;
}

static long long write_some(FileHandle handle, const std::byte* data, std::size_t size) {
  return _write(handle, data, static_cast<unsigned>(size));
}

std::error_code sync_file(FileHandle handle) {
  return result_of(_commit(handle));
}

std::error_code close_file(FileHandle handle) {
  return result_of(_close(handle));
}

void sync_folder(const std::filesystem::path&) {}

std::error_code rename_file(const std::filesystem::path& from, const std::filesystem::path& to,
                            bool replace) {
  const DWORD flags = MOVEFILE_WRITE_THROUGH | (replace ? MOVEFILE_REPLACE_EXISTING : 0);
  if (MoveFileExW(from.c_str(), to.c_str(), flags)) return {};
  const DWORD code = GetLastError();
  if (code == ERROR_ALREADY_EXISTS || code == ERROR_FILE_EXISTS) {
    return std::make_error_code(std::errc::file_exists);
  }
  return {static_cast<int>(code), std::system_category()};
}

static std::filesystem::path loaded_file() {
  static const int here = 0;
  HMODULE module = nullptr;
  if (!GetModuleHandleExW(
          GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
          reinterpret_cast<LPCWSTR>(&here), &module))
    return {};
  std::wstring name(32'768, L'\0');  // the longest path there is
  name.resize(GetModuleFileNameW(module, name.data(), static_cast<DWORD>(name.size())));
  return name;
}

#else

FileHandle create_new_file(const std::filesystem::path& file, std::error_code& error) {
  const int handle = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  error = handle < 0 ? last_error() : std::error_code{};
  return handle < 0 ? kNoFile : handle;
}

FileHandle lock_file(const std::filesystem::path& file, std::error_code& error) {
  const int handle = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  error = handle < 0 ? last_error() : result_of(::flock(handle, LOCK_EX | LOCK_NB));
  if (!error || handle < 0) return handle < 0 ? kNoFile : handle;
  ::close(handle);
  return kNoFile;
}

static long long write_some(FileHandle handle, const std::byte* data, std::size_t size) {
  return ::write(handle, data, size);
}

std::error_code sync_file(FileHandle handle) {
  const std::error_code error = result_of(::fsync(handle));
  // Some network and user-space file systems cannot; the bytes are written all the same.
  return error == std::errc::invalid_argument || error == std::errc::not_supported ? std::error_code{}
                                                                                   : error;
}

std::error_code close_file(FileHandle handle) {
  return result_of(::close(handle));
}

void sync_folder(const std::filesystem::path& folder) {
  const int handle = ::open(folder.c_str(), O_RDONLY | O_CLOEXEC);
  if (handle < 0) return;
  ::fsync(handle);
  ::close(handle);
}

// A hard link fails when its target exists, on every POSIX system; file systems without links leave only a
// look beforehand.
static std::error_code link_file(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (::link(from.c_str(), to.c_str()) == 0) return result_of(::unlink(from.c_str()));
  const std::error_code error = last_error();
  const bool no_links = error == std::errc::operation_not_permitted || error == std::errc::not_supported ||
                        error == std::errc::function_not_supported ||
                        error == std::errc::operation_not_supported;
  if (!no_links) return error;
  if (::access(to.c_str(), F_OK) == 0) return std::make_error_code(std::errc::file_exists);
  return result_of(std::rename(from.c_str(), to.c_str()));
}

std::error_code rename_file(const std::filesystem::path& from, const std::filesystem::path& to,
                            bool replace) {
  if (replace) return result_of(std::rename(from.c_str(), to.c_str()));
#ifdef RENAME_NOREPLACE
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return {};
  const std::error_code error = last_error();
  if (error != std::errc::invalid_argument && error != std::errc::function_not_supported) return error;
#endif
  return link_file(from, to);
}

// Of a program Linux says only what it was called as, which can be a name found in PATH.
static std::filesystem::path loaded_file() {
  static const int here = 0;
  Dl_info info{};
  if (::dladdr(&here, &info) == 0 || info.dli_fname == nullptr) return {};
  std::filesystem::path file(info.dli_fname);
  return file.is_absolute() ? file : std::filesystem::path("/proc/self/exe");
}

#endif

std::filesystem::path own_file() {
  std::error_code unknown;
  std::filesystem::path file = std::filesystem::canonical(loaded_file(), unknown);
  return unknown ? std::filesystem::path() : file;
}

std::error_code write_all(FileHandle handle, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const long long count = write_some(handle, bytes.data(), std::min(bytes.size(), kLargestWrite));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return last_error();
    if (count == 0) return std::make_error_code(std::errc::no_space_on_device);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

}  // namespace impasto::platform
