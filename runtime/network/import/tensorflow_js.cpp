// Lays the tensors of each group of a manifest over its shards.
#include "network/import/tensorflow_js.h"

#include "base/shown.h"
#include "network/import/cursor.h"
#include "network/import/refuse.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <optional>

namespace impasto::network {
namespace {

using nlohmann::json;

constexpr int kMaxDepth = 64;
constexpr size_t kMaxGroupBytes = size_t{1} << 31;
constexpr size_t kMaxJsonBytes = size_t{16} << 20;

[[noreturn]] void refuse_json(std::string_view source, std::string_view what) {
  refuse_unsupported(source, fmt::format("is no model.json of TensorFlow.js: {}", what));
}

json parse(std::string_view text, std::string_view source) {
  if (text.size() > kMaxJsonBytes) refuse_json(source, "it is too long");
  const auto check_depth = [&](int depth, json::parse_event_t, json&) {
    if (depth > kMaxDepth) refuse_json(source, "it is nested too deeply");
    return true;
  };
  json value = json::parse(text.begin(), text.end(), check_depth, false);
  if (value.is_discarded() || !value.is_object()) refuse_json(source, "it is no JSON object");
  return value;
}

const json& member(const json& object, const char* key, json::value_t type, std::string_view source) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || found == object.end() || found->type() != type)
    refuse_json(source, fmt::format("\"{}\" is missing or of another type", key));
  return *found;
}

const std::string& text_member(const json& object, const char* key, std::string_view source) {
  return member(object, key, json::value_t::string, source).get_ref<const std::string&>();
}

double number_member(const json& object, const char* key, std::string_view source) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number() || !std::isfinite(found->get<double>()))
    refuse_json(source, fmt::format("\"{}\" is missing or no number", key));
  return found->get<double>();
}

std::vector<uint64_t> shape_member(const json& object, std::string_view source) {
  std::vector<uint64_t> shape;
  for (const json& side : member(object, "shape", json::value_t::array, source)) {
    if (!side.is_number_unsigned()) refuse_json(source, "a shape is not of whole numbers");
    shape.push_back(side.get<uint64_t>());
  }
  return shape;
}

// Nothing for types that no convolution has; `bytes` is then what one element takes.
std::optional<Element> element_of(const std::string& type, uint64_t& bytes, std::string_view source) {
  bytes = 4;
  if (type == "float32") return Element::f32;
  if (type == "int32") return std::nullopt;
  if (type == "float16" || type == "uint16")
    return bytes = 2, type == "float16" ? Element::f16 : Element::u16;
  bytes = 1;
  if (type == "uint8") return Element::u8;
  if (type == "bool") return std::nullopt;
  refuse_json(source, fmt::format("it has a tensor of type \"{}\"", shown(type)));
}

// A name in the same folder, so that no file elsewhere can be asked for.
void check_shard_name(const std::string& name, std::string_view source) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  };
  if (name.empty() || name.front() == '.' || !std::all_of(name.begin(), name.end(), plain))
    refuse_json(source, fmt::format("the shard \"{}\" is no plain name in the same folder", shown(name)));
}

// The shards of a group as one run of bytes.
std::vector<std::byte> read_shards(const json& group, std::string_view source, const ReadShard& read_shard) {
  std::vector<std::byte> bytes;
  for (const json& path : member(group, "paths", json::value_t::array, source)) {
    if (!path.is_string()) refuse_json(source, "a path is no text");
    check_shard_name(path.get_ref<const std::string&>(), source);
    const std::span<const std::byte> shard = read_shard(path.get_ref<const std::string&>());
    if (shard.size() > kMaxGroupBytes - bytes.size())
      refuse_json(source, "its shards are larger than any network");
    bytes.insert(bytes.end(), shard.begin(), shard.end());
  }
  return bytes;
}

void read_group(const json& group, std::string_view source, const ReadShard& read_shard,
                std::vector<FoundTensor>& tensors) {
  const auto owner = std::make_shared<const std::vector<std::byte>>(read_shards(group, source, read_shard));
  Cursor cursor(*owner, source);
  for (const json& weight : member(group, "weights", json::value_t::array, source)) {
    FoundTensor tensor;
    tensor.name = text_member(weight, "name", source);
    tensor.shape = shape_member(weight, source);
    tensor.strides = rows_last(tensor.shape);
    std::string type = text_member(weight, "dtype", source);
    if (const auto quantised = weight.find("quantization"); quantised != weight.end()) {
      type = text_member(*quantised, "dtype", source);
      if (type != "float16") {
        tensor.scale = number_member(*quantised, "scale", source);
        tensor.minimum = number_member(*quantised, "min", source);
      }
    }
    uint64_t element_bytes = 0;
    const std::optional<Element> element = element_of(type, element_bytes, source);
    uint64_t count = 1;
    for (const uint64_t side : tensor.shape) {
      if (side != 0 && count > cursor.left() / side)
        refuse_damaged(source, fmt::format("has shards too short for \"{}\"", shown(tensor.name)));
      count *= side;
    }
    tensor.bytes = cursor.take(count * element_bytes);
    if (!element) continue;
    tensor.element = *element;
    tensor.owner = owner;
    check_tensor(tensor, source);
    tensors.push_back(std::move(tensor));
  }
  if (!cursor.at_end()) refuse_damaged(source, "has shards with more bytes than its tensors");
}

}  // namespace

std::vector<FoundTensor> read_tensorflow_js(std::string_view text, std::string_view source,
                                            const ReadShard& read_shard) {
  const json model = parse(text, source);
  std::vector<FoundTensor> tensors;
  for (const json& group : member(model, "weightsManifest", json::value_t::array, source))
    read_group(group, source, read_shard, tensors);
  return tensors;
}

}  // namespace impasto::network
