// A weight file of any known kind: which one it is, and the tensors in it.
#pragma once

#include "network/convention.h"
#include "network/import/assemble.h"
#include "network/import/tensor.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace impasto::network {

struct WeightFile {
  std::string kind;                      // for people: "PyTorch state dict"
  std::vector<FoundTensor> tensors;      // some of them no convolutions
  std::optional<KernelLayout> usual;     // of this kind of file
  std::optional<Convention> convention;  // when the kind of file tells it
};

// Recognised by its first bytes; a Caffe model, which has none of its own, by the ending ".caffemodel". The tensors may point into
// `bytes`, which are the file's. Shards of TensorFlow.js are read from the file's folder. Throws Error(input).
WeightFile read_weight_file(const std::filesystem::path& file, std::span<const std::byte> bytes);

}  // namespace impasto::network
