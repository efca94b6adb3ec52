// Builds safetensors files in memory.
#include "support/weights.h"

#include "support/random.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <atomic>
#include <bit>
#include <chrono>
#include <cmath>
#include <fstream>

namespace impasto::test {
namespace {

std::string little_endian(uint64_t value, int bytes) {
  std::string result;
  for (int i = 0; i < bytes; ++i) result += static_cast<char>((value >> (8 * i)) & 0xff);
  return result;
}

std::string random_floats(size_t count, double bound, Random& random) {
  std::string data;
  data.reserve(count * 4);
  for (size_t i = 0; i < count; ++i) {
    const auto value = static_cast<float>(random.uniform(-bound, bound));
    data += little_endian(std::bit_cast<uint32_t>(value), 4);
  }
  return data;
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  static std::atomic<int> count{0};
  const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  path_ = std::filesystem::temp_directory_path() / fmt::format("impasto-test-{}-{}", now, count++);
  std::filesystem::create_directories(path_);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void write_bytes(const std::filesystem::path& file, std::string_view bytes) {
  std::ofstream stream(file, std::ios::binary);
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string safetensors_bytes(std::string_view header, std::string_view data) {
  return little_endian(header.size(), 8) + std::string(header) + std::string(data);
}

std::string safetensors_bytes(const std::vector<TestTensor>& tensors) {
  std::string header;
  std::string data;
  for (const TestTensor& tensor : tensors) {
    header += fmt::format(R"({}"{}":{{"dtype":"{}","shape":[{}],"data_offsets":[{},{}]}})",
                          header.empty() ? "" : ",", tensor.name, tensor.type, fmt::join(tensor.shape, ","),
                          data.size(), data.size() + tensor.data.size());
    data += tensor.data;
  }
  return safetensors_bytes("{" + header + "}", data);
}

std::vector<TestTensor> random_vgg(const network::Topology& topology, const std::array<int, 5>& widths,
                                   uint64_t seed, size_t layers) {
  Random random(seed);
  std::vector<TestTensor> tensors;
  uint64_t inputs = 3;
  for (const network::LayerId& layer : network::layers(topology)) {
    if (tensors.size() == 2 * layers) break;
    const auto outputs = static_cast<uint64_t>(widths[static_cast<size_t>(layer.block) - 1]);
    const double bound =
        std::sqrt(6.0 / (9.0 * static_cast<double>(inputs)));  // uniform of variance 2 / fan-in
    const std::string name = layer.convolution_name();
    tensors.push_back({name + ".weight",
                       "F32",
                       {outputs, inputs, 3, 3},
                       random_floats(outputs * inputs * 9, bound, random)});
    tensors.push_back({name + ".bias", "F32", {outputs}, random_floats(outputs, 0.1, random)});
    inputs = outputs;
  }
  return tensors;
}

}  // namespace impasto::test
