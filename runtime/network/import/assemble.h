// Makes a network out of the tensors that an importer found.
#pragma once

#include "network/import/tensor.h"
#include "network/safetensors_writer.h"

#include <optional>
#include <string_view>
#include <vector>

namespace impasto::network {

enum class KernelLayout { oihw, hwio };

// The convolutions' tensors in the order of evaluation, as a Network has them: "convB_N.weight" OIHW and "convB_N.bias" O. Others are left
// out. Without a layout, the shapes decide; `usual` is what decides when they fit both.
// Throws Error(input): no convolution of VGG, two tensors for one parameter, or shapes that fit neither layout; Error(usage) when the
// layout cannot be told and there is no usual one.
std::vector<TensorToWrite> assemble_network(const std::vector<FoundTensor>& found,
                                            std::optional<KernelLayout> layout,
                                            std::optional<KernelLayout> usual, std::string_view source);

}  // namespace impasto::network
