// Walks the groups of an HDF5 file and notes where its datasets lie.
#include "network/import/hdf5.h"

#include "base/shown.h"
#include "network/import/cursor.h"
#include "network/import/refuse.h"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <set>

namespace impasto::network {
namespace {

constexpr std::string_view kSignature = "\x89HDF\r\n\x1a\n";
constexpr uint64_t kNowhere = UINT64_MAX;
constexpr int kMaxDepth = 16;        // of groups, and of a group's tree
constexpr int kMaxObjects = 65'536;  // tables, trees, names and headers looked at
constexpr uint64_t kMaxMessages = 4096;
constexpr uint64_t kSymbolicLink = 2;

// Types of messages.
constexpr uint64_t kDataspace = 0x01;
constexpr uint64_t kDatatype = 0x03;
constexpr uint64_t kLayout = 0x08;
constexpr uint64_t kContinuation = 0x10;
constexpr uint64_t kSymbolTable = 0x11;

// The messages of an object that matter here.
struct Object {
  std::optional<Cursor> dataspace;
  std::optional<Cursor> datatype;
  std::optional<Cursor> layout;
  std::optional<Cursor> symbol_table;
};

// class and version, class bits, size, then for floats: bit offset, precision, places and sizes of exponent and mantissa, bias.
struct FloatType {
  Element element;
  std::array<uint64_t, 8>
      fields;  // size, offset, precision, exponent at, exponent bits, mantissa at, mantissa bits, bias
};

constexpr std::array<FloatType, 3> kFloats{{{Element::f32, {4, 0, 32, 23, 8, 0, 23, 127}},
                                            {Element::f16, {2, 0, 16, 10, 5, 0, 10, 15}},
                                            {Element::f64, {8, 0, 64, 52, 11, 0, 52, 1023}}}};

class Reader {
 public:
  Reader(std::span<const std::byte> file, std::string_view source,
         const std::function<bool(std::string_view)>& wanted)
      : file_(file), source_(source), wanted_(wanted) {}

  std::vector<FoundTensor> read() {
    const uint64_t root = root_header();
    visit(root, "", 0);
    return std::move(tensors_);
  }

 private:
  Cursor at(uint64_t address) const {
    Cursor cursor(file_, source_);
    cursor.seek(address);
    return cursor;
  }

  void expect(Cursor& cursor, std::string_view signature) const {
    if (cursor.text(signature.size()) != signature)
      refuse_damaged(source_,
                     fmt::format("has no {} at byte {}", signature, cursor.position() - signature.size()));
  }

  void count_object() {
    if (++objects_ > kMaxObjects) refuse_damaged(source_, "has more groups than any network");
  }

  uint64_t root_header() const {
    Cursor cursor(file_, source_);
    if (cursor.text(kSignature.size()) != kSignature) refuse_unsupported(source_, "is no HDF5 file");
    const uint64_t version = cursor.number(1);
    if (version > 1)
      refuse_unsupported(source_, fmt::format("is an HDF5 file with a superblock of version {}", version));
    cursor.skip(4);
    const uint64_t offset_bytes = cursor.number(1), length_bytes = cursor.number(1);
    if (offset_bytes != 8 || length_bytes != 8)
      refuse_unsupported(source_, "is an HDF5 file with addresses of another size than 64 bits");
    cursor.skip(version == 0 ? 9 : 13);
    if (cursor.number(8) != 0) refuse_unsupported(source_, "is an HDF5 file that begins inside of another");
    cursor.skip(24 + 8);  // other addresses, and the name of the root
    return cursor.number(8);
  }

  // Messages follow the header's start and continue where a message says.
  Object read_object(uint64_t address) {
    count_object();
    Cursor header = at(address);
    const uint64_t version = header.number(1);
    if (version != 1) refuse_unsupported(source_, fmt::format("has an object header of version {}", version));
    header.skip(1);
    uint64_t messages = header.number(2);
    header.skip(4);
    const uint64_t bytes = header.number(4);
    header.skip(4);
    if (messages > kMaxMessages) refuse_damaged(source_, "has an object with too many messages");
    Object object;
    std::vector<std::span<const std::byte>> blocks{header.take(bytes)};
    for (size_t i = 0; i < blocks.size() && messages > 0; ++i) {
      Cursor block(blocks[i], source_);
      for (; messages > 0 && block.left() >= 8; --messages) read_message(block, object, blocks);
    }
    return object;
  }

  void read_message(Cursor& block, Object& object, std::vector<std::span<const std::byte>>& blocks) const {
    const uint64_t type = block.number(2), size = block.number(2), flags = block.number(1);
    block.skip(3);
    Cursor data(block.take(size), source_);
    const bool shared = (flags & 2) != 0;
    if (shared && (type == kDatatype || type == kDataspace))
      refuse_unsupported(source_, "shares data types between datasets");
    switch (type) {
      case kDataspace:
        object.dataspace = data;
        break;
      case kDatatype:
        object.datatype = data;
        break;
      case kLayout:
        object.layout = data;
        break;
      case kSymbolTable:
        object.symbol_table = data;
        break;
      case kContinuation: {
        const uint64_t offset = data.number(8), length = data.number(8);
        blocks.push_back(Cursor(file_, source_).part(offset, length));
        break;
      }
      default:
        break;
    }
  }

  void visit(uint64_t address, const std::string& path, int depth) {
    if (depth > kMaxDepth) refuse_damaged(source_, "has groups in groups without an end");
    Object object = read_object(address);
    if (object.symbol_table) {
      if (!groups_.insert(address).second) return;  // a group under two names
      const uint64_t tree = object.symbol_table->number(8), heap = object.symbol_table->number(8);
      visit_tree(tree, heap_data(heap), path, depth, 0);
    } else if (object.layout && wanted_(path)) {
      add_dataset(object, path);
    }
  }

  std::span<const std::byte> heap_data(uint64_t address) const {
    Cursor heap = at(address);
    expect(heap, "HEAP");
    heap.skip(4);
    const uint64_t size = heap.number(8);
    heap.skip(8);
    return Cursor(file_, source_).part(heap.number(8), size);
  }

  void visit_tree(uint64_t address, std::span<const std::byte> names, const std::string& path, int depth,
                  int level_depth) {
    count_object();
    if (level_depth > kMaxDepth) refuse_damaged(source_, "has a tree without an end");
    Cursor node = at(address);
    expect(node, "TREE");
    const uint64_t type = node.number(1), level = node.number(1), entries = node.number(2);
    if (type != 0) refuse_damaged(source_, "has a tree of chunks where a group should be");
    node.skip(16);
    for (uint64_t i = 0; i < entries; ++i) {
      node.skip(8);  // the key
      const uint64_t child = node.number(8);
      if (level > 0) {
        visit_tree(child, names, path, depth, level_depth + 1);
      } else {
        visit_symbols(child, names, path, depth);
      }
    }
  }

  void visit_symbols(uint64_t address, std::span<const std::byte> names, const std::string& path, int depth) {
    count_object();
    Cursor node = at(address);
    expect(node, "SNOD");
    node.skip(2);
    const uint64_t symbols = node.number(2);
    for (uint64_t i = 0; i < symbols; ++i) {
      count_object();
      Cursor name(names, source_);
      name.seek(node.number(8));
      const uint64_t header = node.number(8), kind = node.number(4);
      node.skip(20);
      if (kind == kSymbolicLink) continue;
      const std::string full =
          (path.empty() ? "" : path + "/") + std::string(name.text_until('\0').substr(0, 256));
      visit(header, full, depth + 1);
    }
  }

  void add_dataset(Object& object, const std::string& path) {
    if (!object.dataspace || !object.datatype)
      refuse_damaged(source_, fmt::format("has \"{}\" without shape or type", shown(path)));
    FoundTensor tensor{path,   element_of(*object.datatype, path), shape_of(*object.dataspace, path), {}, {},
                       nullptr};
    tensor.strides = rows_last(tensor.shape);
    tensor.bytes = data_of(*object.layout, path);
    check_tensor(tensor, source_);
    tensors_.push_back(std::move(tensor));
  }

  std::vector<uint64_t> shape_of(Cursor& space, const std::string& path) const {
    const uint64_t version = space.number(1), dimensions = space.number(1);
    if (version != 1 && version != 2)
      refuse_unsupported(source_,
                         fmt::format("has \"{}\" with a dataspace of version {}", shown(path), version));
    space.skip(version == 1 ? 6 : 2);
    std::vector<uint64_t> shape;
    for (uint64_t i = 0; i < dimensions; ++i) shape.push_back(space.number(8));
    return shape;
  }

  Element element_of(Cursor& type, const std::string& path) const {
    constexpr uint64_t kFloatClass = 1;
    constexpr uint64_t kBigEndianBits = 0x41;
    const uint64_t type_class = type.number(1) & 0x0f, bits = type.number(1);
    type.skip(2);
    if (type_class == kFloatClass && (bits & kBigEndianBits) == 0) {
      const std::array<uint64_t, 8> fields{type.number(4), type.number(2), type.number(2), type.number(1),
                                           type.number(1), type.number(1), type.number(1), type.number(4)};
      for (const FloatType& known : kFloats)
        if (known.fields == fields) return known.element;
    }
    refuse_unsupported(source_,
                       fmt::format("has \"{}\" of another type than little-endian floats", shown(path)));
  }

  std::span<const std::byte> data_of(Cursor& layout, const std::string& path) const {
    const uint64_t version = layout.number(1), kind = layout.number(1);
    if (version != 3 || kind > 1)
      refuse_unsupported(source_,
                         fmt::format("has \"{}\" stored in chunks or in another new way", shown(path)));
    if (kind == 0) return layout.take(layout.number(2));
    const uint64_t address = layout.number(8), size = layout.number(8);
    if (address == kNowhere) return {};
    return Cursor(file_, source_).part(address, size);
  }

  std::span<const std::byte> file_;
  std::string_view source_;
  const std::function<bool(std::string_view)>& wanted_;
  std::set<uint64_t> groups_;
  int objects_ = 0;
  std::vector<FoundTensor> tensors_;
};

}  // namespace

std::vector<FoundTensor> read_hdf5(std::span<const std::byte> file, std::string_view source,
                                   const std::function<bool(std::string_view)>& wanted) {
  return Reader(file, source, wanted).read();
}

}  // namespace impasto::network
