// Writes the safetensors format (huggingface.co/docs/safetensors).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace impasto::network {

struct TensorToWrite {
  std::string name;
  std::vector<uint64_t> shape;
  std::vector<float> values;  // as many as the shape has, in C order
};

struct TensorView {
  std::string name;
  std::vector<uint64_t> shape;
  std::span<const float> values;
};

// The file as it will be, in F32, in the order given: parse_safetensors reads the same back. Appears whole or not at all. Throws
// Error(input) when it cannot be written, or exists and overwrite is off. Names must be different, valid UTF-8 and not "__metadata__".
void write_tensor_views(const std::filesystem::path& file, const std::vector<TensorView>& tensors,
                        const std::map<std::string, std::string>& metadata, bool overwrite);
void write_safetensors(const std::filesystem::path& file, const std::vector<TensorToWrite>& tensors,
                       const std::map<std::string, std::string>& metadata, bool overwrite);

}  // namespace impasto::network
