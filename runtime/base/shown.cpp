// Shortens and cleans names that came from a file or a flag.
#include "base/shown.h"

namespace impasto {
namespace {

constexpr size_t kMaxShown = 64;

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}  // of UTF-8
bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

}  // namespace

std::string shown(std::string_view text) {
  std::string result(text.substr(0, kMaxShown));
  if (text.size() > kMaxShown) {
    if (continues_character(text[kMaxShown])) {
      while (!result.empty() && continues_character(result.back())) result.pop_back();
      if (!result.empty()) result.pop_back();
    }
    result += "...";
  }
  for (char& c : result) {
    if (is_control(c)) c = '?';
  }
  return result;
}

}  // namespace impasto
