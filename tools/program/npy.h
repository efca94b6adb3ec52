// NumPy's array file format, version 1.0 (numpy.lib.format).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace impasto::cli {

// height × width × 3 float32 in C order, as the bytes of a .npy file.
std::string npy_bytes(int height, int width, const std::vector<float>& values);

// The same as a file, which appears whole or not at all. Throws Error(input) when it cannot be written or exists.
void write_npy(const std::filesystem::path& file, int height, int width, const std::vector<float>& values,
               bool overwrite);

}  // namespace impasto::cli
