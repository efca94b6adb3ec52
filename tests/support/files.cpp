// Reads .npy files (numpy.org/doc/stable/reference/generated/numpy.lib.format.html), pictures and networks.
#include "support/files.h"

#include "network/network.h"

#include <bit>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <regex>
#include <stdexcept>

namespace impasto::test {
namespace {

double element(const std::string& bytes, size_t offset, size_t width) {
  static_assert(std::endian::native == std::endian::little, "the files are little-endian");
  if (width == 8) {
    double value;
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
  }
  float value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

}  // namespace

std::string read_text(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw std::runtime_error("cannot read " + file.string());
  return {std::istreambuf_iterator<char>(stream), {}};
}

reference::Array read_npy(const std::filesystem::path& file) {
  const std::string bytes = read_text(file);
  if (bytes.size() < 10 || bytes.compare(0, 7, "\x93NUMPY\x01") != 0)
    throw std::runtime_error(file.string() + " is not an .npy of version 1");
  const size_t begin = 10 + size_t(uint8_t(bytes[8])) + 256 * size_t(uint8_t(bytes[9]));
  const std::string header = bytes.substr(10, begin - 10);
  static const std::regex pattern(
      R"(.*'descr': '<f([48])', 'fortran_order': False, 'shape': \((\d+), (\d+), (\d+)\).*\s*)");
  std::smatch match;
  if (!std::regex_match(header, match, pattern))
    throw std::runtime_error(file.string() + " is not H × W × C of floats: " + header);
  const size_t width = std::stoul(match[1]);
  reference::Array array(std::stoi(match[4]), std::stoi(match[2]), std::stoi(match[3]));
  if (bytes.size() != begin + array.data.size() * width)
    throw std::runtime_error(file.string() + " is cut short");
  size_t offset = begin;
  for (int y = 0; y < array.height; ++y)
    for (int x = 0; x < array.width; ++x)
      for (int c = 0; c < array.channels; ++c, offset += width)
        array.at(c, y, x) = element(bytes, offset, width);
  return array;
}

reference::Array to_array(const Image& image) {
  reference::Array array(3, image.height, image.width);
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x)
      for (int c = 0; c < 3; ++c)
        array.at(c, y, x) = image.rgb[(size_t(y) * size_t(image.width) + size_t(x)) * 3 + size_t(c)];
  return array;
}

Image to_image(const reference::Array& rgb) {
  Image image{rgb.width, rgb.height, std::vector<float>(rgb.data.size()), {}};
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x)
      for (int c = 0; c < 3; ++c)
        image.rgb[(size_t(y) * size_t(image.width) + size_t(x)) * 3 + size_t(c)] =
            static_cast<float>(rgb.at(c, y, x));
  return image;
}

reference::Array load_picture(const std::filesystem::path& file) {
  return to_array(load_image(file));
}

reference::Network load_network(const std::filesystem::path& file) {
  const network::Network stored(file);
  reference::Network result;
  for (size_t i = 0; i < stored.convolutions().size(); ++i) {
    const network::Convolution& convolution = stored.convolutions()[i];
    const std::vector<float> weights = stored.weights(i);
    const std::vector<float> bias = stored.bias(i);
    result.push_back({convolution.name.substr(4),
                      {convolution.outputs,
                       convolution.inputs,
                       {weights.begin(), weights.end()},
                       {bias.begin(), bias.end()}}});
  }
  return result;
}

}  // namespace impasto::test
