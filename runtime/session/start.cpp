// Sizes pictures for a stage and makes what it starts from.
#include "session/start.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace impasto::session {
namespace {

constexpr double kDefaultNoise =
    1;  // standard deviation in network units, as the Gatys notebook's random start has it

// PCG-XSH-RR 64/32 (O'Neill, HMC-CS-2014-0905) with Box and Muller's transform; the same numbers on every machine and device.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed * 6364136223846793005u + 1442695040888963407u) { next(); }

  double uniform() { return (next() + 0.5) / 4294967296.0; }  // in (0, 1)
  double normal() {
    const double radius = std::sqrt(-2 * std::log(uniform()));
    return radius * std::cos(2 * std::numbers::pi * uniform());
  }

 private:
  uint32_t next() {
    const uint64_t old = state_;
    state_ = old * 6364136223846793005u + 1442695040888963407u;
    const auto shifted = static_cast<uint32_t>(((old >> 18) ^ old) >> 27);
    const auto turn = static_cast<uint32_t>(old >> 59);
    return (shifted >> turn) | (shifted << ((32 - turn) & 31));
  }

  uint64_t state_;
};

// x from a value of the network's input, and back, for RGB channel c.
double from_network(const Recipe& recipe, double value, size_t c) {
  return (value + recipe.input.mean[c]) / recipe.input.range;
}
double to_network(const Recipe& recipe, double value, size_t c) {
  return value * recipe.input.range - recipe.input.mean[c];
}

template <typename Make>
Image made_of(const Image& like, Make make) {
  Image image = like;
  for (size_t i = 0; i < image.rgb.size(); i++) image.rgb[i] = static_cast<float>(make(i, i % 3));
  return image;
}

Image noise_image(const Job& job, const Image& content) {
  Random random(job.seed);
  const double deviation =
      job.recipe.init == InitKind::noise && job.recipe.noise > 0 ? job.recipe.noise : kDefaultNoise;
  return made_of(content,
                 [&](size_t, size_t c) { return from_network(job.recipe, deviation * random.normal(), c); });
}

Image mixed_image(const Job& job, const Image& content) {
  Random random(job.seed);
  const double share = job.recipe.noise_share, width = job.recipe.noise;
  return made_of(content, [&](size_t i, size_t c) {
    const double noise = width * (2 * random.uniform() - 1);
    return from_network(job.recipe, share * noise + (1 - share) * to_network(job.recipe, content.rgb[i], c),
                        c);
  });
}

std::string init_of(const Job& job) {
  if (!job.init.empty()) return job.init;
  constexpr std::array<const char*, 4> kNames{"content", "noise", "style", "mix"};
  return kNames[static_cast<size_t>(job.recipe.init)];
}

}  // namespace

Size scaled_size(const Size& picture, int side, SizeSide which) {
  if (side == 0) return picture;
  const bool width_leads = (picture.width >= picture.height) == (which == SizeSide::longest);
  const double scale = double(side) / (width_leads ? picture.width : picture.height);
  const auto scaled = [&](int length) { return std::max(1, static_cast<int>(std::lround(length * scale))); };
  return width_leads ? Size{side, scaled(picture.height)} : Size{scaled(picture.width), side};
}

Image resized(const Image& image, Size size) {
  if (size == Size{image.width, image.height}) return image;
  return resample(image, size.width, size.height, Filter::bicubic);
}

SharedImage resized(const SharedImage& image, Size size) {
  if (size == size_of(*image)) return image;
  return std::make_shared<const Image>(resized(*image, size));
}

Size style_size(const Job& job, const Stage& stage, const Size& content, const Size& style) {
  if (job.style_size != kFollowContent) return scaled_size(style, job.style_size, SizeSide::longest);
  const bool shortest = stage.side == SizeSide::shortest;
  const int side =
      shortest ? std::min(content.width, content.height) : std::max(content.width, content.height);
  return scaled_size(style, std::max(1, static_cast<int>(std::lround(side * job.style_scale))), stage.side);
}

std::vector<std::filesystem::path> files_of(const FrameBefore& before) {
  std::vector<std::filesystem::path> files;
  for (const std::filesystem::path& file : {before.result, before.content, before.flow, before.forward_flow})
    if (!file.empty()) files.push_back(file);
  return files;
}

BeforePictures load_before(const FrameBefore& before, const Image& content) {
  BeforePictures pictures{load_image(before.result), {}, {}};
  if (!before.flow.empty()) {
    pictures.flow = load_flow(before.flow);
    if (!before.forward_flow.empty()) pictures.forward_flow = load_flow(before.forward_flow);
    return pictures;
  }
  const Image earlier = resized(load_image(before.content), size_of(content));
  pictures.flow = estimate_flow(content, earlier);
  pictures.forward_flow = estimate_flow(earlier, content);
  return pictures;
}

Guide guide_at(const BeforePictures& before, Size size) {
  const Flow flow = impasto::resized(before.flow, size.width, size.height);
  std::optional<Flow> back;
  if (before.forward_flow) back = impasto::resized(*before.forward_flow, size.width, size.height);
  return {carried(resized(before.result, size), flow), certainty(flow, back ? &*back : nullptr)};
}

std::vector<float> guide_texels(const Guide& guide, const Recipe& recipe) {
  std::vector<float> texels;
  texels.reserve(guide.certainty.size() * 4);
  for (size_t i = 0; i < guide.certainty.size(); i++) {
    for (size_t c = 0; c < 3; c++)
      texels.push_back(static_cast<float>(guide.picture.rgb[3 * i + c] * recipe.optimizer.variable_range));
    texels.push_back(guide.certainty[i]);
  }
  return texels;
}

Image guided_start(const Guide& guide, const Image& content) {
  Image start = content;
  for (size_t i = 0; i < start.rgb.size(); i++)
    start.rgb[i] = std::lerp(content.rgb[i], guide.picture.rgb[i], guide.certainty[i / 3]);
  return start;
}

Image start_image(const Job& job, const Image& content, const Image& first_style) {
  const Size size{content.width, content.height};
  const std::string init = init_of(job);
  if (init == "content") return content;
  if (init == "noise") return noise_image(job, content);
  if (init == "mix") return mixed_image(job, content);
  Image image = resized(init == "style" ? first_style : load_image(init), size);
  image.alpha = content.alpha;
  return image;
}

}  // namespace impasto::session
