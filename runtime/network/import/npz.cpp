// Reads the Python dictionary at the head of each array by hand: it is always three known keys.
#include "network/import/npz.h"

#include "base/shown.h"
#include "network/import/cursor.h"
#include "network/import/refuse.h"
#include "network/import/zip.h"

#include <fmt/format.h>

#include <charconv>

namespace impasto::network {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";

struct Header {
  std::string type;
  bool fortran = false;
  std::vector<uint64_t> shape;
};

// The header's text: {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
class HeaderReader {
 public:
  HeaderReader(std::string_view text, std::string_view source) : text_(text), source_(source) {}

  Header read() {
    Header header;
    unsigned seen = 0;
    expect("{");
    while (!accept("}")) {
      const std::string key = quoted();
      expect(":");
      if (key == "descr") {
        header.type = quoted();
        seen |= 1;
      } else if (key == "fortran_order") {
        header.fortran = accept("True");
        if (!header.fortran) expect("False");
        seen |= 2;
      } else if (key == "shape") {
        header.shape = tuple();
        seen |= 4;
      } else {
        refuse();
      }
      if (!accept(",") && !text_.starts_with('}')) refuse();
    }
    if (seen != 7) refuse();
    return header;
  }

 private:
  [[noreturn]] void refuse() const {
    refuse_damaged(source_, "has an array with a header that NumPy does not write");
  }

  void skip_spaces() {
    while (!text_.empty() && (text_.front() == ' ' || text_.front() == '\n')) text_.remove_prefix(1);
  }

  bool accept(std::string_view token) {
    skip_spaces();
    if (!text_.starts_with(token)) return false;
    text_.remove_prefix(token.size());
    skip_spaces();
    return true;
  }

  void expect(std::string_view token) {
    if (!accept(token)) refuse();
  }

  std::string quoted() {
    expect("'");
    const size_t end = text_.find('\'');
    if (end == std::string_view::npos) refuse();
    std::string value(text_.substr(0, end));
    text_.remove_prefix(end);
    expect("'");
    return value;
  }

  std::vector<uint64_t> tuple() {
    std::vector<uint64_t> values;
    expect("(");
    while (!accept(")")) {
      uint64_t value = 0;
      const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
      if (error != std::errc{}) refuse();
      text_.remove_prefix(static_cast<size_t>(end - text_.data()));
      accept("L");  // of Python 2
      values.push_back(value);
      if (!accept(",") && !text_.starts_with(')')) refuse();
    }
    return values;
  }

  std::string_view text_;
  std::string_view source_;
};

Element element_of(const std::string& type, const std::string& name, std::string_view source) {
  if (type == "<f4") return Element::f32;
  if (type == "<f2") return Element::f16;
  if (type == "<f8") return Element::f64;
  refuse_unsupported(source, fmt::format("has \"{}\" of type \"{}\", not of little-endian floats",
                                         shown(name), shown(type)));
}

}  // namespace

FoundTensor read_npy(std::span<const std::byte> file, const std::string& name, std::string_view source) {
  Cursor cursor(file, source);
  if (cursor.text(kMagic.size()) != kMagic)
    refuse_damaged(source, fmt::format("has \"{}\" that is no array", shown(name)));
  const uint64_t version = cursor.number(1);
  cursor.skip(1);
  if (version < 1 || version > 3)
    refuse_unsupported(source,
                       fmt::format("has \"{}\" in version {} of NumPy's format", shown(name), version));
  const std::string_view text = cursor.text(cursor.number(version == 1 ? 2 : 4));
  const Header header = HeaderReader(text, source).read();
  FoundTensor tensor{
      name, element_of(header.type, name, source), header.shape, {}, cursor.take(cursor.left()), nullptr};
  tensor.strides = header.fortran ? rows_first(tensor.shape) : rows_last(tensor.shape);
  check_tensor(tensor, source);
  return tensor;
}

std::vector<FoundTensor> read_npz(const ZipArchive& archive, std::string_view source,
                                  const std::function<bool(std::string_view)>& wanted) {
  constexpr std::string_view kSuffix = ".npy";
  std::vector<FoundTensor> tensors;
  for (const std::string& member : archive.names()) {
    if (!member.ends_with(kSuffix)) continue;
    const std::string name = member.substr(0, member.size() - kSuffix.size());
    if (!wanted(name)) continue;
    const ZipArchive::Content content = archive.read(member, true);
    tensors.push_back(read_npy(content.bytes, name, source));
    tensors.back().owner = content.owner;
  }
  return tensors;
}

}  // namespace impasto::network
