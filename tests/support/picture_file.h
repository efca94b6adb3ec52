// Picture files for tests, written past the product's own code.
#pragma once

#include "impasto/error.h"
#include "impasto/image.h"

#include <OpenImageIO/imageio.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace impasto::test {

// Through the library, in the format of the extension.
void write_picture(const std::filesystem::path& file, const OIIO::ImageSpec& spec,
                   const std::vector<float>& values);

// A PNG of any kind, uncompressed: rows without their filter bytes, chunks between header and data as given.
std::string png_bytes(uint32_t width, uint32_t height, int bit_depth, int colour_type,
                      const std::vector<std::string>& rows, const std::string& chunks = {});
std::string png_chunk(const std::string& type, const std::string& data);

// A smooth colourful picture that lossy formats keep well; alpha from 0 to 1 across it when asked for.
Image smooth_picture(int width, int height, bool alpha = false);

// Every pixel of its own, multiples of 1/255.
Image coloured_noise(int width, int height, uint64_t seed);

// max |a − b|; fails the test when the lengths differ.
double largest_difference(const std::vector<float>& a, const std::vector<float>& b);

// The message of the Error that an action throws; fails the test when it throws none, one of another kind, or one that is not
// a single line.
std::string refusal(ErrorKind kind, const std::function<void()>& action);

// The names in a folder.
std::vector<std::string> entries(const std::filesystem::path& folder);

}  // namespace impasto::test
