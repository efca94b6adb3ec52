// Reads, scales, follows and judges optical flow.
#include "image/flow.h"

#include "image/byte_reader.h"
#include "image/input.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cctype>
#include <cmath>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

namespace impasto {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kFloMagic = 0x48454950;  // "PIEH", which is 202021.25 as a float
constexpr std::size_t kFloHeader = 12;
constexpr float kUnknown = 1e9F;
constexpr float kMostlyKnown = 0.99F;  // of what a resized flow was made of

// Of the paper: how far there and back may miss, and how fast a flow may change.
constexpr float kMissShare = 0.01F, kMissPixels = 0.5F;
constexpr float kChangeShare = 0.01F, kChangePixels = 0.002F;

void add_value(Flow& flow, float right, float down) {
  const bool known = std::abs(right) < kUnknown && std::abs(down) < kUnknown;  // false for what is no number
  flow.values.insert(flow.values.end(), {known ? right : 0, known ? down : 0, known ? 1.0F : 0.0F});
}

Flow read_flo(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) fail_reading(file, "it cannot be opened; check its name");
  std::array<std::uint8_t, kFloHeader> header{};
  stream.read(reinterpret_cast<char*>(header.data()), header.size());
  const ByteReader numbers(header, false);
  if (!stream || numbers.number(0, 4) != kFloMagic) fail_reading(file, "it is no .flo file; write it anew");
  const std::uint64_t width = *numbers.number(4, 4), height = *numbers.number(8, 4);
  check_size(file, width, height);
  std::error_code error;
  if (fs::file_size(file, error) != kFloHeader + width * height * 8 || error)
    fail_reading(file, "it is longer or shorter than its header says; write it anew");
  Flow flow{static_cast<int>(width), static_cast<int>(height), {}};
  std::vector<std::uint8_t> row(width * 8);
  for (std::uint64_t y = 0; y < height; y++) {
    stream.read(reinterpret_cast<char*>(row.data()), std::streamsize(row.size()));
    if (!stream) fail_reading(file, "it is truncated; write it anew");
    const ByteReader values(row, false);
    const auto value = [&](std::size_t at) {
      return std::bit_cast<float>(static_cast<std::uint32_t>(*values.number(at, 4)));
    };
    for (std::size_t x = 0; x < width; x++) add_value(flow, value(8 * x), value(8 * x + 4));
  }
  return flow;
}

// A channel by the last part of its name ("flow.u"), or -1.
int channel_called(const OIIO::ImageSpec& spec, char name) {
  for (std::size_t i = 0; i < spec.channelnames.size(); i++) {
    const std::string& channel = spec.channelnames[i];
    const std::string last = channel.substr(channel.rfind('.') + 1);
    if (last.size() == 1 && std::tolower(static_cast<unsigned char>(last[0])) == name)
      return static_cast<int>(i);
  }
  return -1;
}

Flow read_exr(const fs::path& file) {
  PictureInput picture = open_picture(file, format_of(file));
  const OIIO::ImageSpec& spec = picture.reader->spec();
  std::vector<int> channels;
  for (const auto& [right, down] : {std::pair{'u', 'v'}, {'x', 'y'}, {'r', 'g'}})
    if (channels.empty() && channel_called(spec, right) >= 0 && channel_called(spec, down) >= 0)
      channels = {channel_called(spec, right), channel_called(spec, down)};
  if (channels.empty())
    fail_reading(file, "it has no two channels called u and v, x and y or r and g; name them so");
  const Raster raster = read_channels(picture, {channels}).front();
  Flow flow{raster.width, raster.height, {}};
  for (std::size_t i = 0; i < raster.values.size(); i += 2)
    add_value(flow, raster.values[i], raster.values[i + 1]);
  return flow;
}

// Values of a picture of `channels` at a place that lies within it, bilinearly.
template <std::size_t Channels>
std::array<float, Channels> sampled(const std::vector<float>& values, int width, int height, float x,
                                    float y) {
  const int left = std::min(static_cast<int>(x), width - 1), top = std::min(static_cast<int>(y), height - 1);
  const int right = std::min(left + 1, width - 1), bottom = std::min(top + 1, height - 1);
  const float across = x - float(left), down = y - float(top);
  const auto at = [&](int row, int column, std::size_t c) {
    return values[(std::size_t(row) * std::size_t(width) + std::size_t(column)) * Channels + c];
  };
  std::array<float, Channels> result{};
  for (std::size_t c = 0; c < Channels; c++)
    result[c] = std::lerp(std::lerp(at(top, left, c), at(top, right, c), across),
                          std::lerp(at(bottom, left, c), at(bottom, right, c), across), down);
  return result;
}

struct Step {
  float right, down;
  bool known;
};

Step step_at(const Flow& flow, int x, int y) {
  const float* value = &flow.values[(std::size_t(y) * std::size_t(flow.width) + std::size_t(x)) * 3];
  return {value[0], value[1], value[2] > kMostlyKnown};
}

bool inside(const Flow& flow, float x, float y) {
  return x >= 0 && y >= 0 && x <= float(flow.width - 1) && y <= float(flow.height - 1);
}

bool returns(const Step& step, const Flow& back, float x, float y) {
  const auto [right, down, known] = sampled<3>(back.values, back.width, back.height, x, y);
  const float miss = std::hypot(step.right + right, step.down + down);
  const float ways = step.right * step.right + step.down * step.down + right * right + down * down;
  return known > kMostlyKnown && miss * miss <= kMissShare * ways + kMissPixels;
}

// Where two motions meet, the flow belongs to neither.
bool at_border(const Flow& flow, const Step& step, int x, int y) {
  const Step beside = step_at(flow, std::min(x + 1, flow.width - 1), y);
  const Step below = step_at(flow, x, std::min(y + 1, flow.height - 1));
  const auto squared = [](float a, float b) { return a * a + b * b; };
  const float change = squared(beside.right - step.right, below.right - step.right) +
                       squared(beside.down - step.down, below.down - step.down);
  return change > kChangeShare * squared(step.right, step.down) + kChangePixels;
}

}  // namespace

Flow load_flow(const fs::path& file) {
  std::string extension = file.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return extension == ".flo" ? read_flo(file) : read_exr(file);
}

Flow resized(const Flow& flow, int width, int height) {
  if (width == flow.width && height == flow.height) return flow;
  const Image values = resample({flow.width, flow.height, flow.values, {}}, width, height, Filter::bilinear);
  Flow result{width, height, values.rgb};
  for (std::size_t i = 0; i < result.values.size(); i += 3) {
    const float known = std::max(result.values[i + 2], 1e-6F);
    result.values[i] *= float(width) / float(flow.width) / known;
    result.values[i + 1] *= float(height) / float(flow.height) / known;
  }
  return result;
}

Image carried(const Image& picture, const Flow& flow) {
  assert(picture.width == flow.width && picture.height == flow.height);
  Image result{picture.width, picture.height, {}, {}};
  result.rgb.reserve(picture.rgb.size());
  for (int y = 0; y < flow.height; y++)
    for (int x = 0; x < flow.width; x++) {
      const Step step = step_at(flow, x, y);
      const float to_x = std::clamp(float(x) + step.right, 0.0F, float(flow.width - 1));
      const float to_y = std::clamp(float(y) + step.down, 0.0F, float(flow.height - 1));
      const auto colour = sampled<3>(picture.rgb, picture.width, picture.height, to_x, to_y);
      result.rgb.insert(result.rgb.end(), colour.begin(), colour.end());
    }
  return result;
}

std::vector<float> certainty(const Flow& flow, const Flow* back) {
  assert(back == nullptr || (back->width == flow.width && back->height == flow.height));
  std::vector<float> result;
  result.reserve(flow.values.size() / 3);
  for (int y = 0; y < flow.height; y++)
    for (int x = 0; x < flow.width; x++) {
      const Step step = step_at(flow, x, y);
      const float to_x = float(x) + step.right, to_y = float(y) + step.down;
      const bool believed = step.known && inside(flow, to_x, to_y) && !at_border(flow, step, x, y) &&
                            (back == nullptr || returns(step, *back, to_x, to_y));
      result.push_back(believed ? 1.0F : 0.0F);
    }
  return result;
}

}  // namespace impasto
