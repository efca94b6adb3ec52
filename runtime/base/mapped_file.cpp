// Memory-mapped files: the one place that knows how POSIX and Windows do it.
#include "base/mapped_file.h"

#include "impasto/error.h"

#include <system_error>

#ifdef _WIN32
#define NOMINMAX
#include <windows.h>
#else
#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace impasto {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& file, int code) {
  throw Error(ErrorKind::input, file.string() + ": cannot be read: " + std::system_category().message(code));
}

// Opening a pipe would wait for its writer, and a folder opens without complaint.
void require_regular(const std::filesystem::path& file) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(file, error);
  if (!std::filesystem::exists(status))
    throw Error(ErrorKind::input, file.string() + ": there is no such file; check the path");
  if (!std::filesystem::is_regular_file(status))
    throw Error(ErrorKind::input, file.string() + ": is not a regular file; name one");
}

#ifdef _WIN32

struct Handle {
  HANDLE value;
  ~Handle() {
    if (value != nullptr && value != INVALID_HANDLE_VALUE) CloseHandle(value);
  }
};

std::span<const std::byte> map(const std::filesystem::path& file) {
  const Handle handle{
      CreateFileW(file.c_str(), GENERIC_READ, FILE_SHARE_READ, nullptr, OPEN_EXISTING, 0, nullptr)};
  if (handle.value == INVALID_HANDLE_VALUE) refuse(file, static_cast<int>(GetLastError()));
  LARGE_INTEGER size{};
  if (!GetFileSizeEx(handle.value, &size)) refuse(file, static_cast<int>(GetLastError()));
  if (size.QuadPart == 0) return {};
  const Handle mapping{CreateFileMappingW(handle.value, nullptr, PAGE_READONLY, 0, 0, nullptr)};
  if (mapping.value == nullptr) refuse(file, static_cast<int>(GetLastError()));
  const void* address = MapViewOfFile(mapping.value, FILE_MAP_READ, 0, 0, 0);
  if (address == nullptr) refuse(file, static_cast<int>(GetLastError()));
  return {static_cast<const std::byte*>(address), static_cast<size_t>(size.QuadPart)};
}

void unmap(std::span<const std::byte> bytes) {
  UnmapViewOfFile(bytes.data());
}

#else

struct Descriptor {
  int value;
  ~Descriptor() {
    if (value >= 0) close(value);
  }
};

std::span<const std::byte> map(const std::filesystem::path& file) {
  const Descriptor descriptor{open(file.c_str(), O_RDONLY | O_CLOEXEC)};
  if (descriptor.value < 0) refuse(file, errno);
  struct stat status {};
  if (fstat(descriptor.value, &status) != 0) refuse(file, errno);
  const auto size = static_cast<size_t>(status.st_size);
  if (size == 0) return {};
  const void* address = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor.value, 0);
  if (address == MAP_FAILED) refuse(file, errno);
  return {static_cast<const std::byte*>(address), size};
}

void unmap(std::span<const std::byte> bytes) {
  munmap(const_cast<std::byte*>(bytes.data()), bytes.size());
}

#endif

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& file) {
  require_regular(file);
  bytes_ = map(file);
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) unmap(bytes_);
}

}  // namespace impasto
