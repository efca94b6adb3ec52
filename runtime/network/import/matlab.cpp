// Picks the convolutions out of MatConvNet's layers.
#include "network/import/matlab.h"

#include "network/import/cursor.h"
#include "network/import/matlab_array.h"
#include "network/import/refuse.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace impasto::network {
namespace {

// Characters as MATLAB (16 bits) and others (8 bits) store them; nothing when one is not ASCII.
std::optional<std::string> text_of(const MatlabArray* array, std::string_view source) {
  constexpr uint64_t kUint16 = 4;
  if (array == nullptr || array->kind != MatlabKind::text) return std::nullopt;
  const int size = array->type == kUint16 ? 2 : 1;
  std::string text;
  Cursor cursor(array->bytes, source);
  while (cursor.left() >= static_cast<uint64_t>(size)) {
    const uint64_t character = cursor.number(size);
    if (character < ' ' || character > '~') return std::nullopt;
    text += static_cast<char>(character);
  }
  return text;
}

std::optional<FoundTensor> tensor_of(const MatlabArray& array, const std::string& name,
                                     const OwnedBytes& owner, std::string_view source) {
  if (array.kind != MatlabKind::numeric || (array.type != kMatlabSingle && array.type != kMatlabDouble))
    return std::nullopt;
  FoundTensor tensor{name,        array.type == kMatlabSingle ? Element::f32 : Element::f64,
                     array.shape, rows_first(array.shape),
                     array.bytes, owner};
  check_tensor(tensor, source);
  return tensor;
}

// Newer files keep both in the cell "weights", older ones in "filters" and "biases".
std::vector<const MatlabArray*> parameters_of(const MatlabArray& layer) {
  const MatlabArray* weights = layer.field("weights");
  if (weights != nullptr && weights->kind == MatlabKind::cell && weights->items.size() >= 2)
    return {&weights->items[0], &weights->items[1]};
  const MatlabArray* filters = layer.field("filters");
  const MatlabArray* biases = layer.field("biases");
  if (filters != nullptr && biases != nullptr) return {filters, biases};
  return {};
}

}  // namespace

std::vector<FoundTensor> read_matconvnet(std::span<const std::byte> bytes, std::string_view source) {
  const MatlabFile file = read_matlab(bytes, source);
  const auto layers = std::find_if(
      file.variables.begin(), file.variables.end(),
      [](const MatlabArray& array) { return array.name == "layers" && array.kind == MatlabKind::cell; });
  if (layers == file.variables.end())
    refuse_unsupported(source, "has no cell array \"layers\" as MatConvNet's simple networks do");
  const auto owner_of = [&](const MatlabArray& array) -> OwnedBytes {
    for (const OwnedBytes& owner : file.owners)
      if (array.bytes.data() >= owner->data() && array.bytes.data() < owner->data() + owner->size())
        return owner;
    return nullptr;
  };
  std::vector<FoundTensor> tensors;
  for (const MatlabArray& layer : layers->items) {
    const std::optional<std::string> name = text_of(layer.field("name"), source);
    const std::vector<const MatlabArray*> parameters = parameters_of(layer);
    if (!name || parameters.empty()) continue;
    for (size_t i = 0; i < parameters.size(); ++i) {
      auto tensor = tensor_of(*parameters[i], fmt::format("{}.{}", *name, i == 0 ? "weight" : "bias"),
                              owner_of(*parameters[i]), source);
      if (tensor) tensors.push_back(std::move(*tensor));
    }
  }
  return tensors;
}

}  // namespace impasto::network
