// Recipes and jobs as JSON text.
#pragma once

#include "recipe/fields.h"
#include "recipe/names.h"

#include <nlohmann/json.hpp>

#include <array>
#include <filesystem>
#include <string>
#include <vector>

namespace impasto::recipe {

using OrderedJson = nlohmann::ordered_json;

template <class Struct>
OrderedJson fields_to_json(Struct value);

template <class Value>
OrderedJson value_to_json(const Value& value) {
  if constexpr (std::is_enum_v<Value>) {
    return name_of(value);
  } else if constexpr (std::is_arithmetic_v<Value> || std::is_same_v<Value, std::string> ||
                       std::is_same_v<Value, std::array<double, 3>>) {
    return value;
  } else if constexpr (std::is_same_v<Value, std::filesystem::path>) {
    const std::u8string text = value.u8string();
    return std::string(text.begin(), text.end());
  } else {
    return fields_to_json(value);
  }
}

template <class Element>
OrderedJson value_to_json(const std::vector<Element>& values) {
  OrderedJson list = OrderedJson::array();
  for (const Element& value : values) list.push_back(value_to_json(value));
  return list;
}

// By value, because the list of fields hands out references that may be written through.
template <class Struct>
OrderedJson fields_to_json(Struct value) {
  OrderedJson object = OrderedJson::object();
  const auto add = [&object](const char* key, const auto& field) { object[key] = value_to_json(field); };
  visit_fields(add, value);
  return object;
}

// File names that are not UTF-8 have their wrong bytes replaced, so that this never fails.
inline std::string json_text(const OrderedJson& json) {
  return json.dump(2, ' ', false, OrderedJson::error_handler_t::replace);
}

}  // namespace impasto::recipe
