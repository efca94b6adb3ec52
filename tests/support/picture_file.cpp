// Picture files for tests, written past the product's own code.
#include "support/picture_file.h"

#include "catch.h"
#include "support/random.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace impasto::test {
namespace {

std::string big_endian(uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xff);
  return bytes;
}

// PNG specification, annex D.
uint32_t crc32(const std::string& bytes) {
  uint32_t crc = 0xffffffffU;
  for (const char byte : bytes) {
    crc ^= static_cast<uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? 0xedb88320U ^ crc >> 1 : crc >> 1;
  }
  return ~crc;
}

// RFC 1950 around a stored block of RFC 1951.
std::string zlib_stored(const std::string& data) {
  REQUIRE(data.size() < 65536);
  const auto size = static_cast<uint16_t>(data.size());
  const auto inverse = static_cast<uint16_t>(~size);
  std::string bytes = "\x78\x01\x01";
  for (const uint16_t number : {size, inverse}) {
    bytes += static_cast<char>(number & 0xff);
    bytes += static_cast<char>(number >> 8);
  }
  uint32_t a = 1;
  uint32_t b = 0;
  for (const char byte : data) {
    a = (a + static_cast<uint8_t>(byte)) % 65521;
    b = (b + a) % 65521;
  }
  return bytes + data + big_endian(b << 16 | a);
}

}  // namespace

void write_picture(const std::filesystem::path& file, const OIIO::ImageSpec& spec,
                   const std::vector<float>& values) {
  const auto output = OIIO::ImageOutput::create(file.string());
  REQUIRE(output);
  const bool done = output->open(file.string(), spec) &&
                    output->write_image(OIIO::TypeFloat, values.data()) && output->close();
  INFO(output->geterror());
  REQUIRE(done);
}

std::string png_chunk(const std::string& type, const std::string& data) {
  return big_endian(static_cast<uint32_t>(data.size())) + type + data + big_endian(crc32(type + data));
}

std::string png_bytes(uint32_t width, uint32_t height, int bit_depth, int colour_type,
                      const std::vector<std::string>& rows, const std::string& chunks) {
  std::string header = big_endian(width) + big_endian(height);
  for (const int field : {bit_depth, colour_type, 0, 0, 0}) header += static_cast<char>(field);
  std::string data;
  for (const std::string& row : rows) data += '\0' + row;
  return "\x89PNG\r\n\x1a\n" + png_chunk("IHDR", header) + chunks + png_chunk("IDAT", zlib_stored(data)) +
         png_chunk("IEND", "");
}

Image smooth_picture(int width, int height, bool alpha) {
  Image image{width, height, {}, {}};
  const double turn = 2 * std::numbers::pi;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double u = (x + 0.5) / width;
      const double v = (y + 0.5) / height;
      for (const double value :
           {0.5 + 0.4 * std::sin(turn * u), 0.15 + 0.7 * v, 0.5 - 0.3 * std::cos(turn * u * v)}) {
        image.rgb.push_back(static_cast<float>(value));
      }
      if (alpha) image.alpha.push_back(static_cast<float>(x) / static_cast<float>(std::max(width - 1, 1)));
    }
  }
  return image;
}

Image coloured_noise(int width, int height, uint64_t seed) {
  Random random(seed);
  Image image{width, height, {}, {}};
  const int count = width * height * 3;
  for (int i = 0; i < count; ++i) image.rgb.push_back(static_cast<float>(random.below(256)) / 255.0F);
  return image;
}

double largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  REQUIRE(a.size() == b.size());
  double largest = 0;
  for (size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(double(a[i]) - double(b[i])));
  return largest;
}

std::string refusal(ErrorKind kind, const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    const std::string what = error.what();
    INFO(what);
    CHECK(error.kind() == kind);
    CHECK(what.find('\n') == std::string::npos);
    return what;
  }
  FAIL("no error");
  return {};
}

std::vector<std::string> entries(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace impasto::test
