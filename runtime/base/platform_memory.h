// How much memory the machine has left. The other file with code for one platform is platform_file.cpp.
#pragma once

#include <cstdint>

namespace impasto::platform {

// Bytes that a program may still take before the system ends it or begins to swap; UINT64_MAX when the system does not say.
uint64_t available_memory();

}  // namespace impasto::platform
