// The file a pipeline cache survives in. Anything but a whole file of this very driver counts as no file.
#pragma once

#include "caps.h"

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

namespace impasto::vulkan {

// One file for each device, so that two devices do not overwrite each other's.
std::filesystem::path cache_file(const std::filesystem::path& directory, const Caps& caps);

// The driver's bytes, or nothing when the file is missing, damaged or of another device, driver or version of
// this file.
std::vector<std::byte> read_cache_file(const std::filesystem::path& file, const Caps& caps);

// False when it could not be written; the old file is then untouched.
bool write_cache_file(const std::filesystem::path& file, const Caps& caps, std::span<const std::byte> data);

}  // namespace impasto::vulkan
