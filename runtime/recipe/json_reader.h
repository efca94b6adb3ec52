// JSON that a person wrote: read strictly, and refused with the path of what is wrong.
#pragma once

#include "recipe/fields.h"
#include "recipe/names.h"

#include <nlohmann/json.hpp>

#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace impasto::recipe {

// A value, where it stands ("optimizer.beta1", "stages[0]"; empty for the whole text), and the file it is from.
struct JsonPlace {
  const nlohmann::json& value;
  std::string path;
  std::string_view source;

  JsonPlace member(std::string_view key) const;
  JsonPlace element(size_t index) const;

  // Throws Error(usage): "<source>: "<path>" <what>".
  [[noreturn]] void refuse(std::string_view what) const;
};

// Throws Error(usage) with line and column of what is not JSON, with the path of a key that stands twice, or when the text is deeply nested.
nlohmann::json parse_json(std::string_view text, std::string_view source);

void require_object(const JsonPlace& place);
void require_list(const JsonPlace& place);

// Throws Error(usage) for a key that is none of these, with the nearest one.
void refuse_unknown_keys(const JsonPlace& object, const std::vector<std::string>& known);

void read_value(const JsonPlace& place, double& target);
void read_value(const JsonPlace& place, int& target);
void read_value(const JsonPlace& place, uint64_t& target);
void read_value(const JsonPlace& place, bool& target);
void read_value(const JsonPlace& place, std::string& target);
void read_value(const JsonPlace& place, std::filesystem::path& target);
void read_value(const JsonPlace& place, std::array<double, 3>& target);

// The index of the text among names. Throws Error(usage) with the nearest.
size_t read_choice(const JsonPlace& place, const std::vector<std::string>& names);

template <class Enum>
requires std::is_enum_v<Enum>
void read_value(const JsonPlace& place, Enum& target) {
  const auto& names = Names<Enum>::value;
  target = static_cast<Enum>(read_choice(place, std::vector<std::string>(names.begin(), names.end())));
}

// Fields of target that the object leaves out keep their values.
template <class Struct>
requires std::is_class_v<Struct>
void read_value(const JsonPlace& place, Struct& target);

template <class Element>
void read_value(const JsonPlace& place, std::vector<Element>& target) {
  require_list(place);
  target.clear();
  for (size_t i = 0; i < place.value.size(); ++i) read_value(place.element(i), target.emplace_back());
}

// Reads the fields that visit_fields offers and that the object has; keys in `extra` are somebody else's.
class FieldReader {
 public:
  explicit FieldReader(const JsonPlace& object, std::vector<std::string> extra = {})
      : object_(object), known_(std::move(extra)) {
    require_object(object_);
  }

  template <class Value>
  void operator()(const char* key, Value& target) {
    known_.emplace_back(key);
    if (object_.value.contains(key)) read_value(object_.member(key), target);
  }

  void finish() const { refuse_unknown_keys(object_, known_); }

 private:
  const JsonPlace& object_;
  std::vector<std::string> known_;
};

template <class Struct>
void read_fields(const JsonPlace& place, Struct& target, std::vector<std::string> extra = {}) {
  FieldReader reader(place, std::move(extra));
  visit_fields(reader, target);
  reader.finish();
}

template <class Struct>
requires std::is_class_v<Struct>
void read_value(const JsonPlace& place, Struct& target) {
  read_fields(place, target);
}

// A text is what load_recipe takes; an object's fields go over the built-in row that "base" names, or over the recipe as it is.
void read_value(const JsonPlace& place, Recipe& target);

// A text is a file's name.
void read_value(const JsonPlace& place, StyleInput& target);

}  // namespace impasto::recipe
