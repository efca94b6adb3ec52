// A convolution that is pooled where it is made, and the data gradient at a pooling's, against loops in double precision and against the
// kernels that store the map between.
#include "catch.h"
#include "kernels/pooling.h"
#include "reference/pooling.h"
#include "support/gpu.h"
#include "support/layer.h"
#include "support/matrices.h"
#include "support/random.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace impasto::test {
namespace {

using kernels::Shape;
using reference::Array;

struct Case {
  int inputs, outputs, height, width;
  PoolingKind kind = PoolingKind::average;
  PoolingRounding rounding = PoolingRounding::floor;
  kernels::Padding padding = kernels::Padding::zeros;
  int slab = kWhole;
  Element element = Element::fp32;
  bool matrix = false;  // by cooperative matrices

  Shape map() const { return {outputs, height, width, element}; }
  Shape pooled() const { return kernels::pooled(map(), rounding); }
  bool empty() const { return pooled().height == 0 || pooled().width == 0; }
  double tolerance() const {
    return 1e-5 + storage_error(element) + (element == Element::fp16 ? 1.2e-3 : 0);  // convolution_test.cpp
  }
};

reference::Padding reference_padding(const Case& with) {
  return with.padding == kernels::Padding::zeros ? reference::Padding::zero : reference::Padding::replicate;
}

kernels::ConvolutionWeights upload_layer(Arena& arena, const Layer& layer, const Case& with) {
  return with.matrix ? upload_matrix(arena, layer) : upload_winograd(arena, layer, with.element);
}

// Of what a kernel writes of windows that do not exist nothing is read.
std::vector<uint32_t> existing(std::vector<uint32_t> choices, const Shape& map, const Shape& pooled) {
  const int columns = map.tile_columns(), row = map.blocks() * columns;
  for (int i = 0; i < int(choices.size()); i++)
    for (int window = 0; window < 4; window++) {
      const int y = i / row * 2 + window / 2, x = i % columns * 2 + window % 2;
      if (y >= pooled.height || x >= pooled.width) choices[size_t(i)] &= ~(0xffu << (window * 8));
    }
  return choices;
}

// What the device makes: first with the pooling in the convolution, then with the map stored.
struct Made {
  Array result, result_apart;
  std::vector<uint32_t> mask, mask_apart;
  std::vector<uint32_t> choices, choices_apart;
};

Made forward(kernels::Library& library, const Case& with, const Layer& layer, const Array& in) {
  Arena arena;
  const bool max = with.kind == PoolingKind::max;
  const kernels::ConvolutionWeights weights = upload_layer(arena, layer, with);
  const kernels::Tensor from = arena.tensor(in, with.element), map = arena.tensor(with.map());
  const kernels::Tensor fused = arena.tensor(with.pooled()), apart = arena.tensor(with.pooled());
  const vulkan::Region mask = arena.region(map.shape.mask_bytes());
  const vulkan::Region mask_apart = arena.region(map.shape.mask_bytes());
  const vulkan::Region choices = arena.region(map.shape.choice_bytes());
  const vulkan::Region choices_apart = arena.region(map.shape.choice_bytes());
  const kernels::WinogradScratch room =
      winograd_scratch(arena, with.inputs, with.outputs, from.shape, with.slab);
  REQUIRE(kernels::fuses_pooling(library.caps(), weights));
  run(library, [&](kernels::Context& context) {
    const kernels::PooledMap out{map.shape, fused, with.kind, mask, max ? choices : vulkan::Region{}};
    kernels::convolution_forward(context, weights, from, out, room, with.padding);
    kernels::convolution_forward(context, weights, from, map, mask_apart, room, with.padding);
    if (max)
      kernels::max_pool_forward(context, map, apart, choices_apart);
    else
      kernels::average_pool_forward(context, map, apart);
  });
  Made made{
      download(fused), download(apart), download<uint32_t>(mask), download<uint32_t>(mask_apart), {}, {}};
  if (max) {
    made.choices = existing(download<uint32_t>(choices), map.shape, fused.shape);
    made.choices_apart = existing(download<uint32_t>(choices_apart), map.shape, fused.shape);
  }
  return made;
}

void check_forward(const Case& with, kernels::Library& library = test::library()) {
  const Layer layer = random_layer(with.inputs, with.outputs, 7);
  const Array in = stored(random_array(with.inputs, with.height, with.width, 3), with.element);
  const Array map = reference::relu(reference::convolve(in, layer.kernel, reference_padding(with)));
  const Array expected = reference::pool(map, {with.kind, with.rounding});
  const Made made = forward(library, with, layer, in);
  CHECK(reference::relative_error(made.result, expected) < with.tolerance());
  CHECK(made.mask == made.mask_apart);
  if (with.element == Element::fp16) return;  // a map stored as halves has ties that it had not before
  CHECK(reference::relative_error(made.result, made.result_apart) < 1e-6);
  CHECK(made.choices == made.choices_apart);
}

// Halves and zeros, so that windows have ties.
Array coarse_activations(const Shape& shape, uint64_t seed) {
  Array array = random_array(shape.channels, shape.height, shape.width, seed);
  for (double& value : array.data) value = std::max(0.0, std::round(value * 8) / 8);
  return array;
}

// before: what the gradient is added to. The choices are those of the kernel that pools a map.
Made backward(kernels::Library& library, const Case& with, const Layer& layer, const Array& activation,
              const Array& gradient, const Array& below, const Array& before) {
  Arena arena;
  const bool max = with.kind == PoolingKind::max;
  const kernels::ConvolutionWeights weights = upload_layer(arena, layer, with);
  const kernels::Tensor map = arena.tensor(activation, with.element), spread = arena.tensor(map.shape);
  const kernels::Tensor pooled = arena.tensor(with.pooled()), from = arena.tensor(gradient, with.element);
  const kernels::Tensor fused = arena.tensor(before, with.element),
                        apart = arena.tensor(before, with.element);
  const vulkan::Region mask = arena.region(mask_of(activation)), mask_below = arena.region(mask_of(below));
  const vulkan::Region choices = arena.region(map.shape.choice_bytes());
  const Shape computed =
      with.padding == kernels::Padding::replicate ? kernels::padded(fused.shape) : fused.shape;
  const kernels::BackwardScratch room{winograd_scratch(arena, with.outputs, with.inputs, computed, with.slab),
                                      arena.region(computed.bytes())};
  run(library, [&](kernels::Context& context) {
    if (max) kernels::max_pool_forward(context, map, pooled, choices);
    const kernels::PooledMap in{map.shape, from, with.kind, mask, max ? choices : vulkan::Region{}};
    kernels::convolution_backward(context, weights, in, fused, mask_below, room, true, with.padding);
    if (max)
      kernels::max_pool_backward(context, from, choices, mask, spread, false);
    else
      kernels::average_pool_backward(context, from, mask, spread, false);
    kernels::convolution_backward(context, weights, spread, apart, mask_below, room, true, with.padding);
  });
  return {download(fused), download(apart), {}, {}, {}, {}};
}

void check_backward(const Case& with, kernels::Library& library = test::library()) {
  const Layer layer = random_layer(with.inputs, with.outputs, 11);
  const Array activation = coarse_activations(with.map(), 4);
  const Array below = random_array(with.inputs, with.height, with.width, 6);
  const auto random = [&](const Shape& shape, uint64_t seed) {
    return stored(random_array(shape.channels, shape.height, shape.width, seed), with.element);
  };
  const Array gradient = random(with.pooled(), 5);
  const Array before = reference::relu_gradient(random(shape_of(below), 8), below);
  const Array spread = reference::relu_gradient(
      reference::pool_gradient(gradient, activation, {with.kind, with.rounding}), activation);
  Array expected = reference::relu_gradient(
      reference::convolve_gradient(spread, layer.kernel, reference_padding(with)), below);
  reference::add_scaled(expected, before);
  const Made made = backward(library, with, layer, activation, gradient, below, before);
  CHECK(reference::relative_error(made.result, expected) < with.tolerance());
  if (with.element == Element::fp32) CHECK(reference::relative_error(made.result, made.result_apart) < 1e-6);
}

void check(Case with, kernels::Library& library = test::library()) {
  for (const PoolingKind kind : {PoolingKind::average, PoolingKind::max})
    for (const PoolingRounding rounding : {PoolingRounding::floor, PoolingRounding::ceil}) {
      with.kind = kind;
      with.rounding = rounding;
      if (with.empty()) continue;
      CAPTURE(with.inputs, with.outputs, with.height, with.width, with.slab);
      CAPTURE(kind == PoolingKind::max, rounding == PoolingRounding::ceil,
              with.padding == kernels::Padding::replicate);
      check_forward(with, library);
      check_backward(with, library);
    }
}

bool fuses() {
  if (device().caps().max_storage_buffers >= 5) return true;
  skip("a device with fewer than five storage buffers a stage pools apart");
  return false;
}

TEST_CASE("a convolution with its pooling, and the gradient at a pooling's, equal the loops") {
  IMPASTO_REQUIRE_GPU();
  if (!fuses()) return;
  for (Case with : {Case{64, 64, 16, 16}, Case{8, 36, 7, 33}, Case{36, 8, 29, 3}, Case{5, 7, 1, 1},
                    Case{17, 33, 67, 1}, Case{16, 16, 1, 67}, Case{4, 1, 10, 10}, Case{32, 24, 31, 37}})
    for (const kernels::Padding padding : {kernels::Padding::zeros, kernels::Padding::replicate}) {
      with.padding = padding;
      check(with);
    }
}

TEST_CASE("so they do in slabs and in bindings that hold a part of the map") {
  IMPASTO_REQUIRE_GPU();
  if (!fuses()) return;
  for (const int slab : {64, 128}) {
    Case with{24, 40, 62, 43};  // 176 tiles in rows of eleven
    with.slab = slab;
    check(with);
    with.padding = kernels::Padding::replicate;
    check(with);
  }
  kernels::Library limited = limited_library(320000);
  check({8, 16, 61, 37}, limited);
}

TEST_CASE("so they do with halves") {
  IMPASTO_REQUIRE_GPU();
  if (!fuses()) return;
  for (Case with : {Case{64, 64, 16, 16}, Case{36, 8, 29, 3}}) {
    with.element = Element::fp16;
    check(with);
  }
}

TEST_CASE("so they do by cooperative matrices") {
  IMPASTO_REQUIRE_GPU();
  std::optional<vulkan::Caps> caps = matrix_caps();
  if (!caps || caps->max_storage_buffers < 6) return;
  kernels::Library hardware(device(), *caps);
  caps->max_storage_range = 40000;
  kernels::Library limited(device(), *caps);
  for (Case with : {Case{64, 64, 16, 16}, Case{8, 36, 7, 33}, Case{36, 8, 29, 3}, Case{5, 7, 1, 1},
                    Case{17, 33, 67, 1}, Case{16, 16, 1, 67}, Case{64, 128, 31, 37}, Case{8, 16, 61, 37}})
    for (const kernels::Padding padding : {kernels::Padding::zeros, kernels::Padding::replicate}) {
      with.padding = padding;
      with.element = Element::fp16;
      with.matrix = true;
      check(with, with.inputs == 8 ? limited : hardware);
    }
}

}  // namespace
}  // namespace impasto::test
