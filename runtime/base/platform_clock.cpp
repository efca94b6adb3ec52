// Asks the system for the processor time of this process.
#include "base/platform_clock.h"

#ifdef _WIN32
#define NOMINMAX
#include <windows.h>
#else
#include <ctime>
#endif

namespace impasto::platform {

#ifdef _WIN32

// std::clock() is the time on the wall here.
double processor_seconds() {
  FILETIME created, ended, kernel, user;
  if (!GetProcessTimes(GetCurrentProcess(), &created, &ended, &kernel, &user)) return 0;
  const auto seconds = [](const FILETIME& time) {
    return (double(time.dwHighDateTime) * 4294967296.0 + double(time.dwLowDateTime)) * 1e-7;
  };
  return seconds(kernel) + seconds(user);
}

#else

double processor_seconds() {
  return double(std::clock()) / CLOCKS_PER_SEC;
}

#endif

}  // namespace impasto::platform
