// Fills patterns in.
#include "batch/name_pattern.h"

#include "base/nearest.h"
#include "base/shown.h"
#include "impasto/error.h"

#include <fmt/format.h>

#include <algorithm>

namespace impasto::batch {
namespace {

std::string with_underscores(std::string key) {
  std::replace(key.begin(), key.end(), '-', '_');
  return key;
}

// What a file may be called: without what would make folders of it.
std::string file_part(std::string text) {
  for (char& c : text)
    if (c == '/' || c == '\\' || c == ':' || static_cast<unsigned char>(c) < ' ') c = '_';
  return text;
}

}  // namespace

std::string filled(const std::string& flag, const std::string& pattern, const std::vector<Value>& values) {
  std::string name;
  for (size_t at = 0; at < pattern.size();) {
    if (pattern[at] != '{') {
      name += pattern[at++];
      continue;
    }
    const size_t end = pattern.find('}', at);
    const std::string key = pattern.substr(at + 1, end == std::string::npos ? end : end - at - 1);
    const auto found = std::find_if(values.begin(), values.end(), [&](const Value& value) {
      return with_underscores(value.key) == with_underscores(key) ||
             with_underscores(value.key).ends_with("_" + with_underscores(key));
    });
    if (end == std::string::npos || found == values.end()) {
      std::vector<std::string> keys;
      keys.reserve(values.size());
      for (const Value& value : values) keys.push_back(value.key);
      throw Error(ErrorKind::usage, fmt::format("{} {}: {{{}}} is nothing an item has; the nearest is {{{}}}",
                                                flag, shown(pattern), shown(key), nearest_name(key, keys)));
    }
    name += file_part(found->text);
    at = end + 1;
  }
  return name;
}

}  // namespace impasto::batch
