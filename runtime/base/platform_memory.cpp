// Asks the system: the kernel and the control group on Linux, the memory status on Windows, the physical memory elsewhere.
#include "base/platform_memory.h"

#include <algorithm>
#include <fstream>
#include <string>

#ifdef _WIN32
#define WIN32_LEAN_AND_MEAN
#define NOMINMAX
#include <windows.h>
#else
#include <unistd.h>
#endif

namespace impasto::platform {
namespace {

#ifndef _WIN32

// The number behind a word in a file of "word number" lines; `otherwise` when there is none.
uint64_t number_after(const char* file, const std::string& word, uint64_t otherwise) {
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) {
    if (!line.starts_with(word)) continue;
    const size_t digit = line.find_first_of("0123456789", word.size());
    return digit == std::string::npos ? otherwise : std::stoull(line.substr(digit, 18));
  }
  return otherwise;
}

uint64_t number_in(const char* file, uint64_t otherwise) {
  return number_after(file, "", otherwise);
}

// What a container may still take: its limit less what it holds, but for files that the kernel can drop from its cache.
uint64_t left_in_control_group() {
  const uint64_t limit = number_in("/sys/fs/cgroup/memory.max", UINT64_MAX);
  if (limit == UINT64_MAX) return UINT64_MAX;
  const uint64_t held = number_in("/sys/fs/cgroup/memory.current", 0);
  const uint64_t files = number_after("/sys/fs/cgroup/memory.stat", "inactive_file ", 0);
  return limit - std::min(limit, held - std::min(held, files));
}

#endif

}  // namespace

uint64_t available_memory() {
#ifdef _WIN32
  MEMORYSTATUSEX status{};
  status.dwLength = sizeof status;
  return GlobalMemoryStatusEx(&status) != 0 ? status.ullAvailPhys : UINT64_MAX;
#else
  const uint64_t kibibytes = number_after("/proc/meminfo", "MemAvailable:", 0);
  if (kibibytes > 0) return std::min(kibibytes * 1024, left_in_control_group());
  const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
  return pages > 0 && page > 0 ? uint64_t(pages) * uint64_t(page) : UINT64_MAX;
#endif
}

}  // namespace impasto::platform
