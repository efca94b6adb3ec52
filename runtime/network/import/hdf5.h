// HDF5 as Keras writes it (HDF5 File Format Specification 1.1 to 2.0; superblock 0 or 1, groups in symbol tables, contiguous datasets of
// floats), read by hand: libhdf5 does not withstand hostile files.
#pragma once

#include "network/import/tensor.h"

#include <functional>

namespace impasto::network {

// Datasets that `wanted` accepts, by their path ("block1_conv1/block1_conv1/kernel:0"). Throws Error(input): a newer layout of the file, a
// wanted dataset that is chunked, compressed or not of little-endian floats, or a file that contradicts itself.
std::vector<FoundTensor> read_hdf5(std::span<const std::byte> file, std::string_view source,
                                   const std::function<bool(std::string_view)>& wanted);

}  // namespace impasto::network
