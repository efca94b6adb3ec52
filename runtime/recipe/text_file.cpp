// Reads recipe and job files whole.
#include "recipe/text_file.h"

#include "base/mapped_file.h"
#include "impasto/error.h"

#include <fmt/format.h>

namespace impasto::recipe {
namespace {

constexpr size_t kMaxBytes = size_t{1} << 20;

}  // namespace

std::string read_text_file(const std::filesystem::path& file) {
  const MappedFile map(file);
  const std::span<const std::byte> bytes = map.bytes();
  if (bytes.size() > kMaxBytes)
    throw Error(ErrorKind::input,
                fmt::format("{}: has {} bytes, too many for a JSON file of settings; check the name",
                            file.string(), bytes.size()));
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace impasto::recipe
