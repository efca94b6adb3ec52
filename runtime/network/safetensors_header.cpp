// A SAX handler, because a document tree would silently keep the last of two equal keys.
#include "network/safetensors_header.h"

#include "base/shown.h"
#include "impasto/error.h"
#include "network/safetensors.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace impasto::network {
namespace {

using nlohmann::json;

// Where in the header the parser stands.
enum class Place { before, tensors, metadata, tensor, shape, offsets, after };

class HeaderHandler : public nlohmann::json_sax<json> {
 public:
  HeaderHandler(std::string_view source, SafetensorsHeader& header) : source_(source), header_(header) {}

  bool null() override { refuse("null where there should be none"); }
  bool boolean(bool) override { refuse("true or false where there should be none"); }
  bool binary(binary_t&) override { refuse("binary data where there should be none"); }
  bool number_float(number_float_t, const string_t& text) override { refuse_number(text); }
  bool number_integer(number_integer_t value) override { refuse_number(std::to_string(value)); }

  bool number_unsigned(number_unsigned_t value) override {
    if (place_ == Place::shape) {
      if (tensor_->shape.size() == kMaxDimensions) refuse("more than eight dimensions");
      tensor_->shape.push_back(value);
    } else if (place_ == Place::offsets) {
      if (offsets_read_ == tensor_->offsets.size()) refuse("more than two data_offsets");
      tensor_->offsets[offsets_read_++] = value;
    } else {
      refuse("a number where there should be none");
    }
    return true;
  }

  bool string(string_t& value) override {
    if (place_ == Place::metadata) {
      if (!header_.metadata.emplace(key_, value).second) refuse("this key twice");
    } else if (place_ == Place::tensor && key_ == "dtype") {
      tensor_->type = value;
    } else {
      refuse("a text where there should be none");
    }
    return true;
  }

  bool start_object(std::size_t) override {
    if (place_ == Place::before) {
      place_ = Place::tensors;
    } else if (place_ == Place::tensors) {
      if (name_ == "__metadata__") {
        start_metadata();
      } else {
        start_tensor();
      }
    } else {
      refuse("an object where there should be none");
    }
    return true;
  }

  bool key(string_t& value) override {
    if (place_ == Place::tensors) {
      name_ = value;
      key_.clear();
      return true;
    }
    key_ = value;
    if (place_ == Place::tensor) take_field();
    return true;
  }

  bool end_object() override {
    key_.clear();
    if (place_ == Place::tensors) {
      place_ = Place::after;
      return true;
    }
    if (place_ == Place::tensor && (!has_type_ || !has_shape_ || !has_offsets_))
      refuse("not all of dtype, shape and data_offsets");
    place_ = Place::tensors;
    return true;
  }

  bool start_array(std::size_t) override {
    if (place_ == Place::tensor && key_ == "shape") {
      place_ = Place::shape;
    } else if (place_ == Place::tensor && key_ == "data_offsets") {
      place_ = Place::offsets;
      offsets_read_ = 0;
    } else {
      refuse("a list where there should be none");
    }
    return true;
  }

  bool end_array() override {
    if (place_ == Place::offsets && offsets_read_ != tensor_->offsets.size())
      refuse("fewer than two data_offsets");
    place_ = Place::tensor;
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const json::exception&) override {
    throw Error(ErrorKind::input,
                fmt::format("{}: the header of this safetensors file is not JSON at its byte {}; "
                            "the file is damaged, fetch it again",
                            source_, position));
  }

 private:
  void start_metadata() {
    if (has_metadata_) refuse("this key twice");
    has_metadata_ = true;
    place_ = Place::metadata;
  }

  void start_tensor() {
    const auto [entry, is_new] = header_.tensors.try_emplace(name_);
    if (!is_new) refuse("this key twice");
    if (header_.tensors.size() > kMaxTensors) refuse("one tensor too many (65,536 is the most)");
    tensor_ = &entry->second;
    has_type_ = has_shape_ = has_offsets_ = false;
    place_ = Place::tensor;
  }

  void take_field() {
    bool* const seen = key_ == "dtype"          ? &has_type_
                       : key_ == "shape"        ? &has_shape_
                       : key_ == "data_offsets" ? &has_offsets_
                                                : nullptr;
    if (seen == nullptr) refuse("an unknown field");
    if (*seen) refuse("this key twice");
    *seen = true;
  }

  [[noreturn]] void refuse_number(const std::string& text) const {
    refuse(fmt::format("{}, which is not a whole number from 0 to 2^64-1", shown(text)));
  }

  [[noreturn]] void refuse(std::string_view found) const {
    const std::string path = key_.empty() ? shown(name_) : shown(name_) + "." + shown(key_);
    throw Error(ErrorKind::input, fmt::format("{}: the header of this safetensors file has {} at \"{}\"; "
                                              "the file is damaged, fetch it again",
                                              source_, found, path));
  }

  std::string_view source_;
  SafetensorsHeader& header_;
  Place place_ = Place::before;
  std::string name_;  // key of the outermost object
  std::string key_;   // key below it
  TensorEntry* tensor_ = nullptr;
  std::size_t offsets_read_ = 0;
  bool has_metadata_ = false;
  bool has_type_ = false;
  bool has_shape_ = false;
  bool has_offsets_ = false;
};

}  // namespace

SafetensorsHeader parse_safetensors_header(std::string_view text, std::string_view source) {
  SafetensorsHeader header;
  HeaderHandler handler(source, header);
  json::sax_parse(text.begin(), text.end(), &handler);
  return header;
}

}  // namespace impasto::network
