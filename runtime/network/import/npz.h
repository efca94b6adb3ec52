// NumPy's archives: zip files of arrays in the .npy format, versions 1.0 to 3.0 (numpy.lib.format).
#pragma once

#include "network/import/tensor.h"

#include <functional>

namespace impasto::network {

class ZipArchive;

// Arrays that `wanted` accepts by name, without ".npy". Throws Error(input): not an array, or not of little-endian floats.
std::vector<FoundTensor> read_npz(const ZipArchive& archive, std::string_view source,
                                  const std::function<bool(std::string_view)>& wanted);

// One .npy file; the tensor's bytes point into it.
FoundTensor read_npy(std::span<const std::byte> file, const std::string& name, std::string_view source);

}  // namespace impasto::network
