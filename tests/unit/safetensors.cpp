// The safetensors reader on true files and on every lie we could think of.
#include "network/safetensors.h"

#include "catch.h"
#include "impasto/error.h"
#include "support/weights.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <limits>

using namespace impasto;
using namespace impasto::network;
using test::contains;
using test::safetensors_bytes;

namespace {

Safetensors parse(std::string_view bytes) {
  return parse_safetensors(std::as_bytes(std::span(bytes.data(), bytes.size())), "test file");
}

// The message of the refusal; fails the test when the bytes are accepted or the message is not a good one.
std::string refusal(std::string_view bytes) {
  try {
    parse(bytes);
  } catch (const Error& error) {
    std::string what = error.what();
    CHECK(error.kind() == ErrorKind::input);
    CHECK(what.find('\n') == std::string::npos);
    CHECK(what.rfind("test file: ", 0) == 0);
    return what;
  }
  FAIL("accepted: " << bytes.substr(0, 200));
  return {};
}

std::string refusal_of_header(std::string_view header, size_t data_bytes = 8) {
  return refusal(safetensors_bytes(header, std::string(data_bytes, 'x')));
}

std::string entry(std::string_view type, std::string_view shape, std::string_view offsets) {
  return fmt::format(R"({{"dtype":"{}","shape":{},"data_offsets":{}}})", type, shape, offsets);
}

const std::string kGood = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";

std::vector<float> decode(const std::string& type, const std::vector<uint16_t>& values) {
  std::string data;
  for (const uint16_t value : values) {
    data += static_cast<char>(value & 0xff);
    data += static_cast<char>(value >> 8);
  }
  const std::string file = safetensors_bytes({{"t", type, {values.size()}, data}});
  return parse(file).tensors.at("t").floats();
}

}  // namespace

TEST_CASE("A true file is read with its metadata") {
  const std::string data("\0\0\x80\x3f\0\0\0\xc0", 8);
  const std::string file = safetensors_bytes(
      R"({"__metadata__":{"model":"vgg19","empty":""},"a.b":{"shape":[2,1],"data_offsets":[0,8],"dtype":"F32"}}   )",
      data);
  const Safetensors contents = parse(file);
  CHECK(contents.metadata == std::map<std::string, std::string>{{"model", "vgg19"}, {"empty", ""}});
  REQUIRE(contents.tensors.size() == 1);
  const StoredTensor& tensor = contents.tensors.at("a.b");
  CHECK(tensor.shape == std::vector<uint64_t>{2, 1});
  CHECK(tensor.floats() == std::vector<float>{1, -2});
}

TEST_CASE("Scalars, empty tensors and files without tensors are read") {
  CHECK(parse(safetensors_bytes("{}", "")).tensors.empty());
  CHECK(parse(safetensors_bytes({{"s", "F32", {}, "abcd"}})).tensors.at("s").count() == 1);
  const std::string file =
      safetensors_bytes({{"a", "F32", {1}, "abcd"}, {"e", "F16", {3, 0}, ""}, {"b", "BF16", {1}, "ab"}});
  CHECK(parse(file).tensors.at("e").floats().empty());
}

TEST_CASE("Half precision is decoded exactly") {
  const std::vector<float> values =
      decode("F16", {0x3c00, 0xc000, 0x0000, 0x8000, 0x0001, 0x03ff, 0x0400, 0x7bff, 0x3555});
  const std::vector<float> expected{1, -2, 0, -0.0f, 0x1p-24f, 1023 * 0x1p-24f, 0x1p-14f, 65504, 0x1.554p-2f};
  CHECK(values == expected);
  CHECK(std::signbit(values[3]));
  const std::vector<float> special = decode("F16", {0x7c00, 0xfc00, 0x7e00});
  CHECK(special[0] == std::numeric_limits<float>::infinity());
  CHECK(special[1] == -std::numeric_limits<float>::infinity());
  CHECK(std::isnan(special[2]));
}

TEST_CASE("Brain floats are decoded exactly") {
  CHECK(decode("BF16", {0x3f80, 0xc000, 0x4049}) == std::vector<float>{1, -2, 3.140625f});
}

TEST_CASE("The first value that is not finite is found") {
  const std::string bad = safetensors_bytes({{"t", "F16", {3}, std::string("\0\x3c\0\x7c\0\x7e", 6)}});
  CHECK(parse(bad).tensors.at("t").first_not_finite() == 1);
  const std::string good = safetensors_bytes({{"t", "F16", {1}, std::string("\0\x3c", 2)}});
  CHECK_FALSE(parse(good).tensors.at("t").first_not_finite());
}

TEST_CASE("A file cut short anywhere is refused") {
  const std::string file = safetensors_bytes(kGood, "12345678");
  REQUIRE(parse(file).tensors.size() == 1);
  for (size_t length = 0; length < file.size(); ++length) refusal(file.substr(0, length));
}

TEST_CASE("A file with bytes after its end is refused") {
  CHECK_THAT(refusal(safetensors_bytes(kGood, "12345678x")), contains("bytes 8 to 9 in no tensor"));
}

TEST_CASE("Flipping any bit of a header never does worse than a refusal") {
  const std::string file = safetensors_bytes(kGood, "12345678");
  size_t refused = 0;
  for (size_t bit = 0; bit < 8 * (8 + kGood.size()); ++bit) {
    std::string changed = file;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    try {
      const Safetensors contents = parse(changed);
      for (const auto& [name, tensor] : contents.tensors) CHECK(tensor.floats().size() == tensor.count());
    } catch (const Error&) {
      ++refused;
    }
  }
  CHECK(refused > 7 * (8 + kGood.size()));  // only the name's letter may change unnoticed
}

TEST_CASE("A lie about the header's length is refused") {
  for (const uint64_t length : {uint64_t{0}, uint64_t{1}, kGood.size() - 1, kGood.size() + 9, kMaxHeaderBytes,
                                kMaxHeaderBytes + 1, uint64_t{1} << 63, UINT64_MAX, UINT64_MAX - 7}) {
    std::string file = safetensors_bytes(kGood, "12345678");
    for (size_t i = 0; i < 8; ++i) file[i] = static_cast<char>((length >> (8 * i)) & 0xff);
    refusal(file);
  }
}

TEST_CASE("A header that is not the object that the format has is refused") {
  for (const char* header : {" {}",
                             "[]",
                             "null",
                             "1",
                             "\"a\"",
                             "{",
                             "{}{}",
                             "{}x",
                             "{\"a\":1}",
                             "{\"a\":null}",
                             "{\"a\":\"b\"}",
                             "{\"a\":true}",
                             "{\"a\":[]}",
                             "{\"a\":{}}",
                             "{\"__metadata__\":[]}",
                             "{\"__metadata__\":\"x\"}",
                             "{\"__metadata__\":{\"a\":1}}",
                             "{\"__metadata__\":{\"a\":null}}",
                             "{\"__metadata__\":{\"a\":{}}}",
                             "{\"\xff\":{}}",
                             "{'a':{}}",
                             "{\"a\":{}},",
                             "{,}",
                             "{\"a\":{\"dtype\":\"F32\"}}",
                             "{\"a\":{\"dtype\":{},\"shape\":[2],\"data_offsets\":[0,8]}}",
                             "{\"a\":{\"dtype\":4,\"shape\":[2],\"data_offsets\":[0,8]}}",
                             "{\"a\":{\"dtype\":\"F32\",\"shape\":2,\"data_offsets\":[0,8]}}",
                             "{\"a\":{\"dtype\":\"F32\",\"shape\":[[2]],\"data_offsets\":[0,8]}}",
                             "{\"a\":{\"dtype\":\"F32\",\"shape\":[\"2\"],\"data_offsets\":[0,8]}}",
                             "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":{}}}",
                             "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}}",
                             "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,8]}}",
                             "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"more\":1}}",
                             "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},}"})
    refusal_of_header(header);
  refusal_of_header(kGood + std::string(1, '\0'));
}

TEST_CASE("A deeply nested header is refused without recursion") {
  refusal_of_header("{\"a\":" + std::string(1'000'000, '['));
  std::string objects = "{\"a\":";
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  refusal_of_header(objects);
}

TEST_CASE("A key that stands twice is refused") {
  const std::string value = entry("F32", "[2]", "[0,8]");
  CHECK_THAT(refusal_of_header("{\"a\":" + value + ",\"a\":" + value + "}"), contains("twice at \"a\""));
  CHECK_THAT(refusal_of_header("{\"a\":" + value + ",\"\\u0061\":" + value + "}"),
             contains("twice at \"a\""));
  refusal_of_header(R"({"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}})");
  refusal_of_header(R"({"a":{"dtype":"F32","shape":[2],"shape":[2],"data_offsets":[0,8]}})");
  refusal_of_header(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"data_offsets":[0,8]}})");
  refusal_of_header(R"({"__metadata__":{},"__metadata__":{},"a":)" + value + "}");
  refusal_of_header(R"({"__metadata__":{"k":"1","k":"2"},"a":)" + value + "}");
}

TEST_CASE("Numbers that are not whole, or too large, are refused") {
  for (const char* number : {"-1", "2.0", "2e0", "-0", "1e999", "18446744073709551616",
                             "99999999999999999999999999", "0x2", "02", "NaN"}) {
    refusal_of_header("{\"a\":" + entry("F32", fmt::format("[{}]", number), "[0,8]") + "}");
    refusal_of_header("{\"a\":" + entry("F32", "[2]", fmt::format("[0,{}]", number)) + "}");
    refusal_of_header("{\"a\":" + entry("F32", "[2]", fmt::format("[{},8]", number)) + "}");
  }
}

TEST_CASE("Shapes that do not have the bytes are refused, overflowing ones too") {
  for (const char* shape : {"[]", "[0]", "[1]", "[3]", "[2,2]", "[2,0]", "[9223372036854775808]",
                            "[4294967296,4294967296]", "[4611686018427387906]", "[2,4611686018427387904]",
                            "[18446744073709551615,2]", "[4294967296,4294967296,2]", "[2,1,1,1,1,1,1,1,1]"})
    refusal_of_header("{\"a\":" + entry("F32", shape, "[0,8]") + "}");
  const std::string huge_and_empty =
      safetensors_bytes("{\"a\":" + entry("F32", "[18446744073709551615,0]", "[0,0]") + "}", "");
  CHECK(parse(huge_and_empty).tensors.at("a").floats().empty());
}

TEST_CASE("Offsets outside of the file are refused") {
  for (const char* offsets :
       {"[8,0]", "[8,16]", "[0,9]", "[0,16]", "[18446744073709551608,18446744073709551615]",
        "[18446744073709551615,7]", "[1,9]"})
    refusal_of_header("{\"a\":" + entry("F32", "[2]", offsets) + "}");
}

TEST_CASE("Overlaps and holes are refused") {
  const auto two = [](const char* first, const char* second) {
    return "{\"a\":" + entry("F32", "[1]", first) + ",\"b\":" + entry("F32", "[1]", second) + "}";
  };
  REQUIRE(parse(safetensors_bytes(two("[0,4]", "[4,8]"), "12345678")).tensors.size() == 2);
  REQUIRE(parse(safetensors_bytes(two("[4,8]", "[0,4]"), "12345678")).tensors.size() == 2);
  CHECK_THAT(refusal_of_header(two("[0,4]", "[0,4]"), 4), contains("overlap"));
  CHECK_THAT(refusal_of_header(two("[0,4]", "[2,6]"), 6), contains("overlap"));
  CHECK_THAT(refusal_of_header(two("[0,4]", "[5,9]"), 9), contains("bytes 4 to 5 in no tensor"));
  CHECK_THAT(refusal_of_header(two("[1,5]", "[5,9]"), 9), contains("bytes 0 to 1 in no tensor"));
  CHECK_THAT(refusal_of_header(two("[0,4]", "[4,8]"), 9), contains("bytes 8 to 9 in no tensor"));
  CHECK_THAT(refusal_of_header("{}", 1), contains("bytes 0 to 1 in no tensor"));
  CHECK_THAT(refusal_of_header("{\"a\":" + entry("F32", "[2]", "[0,8]") +
                               ",\"b\":" + entry("F32", "[0]", "[4,4]") + "}"),
             contains("overlap"));
}

TEST_CASE("Other element types are refused by name") {
  for (const char* type : {"F64", "I8", "U8", "I64", "BOOL", "F8_E4M3", "f32", "", "F32 "})
    CHECK_THAT(refusal_of_header("{\"a\":" + entry(type, "[2]", "[0,8]") + "}"),
               contains(fmt::format("\"{}\"", type)) && contains("F32, F16 and BF16"));
}

TEST_CASE("Too many tensors are refused") {
  std::string header = "{";
  for (size_t i = 0; i <= kMaxTensors; ++i)
    header += fmt::format("{}\"t{}\":{}", i == 0 ? "" : ",", i, entry("F32", "[0]", "[0,0]"));
  CHECK_THAT(refusal_of_header(header + "}", 0), contains("too many"));
}

TEST_CASE("A name with control characters cannot break the message's line") {
  refusal_of_header("{\"a\\nb\":" + entry("I8", "[8]", "[0,8]") + "}");
  refusal_of_header("{\"" + std::string(100'000, 'n') + "\":1}");
}

TEST_CASE("Files are mapped, and what is no file is refused") {
  const test::TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "good.safetensors";
  test::write_bytes(file, safetensors_bytes(kGood, "12345678"));
  CHECK(SafetensorsFile(file).contents().tensors.size() == 1);
  test::write_bytes(file, "");
  CHECK_THROWS_WITH(SafetensorsFile(file), contains("0 bytes"));
  CHECK_THROWS_WITH(SafetensorsFile(folder.path() / "none"), contains("no such file"));
  CHECK_THROWS_WITH(SafetensorsFile(folder.path()), contains("not a regular file"));
}
