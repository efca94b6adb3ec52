// Finds the tensors that a state dict's pickle describes, and their storages in either container.
#include "network/import/torch_file.h"

#include "base/shown.h"
#include "network/import/pickle.h"
#include "network/import/refuse.h"
#include "network/import/zip.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>

namespace impasto::network {
namespace {

constexpr std::string_view kMagic("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19",
                                  12);  // LONG1 0x1950a86a20f9469cfc6c
constexpr int64_t kLegacyVersion = 1001;

struct Storage {
  std::string type;  // "torch.FloatStorage"
  std::string key;
  uint64_t elements = 0;
};

using Content = ZipArchive::Content;
using StorageBytes = std::function<Content(const Storage&)>;

std::optional<Element> element_of(std::string_view type) {
  if (type == "torch.FloatStorage") return Element::f32;
  if (type == "torch.HalfStorage") return Element::f16;
  if (type == "torch.BFloat16Storage") return Element::bf16;
  if (type == "torch.DoubleStorage") return Element::f64;
  return std::nullopt;
}

// A state dict's pickle with checked access to its values.
class StateDict {
 public:
  StateDict(PickleResult pickle, std::string_view source) : pickle_(std::move(pickle)), source_(source) {}

  const PickleValue& root() const { return pickle_.at(pickle_.root); }

  const PickleValue& item(const PickleValue& parent, size_t index, PickleKind kind) const {
    if (index >= parent.items.size() || pickle_.at(parent.items[index]).kind != kind)
      refuse_damaged(source_, "describes a tensor in a way that PyTorch does not");
    return pickle_.at(parent.items[index]);
  }

  bool is(const PickleValue& parent, size_t index, PickleKind kind) const {
    return pickle_.at(parent.items[index]).kind == kind;
  }

  uint64_t whole(const PickleValue& parent, size_t index) const {
    const int64_t number = item(parent, index, PickleKind::number).number;
    if (number < 0) refuse_damaged(source_, "has a negative size");
    return static_cast<uint64_t>(number);
  }

  std::vector<uint64_t> numbers(const PickleValue& parent, size_t index) const {
    const PickleValue& list = item(parent, index, PickleKind::sequence);
    std::vector<uint64_t> values;
    for (size_t i = 0; i < list.items.size(); ++i) values.push_back(whole(list, i));
    return values;
  }

  // ("storage", class, key, device, elements)
  Storage storage(const PickleValue& value) const {
    if (item(value, 0, PickleKind::text).text != "storage")
      refuse_unsupported(source_, "refers to something else than a storage");
    return {item(value, 1, PickleKind::global).text, item(value, 2, PickleKind::text).text, whole(value, 4)};
  }

 private:
  PickleResult pickle_;
  std::string_view source_;
};

// (storage, first element, shape, strides, …)
FoundTensor found_tensor(const StateDict& dict, const std::string& name, const PickleValue& value,
                         Element element, const Content& content, std::string_view source) {
  FoundTensor tensor{name,          element,      dict.numbers(value, 2), dict.numbers(value, 3),
                     content.bytes, content.owner};
  if (tensor.strides.size() != tensor.shape.size())
    refuse_damaged(source, fmt::format("gives \"{}\" strides of other dimensions", shown(name)));
  const uint64_t first = dict.whole(value, 1);
  if (first > tensor.bytes.size() / bytes_of(element))
    refuse_damaged(source, fmt::format("lets \"{}\" begin outside of its storage", shown(name)));
  tensor.bytes = tensor.bytes.subspan(static_cast<size_t>(first * bytes_of(element)));
  check_tensor(tensor, source);
  return tensor;
}

std::vector<FoundTensor> tensors_of(const StateDict& dict, const StorageBytes& bytes_of_storage,
                                    std::string_view source) {
  const PickleValue& root = dict.root();
  std::vector<FoundTensor> tensors;
  if (root.kind != PickleKind::dictionary) refuse_unsupported(source, "holds no state dict");
  for (size_t i = 0; i + 1 < root.items.size(); i += 2) {
    if (!dict.is(root, i, PickleKind::text) || !dict.is(root, i + 1, PickleKind::tensor)) continue;
    const PickleValue& value = dict.item(root, i + 1, PickleKind::tensor);
    const Storage storage = dict.storage(dict.item(value, 0, PickleKind::storage));
    const std::optional<Element> element = element_of(storage.type);
    if (!element) continue;
    const Content content = bytes_of_storage(storage);
    if (content.bytes.size() / bytes_of(*element) < storage.elements)
      refuse_damaged(source, fmt::format("has storage \"{}\" shorter than it says", shown(storage.key)));
    tensors.push_back(
        found_tensor(dict, dict.item(root, i, PickleKind::text).text, value, *element, content, source));
  }
  if (tensors.empty()) refuse_unsupported(source, "holds no state dict with tensors");
  return tensors;
}

// Where each storage's bytes are in the older format: keys in a list, then for each a count and its elements.
std::map<std::string, std::span<const std::byte>> legacy_storages(
    Cursor& cursor, const std::map<std::string, std::string>& types) {
  const StateDict keys(read_pickle(cursor), cursor.source());
  std::map<std::string, std::span<const std::byte>> storages;
  for (size_t i = 0; i < keys.root().items.size(); ++i) {
    const std::string& key = keys.item(keys.root(), i, PickleKind::text).text;
    const auto type = types.find(key);
    if (type == types.end())
      refuse_damaged(cursor.source(), fmt::format("lists an unknown storage \"{}\"", shown(key)));
    const bool is_whole = type->second == "torch.IntStorage";
    const uint64_t size = type->second == "torch.LongStorage" ? 8
                          : is_whole                          ? 4
                                     : bytes_of(element_of(type->second).value_or(Element::u8));
    const uint64_t elements = cursor.number(8);
    if (elements > cursor.left() / size)
      refuse_damaged(cursor.source(), fmt::format("ends inside storage \"{}\"", shown(key)));
    storages[key] = cursor.take(elements * size);
  }
  return storages;
}

// Every storage that a tensor of the dictionary uses, with its type.
std::map<std::string, std::string> storage_types(const StateDict& dict) {
  std::map<std::string, std::string> types;
  const PickleValue& root = dict.root();
  if (root.kind != PickleKind::dictionary) return types;
  for (size_t i = 1; i < root.items.size(); i += 2) {
    if (!dict.is(root, i, PickleKind::tensor)) continue;
    const Storage storage =
        dict.storage(dict.item(dict.item(root, i, PickleKind::tensor), 0, PickleKind::storage));
    types[storage.key] = storage.type;
  }
  return types;
}

void check_legacy_start(Cursor& cursor) {
  cursor.skip(2);  // PROTO and its number
  if (cursor.text(kMagic.size()) != kMagic || cursor.text(1) != ".")
    refuse_unsupported(cursor.source(), "is a pickle, but not one of torch.save");
  const StateDict version(read_pickle(cursor), cursor.source());
  if (version.root().kind != PickleKind::number || version.root().number != kLegacyVersion)
    refuse_unsupported(cursor.source(), "is of an unknown version of torch.save");
  const StateDict system(read_pickle(cursor), cursor.source());
  for (size_t i = 0; i + 1 < system.root().items.size(); i += 2) {
    if (!system.is(system.root(), i, PickleKind::text) ||
        system.item(system.root(), i, PickleKind::text).text != "little_endian")
      continue;
    if (system.whole(system.root(), i + 1) != 1)
      refuse_unsupported(cursor.source(), "was written on a big-endian computer");
  }
}

}  // namespace

std::vector<FoundTensor> read_torch_zip(const ZipArchive& archive, std::string_view source) {
  constexpr std::string_view kPickle = "data.pkl";
  std::string folder;
  for (const std::string& name : archive.names())
    if (name == kPickle || name.ends_with(fmt::format("/{}", kPickle)))
      folder = name.substr(0, name.size() - kPickle.size());
  if (archive.has(folder + "byteorder") &&
      as_text(archive.read(folder + "byteorder", false).bytes) != "little")
    refuse_unsupported(source, "was written on a big-endian computer");
  const Content pickle = archive.read(folder + std::string(kPickle), false);
  Cursor cursor(pickle.bytes, source);
  const StateDict dict(read_pickle(cursor), source);
  std::map<std::string, Content> read;
  return tensors_of(
      dict,
      [&](const Storage& storage) {
        const auto [content, is_new] = read.try_emplace(storage.key);
        if (is_new) content->second = archive.read(folder + "data/" + storage.key, false);
        return content->second;
      },
      source);
}

std::vector<FoundTensor> read_torch_legacy(std::span<const std::byte> file, std::string_view source) {
  Cursor cursor(file, source);
  check_legacy_start(cursor);
  const StateDict dict(read_pickle(cursor), source);
  const auto storages = legacy_storages(cursor, storage_types(dict));
  return tensors_of(
      dict,
      [&](const Storage& storage) {
        const auto found = storages.find(storage.key);
        if (found == storages.end())
          refuse_damaged(source, fmt::format("lacks storage \"{}\"", shown(storage.key)));
        return Content{found->second, nullptr};
      },
      source);
}

}  // namespace impasto::network
