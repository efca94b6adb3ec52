// A tensor as an importer finds it: where its numbers are and how they are stored, not yet read.
#pragma once

#include "network/import/inflate.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace impasto::network {

enum class Element { f32, f16, bf16, f64, u8, u16 };

uint64_t bytes_of(Element element);

struct FoundTensor {
  std::string name;  // as in the file, its groups separated by '/' or '.'
  Element element = Element::f32;
  std::vector<uint64_t> shape;
  std::vector<uint64_t> strides;     // in elements
  std::span<const std::byte> bytes;  // little-endian; element (0, 0, …) is the first
  OwnedBytes owner;                  // keeps the bytes alive when they are not the file's own
  double scale = 1;                  // a value is scale·stored + minimum
  double minimum = 0;
};

// Strides of C order and of Fortran order.
std::vector<uint64_t> rows_last(const std::vector<uint64_t>& shape);
std::vector<uint64_t> rows_first(const std::vector<uint64_t>& shape);

// Throws Error(input), naming the tensor: more than eight dimensions, more elements than its bytes can hold, or one outside of them.
void check_tensor(const FoundTensor& tensor, std::string_view source);

uint64_t element_count(const FoundTensor& tensor);

// Of a checked tensor, in C order of the axes in the order given: {3, 2, 0, 1} makes OIHW of HWIO.
std::vector<float> read_values(const FoundTensor& tensor, const std::vector<size_t>& axes);

// In its own order.
std::vector<float> read_values(const FoundTensor& tensor);

}  // namespace impasto::network
