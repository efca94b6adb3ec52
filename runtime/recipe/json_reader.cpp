// Strict reading of JSON values into the fields of recipes and jobs.
#include "recipe/json_reader.h"

#include "base/nearest.h"
#include "base/shown.h"
#include "impasto/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

namespace impasto::recipe {
namespace {

using nlohmann::json;

constexpr int kMaxDepth = 16;

bool is_control(char c) {
  return static_cast<unsigned char>(c) < ' ';
}

[[noreturn]] void refuse_text(std::string_view source, std::string_view text, size_t position) {
  const std::string_view before = text.substr(0, position);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const size_t column = position - (before.rfind('\n') + 1);  // npos + 1 is 0
  throw Error(ErrorKind::usage,
              fmt::format("{}: is not JSON at line {}, column {}; correct it there", source, line, column));
}

// Refuses what nlohmann's document would hide: keys that stand twice; and what would cost a deep recursion.
class Guard {
 public:
  explicit Guard(std::string_view source) : source_(source) {}

  bool operator()(int depth, json::parse_event_t event, json& parsed) {
    if (depth > kMaxDepth) throw Error(ErrorKind::usage, fmt::format("{}: is nested too deeply", source_));
    if (event == json::parse_event_t::object_start) {
      keys_.emplace_back();
    } else if (event == json::parse_event_t::object_end) {
      keys_.pop_back();
    } else if (event == json::parse_event_t::key) {
      const auto& key = parsed.get_ref<const std::string&>();
      if (!keys_.back().insert(key).second)
        throw Error(ErrorKind::usage, fmt::format("{}: has \"{}\" twice; remove one", source_, shown(key)));
    }
    return true;
  }

 private:
  std::string_view source_;
  std::vector<std::set<std::string>> keys_;  // of the objects that are open
};

}  // namespace

JsonPlace JsonPlace::member(std::string_view key) const {
  return {value.at(std::string(key)), path.empty() ? std::string(key) : fmt::format("{}.{}", path, key),
          source};
}

JsonPlace JsonPlace::element(size_t index) const {
  return {value.at(index), fmt::format("{}[{}]", path, index), source};
}

void JsonPlace::refuse(std::string_view what) const {
  const std::string where = path.empty() ? "the whole" : fmt::format("\"{}\"", shown(path));
  throw Error(ErrorKind::usage, fmt::format("{}: {} {}", source, where, what));
}

json parse_json(std::string_view text, std::string_view source) {
  // The parser takes a NUL for the end of its input and would ignore what follows.
  const size_t nul = text.find('\0');
  if (nul != std::string_view::npos) refuse_text(source, text, nul);
  try {
    Guard guard(source);
    return json::parse(text.begin(), text.end(), std::ref(guard));
  } catch (const json::parse_error& error) {
    refuse_text(source, text, std::min(error.byte, text.size()));
  } catch (const json::exception&) {  // a number beyond every type
    throw Error(ErrorKind::usage, fmt::format("{}: has a number that is too large", source));
  }
}

void require_object(const JsonPlace& place) {
  if (!place.value.is_object())
    place.refuse(fmt::format("must be an object, not {}", place.value.type_name()));
}

void require_list(const JsonPlace& place) {
  if (!place.value.is_array()) place.refuse(fmt::format("must be a list, not {}", place.value.type_name()));
}

void refuse_unknown_keys(const JsonPlace& object, const std::vector<std::string>& known) {
  for (const auto& [key, value] : object.value.items()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    object.member(key).refuse(fmt::format("is no field; the nearest is \"{}\"", nearest_name(key, known)));
  }
}

void read_value(const JsonPlace& place, double& target) {
  if (!place.value.is_number())
    place.refuse(fmt::format("must be a number, not {}", place.value.type_name()));
  target = place.value.get<double>();
}

void read_value(const JsonPlace& place, int& target) {
  constexpr int64_t kMax = std::numeric_limits<int>::max();
  const json& value = place.value;
  const bool small = value.is_number_unsigned()  ? value.get<uint64_t>() <= uint64_t{kMax}
                     : value.is_number_integer() ? value.get<int64_t>() >= -kMax
                                                 : false;
  if (!small) place.refuse("must be a whole number");
  target = value.get<int>();
}

void read_value(const JsonPlace& place, uint64_t& target) {
  if (!place.value.is_number_unsigned()) place.refuse("must be a whole number from 0 to 2^64-1");
  target = place.value.get<uint64_t>();
}

void read_value(const JsonPlace& place, bool& target) {
  if (!place.value.is_boolean())
    place.refuse(fmt::format("must be true or false, not {}", place.value.type_name()));
  target = place.value.get<bool>();
}

void read_value(const JsonPlace& place, std::string& target) {
  if (!place.value.is_string()) place.refuse(fmt::format("must be a text, not {}", place.value.type_name()));
  target = place.value.get<std::string>();
}

void read_value(const JsonPlace& place, std::filesystem::path& target) {
  std::string text;
  read_value(place, text);
  target = std::filesystem::path(std::u8string(text.begin(), text.end()));  // JSON is UTF-8 everywhere
}

void read_value(const JsonPlace& place, std::array<double, 3>& target) {
  require_list(place);
  if (place.value.size() != target.size()) place.refuse("must have three numbers");
  for (size_t i = 0; i < target.size(); ++i) read_value(place.element(i), target[i]);
}

size_t read_choice(const JsonPlace& place, const std::vector<std::string>& names) {
  std::string text;
  read_value(place, text);
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end())
    place.refuse(
        fmt::format("cannot be \"{}\"; the nearest is \"{}\"", shown(text), nearest_name(text, names)));
  return static_cast<size_t>(found - names.begin());
}

void read_value(const JsonPlace& place, Recipe& target) {
  if (place.value.is_string()) {
    const std::string name = place.value.get<std::string>();
    if (std::any_of(name.begin(), name.end(), is_control))
      place.refuse(fmt::format("cannot be \"{}\", which has control characters", shown(name)));
    target = load_recipe(name);
    return;
  }
  require_object(place);
  if (place.value.contains("base")) {
    std::vector<std::string> names;
    for (const Recipe& row : recipes()) names.push_back(row.name);
    target = recipes()[read_choice(place.member("base"), names)];
  }
  read_fields(place, target, {"base"});
}

void read_value(const JsonPlace& place, StyleInput& target) {
  if (place.value.is_string()) {
    read_value(place, target.file);
  } else {
    read_fields(place, target);
  }
}

}  // namespace impasto::recipe
