// Bounds and decoding of tensors with strides.
#include "network/import/tensor.h"

#include "base/half_float.h"
#include "base/shown.h"
#include "network/import/refuse.h"

#include <fmt/format.h>

#include <bit>
#include <cassert>
#include <numeric>
#include <optional>

namespace impasto::network {
namespace {

constexpr size_t kMaxDimensions = 8;

std::optional<uint64_t> product(const std::vector<uint64_t>& shape) {
  uint64_t count = 1;
  for (const uint64_t side : shape) {
    if (side != 0 && count > UINT64_MAX / side) return std::nullopt;
    count *= side;
  }
  return count;
}

// Index of the last element; nothing when it does not fit 64 bits. No side may be 0.
std::optional<uint64_t> last_index(const FoundTensor& tensor) {
  uint64_t last = 0;
  for (size_t i = 0; i < tensor.shape.size(); ++i) {
    const uint64_t steps = tensor.shape[i] - 1;
    if (steps != 0 && tensor.strides[i] > (UINT64_MAX - last) / steps) return std::nullopt;
    last += steps * tensor.strides[i];
  }
  return last;
}

double stored_value(const FoundTensor& tensor, uint64_t index) {
  const uint64_t size = bytes_of(tensor.element);
  const uint64_t bits = little_endian(tensor.bytes.data() + index * size, static_cast<int>(size));
  switch (tensor.element) {
    case Element::f32:
      return std::bit_cast<float>(static_cast<uint32_t>(bits));
    case Element::f16:
      return half_to_float(static_cast<uint32_t>(bits));
    case Element::bf16:
      return brain_to_float(static_cast<uint32_t>(bits));
    case Element::f64:
      return std::bit_cast<double>(bits);
    case Element::u8:
    case Element::u16:
      return static_cast<double>(bits);
  }
  return 0;
}

}  // namespace

uint64_t bytes_of(Element element) {
  switch (element) {
    case Element::f64:
      return 8;
    case Element::f32:
      return 4;
    case Element::f16:
    case Element::bf16:
    case Element::u16:
      return 2;
    case Element::u8:
      return 1;
  }
  return 1;
}

// Overflow is no concern here: check_tensor looks at the shape before anybody uses the strides.
std::vector<uint64_t> rows_last(const std::vector<uint64_t>& shape) {
  std::vector<uint64_t> strides(shape.size());
  uint64_t stride = 1;
  for (size_t i = shape.size(); i-- > 0;) {
    strides[i] = stride;
    stride *= shape[i];
  }
  return strides;
}

std::vector<uint64_t> rows_first(const std::vector<uint64_t>& shape) {
  std::vector<uint64_t> strides(shape.size());
  uint64_t stride = 1;
  for (size_t i = 0; i < shape.size(); ++i) {
    strides[i] = stride;
    stride *= shape[i];
  }
  return strides;
}

void check_tensor(const FoundTensor& tensor, std::string_view source) {
  assert(tensor.strides.size() == tensor.shape.size());
  if (tensor.shape.size() > kMaxDimensions)
    refuse_damaged(source,
                   fmt::format("gives \"{}\" {} dimensions", shown(tensor.name), tensor.shape.size()));
  const uint64_t available = tensor.bytes.size() / bytes_of(tensor.element);
  const std::optional<uint64_t> count = product(tensor.shape);
  if (!count || *count > available)
    refuse_damaged(source, fmt::format("gives \"{}\" more elements than its {} bytes hold",
                                       shown(tensor.name), tensor.bytes.size()));
  if (*count == 0) return;
  const std::optional<uint64_t> last = last_index(tensor);
  if (!last || *last >= available)
    refuse_damaged(source, fmt::format("places elements of \"{}\" outside of its {} bytes",
                                       shown(tensor.name), tensor.bytes.size()));
}

uint64_t element_count(const FoundTensor& tensor) {
  return product(tensor.shape).value_or(0);
}

std::vector<float> read_values(const FoundTensor& tensor, const std::vector<size_t>& axes) {
  assert(axes.size() == tensor.shape.size());
  std::vector<float> values(static_cast<size_t>(element_count(tensor)));
  std::vector<uint64_t> at(axes.size());
  uint64_t index = 0;
  for (float& value : values) {
    value = static_cast<float>(tensor.scale * stored_value(tensor, index) + tensor.minimum);
    for (size_t i = axes.size(); i-- > 0;) {
      index += tensor.strides[axes[i]];
      if (++at[i] < tensor.shape[axes[i]]) break;
      index -= at[i] * tensor.strides[axes[i]];
      at[i] = 0;
    }
  }
  return values;
}

std::vector<float> read_values(const FoundTensor& tensor) {
  std::vector<size_t> axes(tensor.shape.size());
  std::iota(axes.begin(), axes.end(), size_t{0});
  return read_values(tensor, axes);
}

}  // namespace impasto::network
