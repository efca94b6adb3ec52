// Evaluates the network once for each style.
#include "plan/targets.h"

#include "kernels/gram.h"
#include "plan/terms.h"
#include "plan/tile_programs.h"
#include "vulkan/queue.h"

#include <algorithm>
#include <numeric>
#include <span>

namespace impasto::plan {
namespace {

std::vector<float> download_floats(const vulkan::Region& region) {
  std::vector<float> values(region.bytes / sizeof(float));
  vulkan::download(region, std::as_writable_bytes(std::span(values)));
  return values;
}

// The Gram matrices of one picture, summed over its tiles.
class StyleStatistics {
 public:
  StyleStatistics(const vulkan::Caps& caps, const DeviceNetwork& network, const Recipe& recipe, int height,
                  int width, int tile)
      : caps_(caps),
        recipe_(recipe),
        tiles_(cut_into_parts(network, recipe, height, width, {tile, false})[0].tiles) {
    image_ = picture_.pinned(uint64_t(height) * uint64_t(width) * 3 * sizeof(float), kPicture);
    const std::vector<kernels::Shape> shapes = layer_shapes(network, recipe, height, width);
    for (const LayerWeight& row : recipe.style_layers) {
      const size_t layer = network.find(row.layer);
      const kernels::Shape& shape = shapes[layer];
      rows_.push_back({layer,
                       static_cast<float>(gram_scale(recipe, shape) /
                                          (network.feature_scale() * network.feature_scale())),
                       picture_.pinned(kernels::gram_bytes(shape.channels), kStatistics)});
    }
    pass_.plan(tiles_, [&](Program& program, const Tile& at) { write(program, at, network, width); });
  }
  StyleStatistics(const StyleStatistics&) = delete;  // its operations refer to it
  StyleStatistics& operator=(const StyleStatistics&) = delete;

  Footprint footprint(const Rounding& rounding) const {
    Footprint footprint = picture_.fullest();
    add_to(footprint, pass_.fullest());
    const uint64_t held = sum_of(picture_.blocks(caps_), rounding) + sum_of(pass_.blocks(caps_), rounding);
    add_to(footprint, kGaps, held - total(footprint));
    return footprint;
  }

  Grams grams(kernels::Library& library, const Image& image) {
    picture_.allocate(library.device(), caps_);
    const std::vector<vulkan::Buffer> arena = allocate_blocks(library.device(), pass_.blocks(caps_));
    pass_.place(arena, caps_);
    upload_image(picture_.region(image_), image, recipe_);
    run_once(library, [&](kernels::Context& context) { pass_.record(context); });
    Grams result;
    for (const Row& row : rows_) result.push_back(download_floats(picture_.region(row.gram)));
    return result;
  }

 private:
  struct Row {
    size_t layer = 0;
    float scale = 1;
    Value gram;
  };

  void write(Program& program, const Tile& tile, const DeviceNetwork& network, int width) {
    const kernels::Preprocess settings = preprocess_settings(recipe_, network);
    const Feed feed = [this, settings, width](kernels::Context& context, const Program::Memory& memory,
                                              const kernels::Tensor& input) {
      const Rect& window = tiles_[memory.tile()].window;
      kernels::preprocess(context, {picture_.region(image_), width, window.top, window.left}, input,
                          settings);
    };
    const auto tap = [&](size_t layer, const TensorValue& features) {
      for (const Row& row : rows_) {
        if (row.layer != layer) continue;
        const Rect block = block_of(tile, features.shape, network.poolings(layer));
        const Value partials =
            program.value(kernels::gram_partial_bytes(caps_, features.shape, block), kStatistics);
        program.add(
            {features.value, partials},
            [this, row, features, block, partials](kernels::Context& context, const Program::Memory& memory) {
              kernels::gram(context, memory[features], block, row.scale, memory[partials],
                            picture_.region(row.gram), memory.tile() > 0);
            });
      }
    };
    const auto reads = [&](size_t layer) {
      return std::any_of(rows_.begin(), rows_.end(), [&](const Row& row) { return row.layer == layer; });
    };
    size_t depth = 0;
    for (const Row& row : rows_) depth = std::max(depth, row.layer + 1);
    add_forward(program, network, recipe_, caps_, tile.window.height, tile.window.width,
                {0, depth, false, false}, feed, {reads, tap});
  }

  vulkan::Caps caps_;
  Recipe recipe_;
  std::vector<Tile> tiles_;
  Program picture_;  // the memory that tiles share
  Value image_;
  std::vector<Row> rows_;
  TilePrograms pass_;
};

double most_segment_flops(const vulkan::Caps& caps) {
  switch (caps.type) {
    case vulkan::DeviceType::discrete:
      return 2e11;
    case vulkan::DeviceType::software:
      return 2e9;
    default:
      return 2e10;
  }
}

constexpr double kCautious = 16;  // so much less on a shared device whose speed is not known yet

}  // namespace

double segment_flops(const vulkan::Device& device) {
  const double most = most_segment_flops(device.caps());
  if (device.pace() == nullptr) return most;
  const double slice = device.pace()->slice_flops();
  return slice > 0 ? std::min(most, slice / 2) : most / kCautious;
}

void run_once(kernels::Library& library, const std::function<void(kernels::Context&)>& record) {
  vulkan::Recorder recorder(library.device(), {.segment_flops = segment_flops(library.device())});
  kernels::Context context{library, recorder};
  record(context);
  const vulkan::Recording recording = recorder.finish();
  vulkan::Queue queue(library.device());
  queue.wait(queue.submit(recording));
}

// Strip by strip, so that the host holds no second picture.
void upload_image(const vulkan::Region& to, const Image& image, const Recipe& recipe) {
  constexpr size_t kStrip = vulkan::kStagingBytes / sizeof(float);
  std::vector<float> variable;
  for (size_t first = 0; first < image.rgb.size(); first += kStrip) {
    const size_t count = std::min(kStrip, image.rgb.size() - first);
    const auto strip = std::span(image.rgb).subspan(first, count);
    variable.assign(strip.begin(), strip.end());
    for (float& value : variable) value = static_cast<float>(value * recipe.optimizer.variable_range);
    vulkan::upload(to.part(first * sizeof(float), count * sizeof(float)), std::as_bytes(std::span(variable)));
  }
}

Footprint style_footprint(const vulkan::Caps& caps, const DeviceNetwork& network, const Recipe& recipe,
                          int height, int width, int tile, const Rounding& rounding) {
  if (recipe.style_layers.empty()) return {};
  return StyleStatistics(caps, network, recipe, height, width, tile).footprint(rounding);
}

Grams style_grams(kernels::Library& library, const DeviceNetwork& network, const Recipe& recipe,
                  const Image& style, int tile) {
  if (recipe.style_layers.empty()) return {};
  StyleStatistics statistics(library.caps(), network, recipe, style.height, style.width, tile);
  return statistics.grams(library, style);
}

Grams blended(const std::vector<Grams>& styles, const std::vector<double>& weights) {
  if (styles.size() == 1) return styles[0];
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  Grams result;
  for (size_t row = 0; row < styles[0].size(); row++) {
    std::vector<double> sums(styles[0][row].size());
    for (size_t s = 0; s < styles.size(); s++)
      for (size_t i = 0; i < sums.size(); i++) sums[i] += weights[s] / total * double(styles[s][row][i]);
    result.emplace_back(sums.begin(), sums.end());
  }
  return result;
}

Grams style_targets(kernels::Library& library, const DeviceNetwork& network, const Recipe& recipe,
                    const std::vector<WeightedStyle>& styles, int tile) {
  std::vector<Grams> grams;
  std::vector<double> weights;
  for (const WeightedStyle& style : styles) {
    grams.push_back(style_grams(library, network, recipe, *style.image, tile));
    weights.push_back(style.weight);
  }
  return blended(grams, weights);
}

}  // namespace impasto::plan
