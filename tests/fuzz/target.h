// What all fuzz targets share: an input is refused with an Error, or taken; anything else is a finding.
#pragma once

#include "impasto/error.h"
#include "network/import/assemble.h"
#include "network/import/names.h"
#include "network/import/tensor.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Named by libFuzzer.
// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace impasto::fuzz {

constexpr std::string_view kSource = "input";

inline std::span<const std::byte> bytes_of(const uint8_t* data, size_t size) {
  return std::as_bytes(std::span(data, size));
}

inline std::string_view text_of(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

inline bool wanted(std::string_view name) {
  return network::parse_parameter(name).has_value();
}

// Errors must be one line.
template <class Operation>
int run(Operation operation) {
  try {
    operation();
  } catch (const Error& error) {
    if (std::string_view(error.what()).find('\n') != std::string_view::npos) std::abort();
  }
  return 0;
}

// Makes a network of what an importer found, reading every value that a network needs.
inline void assemble(const std::vector<network::FoundTensor>& tensors) {
  network::assemble_network(tensors, std::nullopt, network::KernelLayout::hwio, kSource);
}

}  // namespace impasto::fuzz
