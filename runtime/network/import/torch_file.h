// State dicts of PyTorch: torch.save's zip archive (since 1.6) and its older sequence of pickles.
#pragma once

#include "network/import/tensor.h"

namespace impasto::network {

class ZipArchive;

// Tensors of float types; others (counters) are left out. Throws Error(input) as read_pickle and ZipArchive do, or when the file holds
// no dictionary of tensors or is big-endian.
std::vector<FoundTensor> read_torch_zip(const ZipArchive& archive, std::string_view source);
std::vector<FoundTensor> read_torch_legacy(std::span<const std::byte> file, std::string_view source);

}  // namespace impasto::network
