// The words of a refusal.
#include "network/import/refuse.h"

#include "impasto/error.h"

#include <fmt/format.h>

namespace impasto::network {

void refuse_damaged(std::string_view source, const std::string& what) {
  throw Error(ErrorKind::input, fmt::format("{}: {}; the file is damaged, fetch it again", source, what));
}

void refuse_unsupported(std::string_view source, const std::string& what) {
  throw Error(
      ErrorKind::input,
      fmt::format("{}: {}; use another file of these weights, or convert it to safetensors", source, what));
}

}  // namespace impasto::network
