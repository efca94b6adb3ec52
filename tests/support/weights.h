// Small weight files for tests, true and lying ones.
#pragma once

#include "network/layers.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace impasto::test {

// A folder of its own under the system's temporary one, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

void write_bytes(const std::filesystem::path& file, std::string_view bytes);

// The length of the header, the header as given, then the data.
std::string safetensors_bytes(std::string_view header, std::string_view data);

struct TestTensor {
  std::string name;
  std::string type = "F32";
  std::vector<uint64_t> shape;
  std::string data;
};

// A true file of these tensors, in this order.
std::string safetensors_bytes(const std::vector<TestTensor>& tensors);

// The first `layers` convolutions of the topology with the widths of its five blocks, kernels of He's
// standard deviation, small biases.
std::vector<TestTensor> random_vgg(const network::Topology& topology, const std::array<int, 5>& widths,
                                   uint64_t seed, size_t layers = 16);

}  // namespace impasto::test
