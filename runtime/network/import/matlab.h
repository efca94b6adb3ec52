// MatConvNet's networks in MATLAB's level 5 files (MathWorks, "MAT-File Format"), read by hand: libmatio does not withstand hostile files.
#pragma once

#include "network/import/tensor.h"

namespace impasto::network {

// Filters and biases of the cell array "layers" of a SimpleNN, as "conv1_1.weight" (H × W × inputs × outputs) and "conv1_1.bias".
// Throws Error(input): no such variable, a big-endian or a 7.3 file, or a file that contradicts itself.
std::vector<FoundTensor> read_matconvnet(std::span<const std::byte> file, std::string_view source);

}  // namespace impasto::network
