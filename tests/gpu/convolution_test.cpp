// The convolution and its data gradient against loops in double precision, whole and in slabs.
#include "kernels/convolution.h"

#include "catch.h"
#include "support/gpu.h"
#include "support/layer.h"
#include "support/matrices.h"
#include "support/random.h"

namespace impasto::test {
namespace {

struct Size {
  int inputs, outputs, height, width;
};

const Size kSizes[] = {{3, 64, 13, 17}, {3, 5, 1, 9},     {64, 64, 16, 16}, {8, 36, 7, 33},
                       {36, 8, 29, 3},  {5, 7, 1, 1},     {64, 128, 5, 70}, {17, 33, 67, 1},
                       {16, 16, 1, 67}, {256, 64, 9, 11}, {512, 512, 6, 5}, {4, 1, 10, 10},
                       {1, 512, 12, 7}, {128, 256, 4, 4}, {32, 24, 31, 37}};

enum class Way { winograd, winograd_replicating, direct, direct_replicating, matrix, matrix_replicating };

bool is_direct(Way way) {
  return way == Way::direct || way == Way::direct_replicating;
}

// As what the tensors are stored, and Winograd's weights.
struct Stored {
  Element tensors = Element::fp32;
  Element weights = Element::fp32;
};

// Rounding the transformed weights and inputs to 11 bits each makes an error of 1.2e-3 in F(4×4, 3×3) with these points, measured over
// 64 and 512 channels; here only the weights are rounded. Weights that are not transformed cost a last place at most.
double tolerance(const Stored& as, Way way) {
  const double weights = way == Way::matrix || way == Way::matrix_replicating ? 5e-4 : 1.2e-3;
  return 1e-5 + storage_error(as.tensors) + (as.weights == Element::fp16 ? weights : 0);
}

kernels::ConvolutionWeights upload_layer(Arena& arena, const Layer& layer, Way way, Element element) {
  if (way == Way::winograd || way == Way::winograd_replicating) return upload_winograd(arena, layer, element);
  if (!is_direct(way)) return upload_matrix(arena, layer);
  const kernels::ConvolutionKernel kernel = layer.floats();
  kernels::ConvolutionWeights weights{
      kernel.inputs, kernel.outputs, element, {}, arena.region(kernels::pack_bias(kernel)), {}, {}, {}, {}};
  weights.direct_forward = arena.region(kernels::pack_direct_forward(kernel));
  weights.direct_backward = arena.region(kernels::pack_direct_backward(kernel));
  return weights;
}

bool replicates(Way way) {
  return way == Way::winograd_replicating || way == Way::direct_replicating || way == Way::matrix_replicating;
}

kernels::Padding device_padding(Way way) {
  return replicates(way) ? kernels::Padding::replicate : kernels::Padding::zeros;
}

reference::Padding padding(Way way) {
  return replicates(way) ? reference::Padding::replicate : reference::Padding::zero;
}

void check_forward(const Size& size, int slab, Way way = Way::winograd,
                   kernels::Library& library = test::library(), const Stored& as = {}) {
  Arena arena;
  const Layer layer = random_layer(size.inputs, size.outputs, 7);
  const Element input = is_direct(way) ? Element::fp32 : as.tensors;  // a picture is not halved
  const reference::Array in = stored(random_array(size.inputs, size.height, size.width, 3), input);
  const kernels::ConvolutionWeights weights = upload_layer(arena, layer, way, as.weights);
  const kernels::Tensor from = arena.tensor(in, input),
                        to = arena.tensor(kernels::Shape{size.outputs, size.height, size.width, as.tensors});
  const vulkan::Region mask = arena.region(to.shape.mask_bytes());
  const kernels::WinogradScratch room = winograd_scratch(arena, size.inputs, size.outputs, from.shape, slab);
  run(library, [&](kernels::Context& context) {
    kernels::convolution_forward(context, weights, from, to, mask, room, device_padding(way));
  });
  const reference::Array expected = reference::relu(reference::convolve(in, layer.kernel, padding(way)));
  const reference::Array actual = download(to);
  CHECK(reference::relative_error(actual, expected) < tolerance(as, way));
  CHECK(download<uint32_t>(mask) == mask_of(actual));
}

void check_backward(const Size& size, int slab, bool accumulate, Way way = Way::winograd,
                    kernels::Library& library = test::library(), const Stored& as = {}) {
  Arena arena;
  const Layer layer = random_layer(size.inputs, size.outputs, 11);
  const bool direct = is_direct(way);  // of a picture, which has no ReLU
  const Element output = direct ? Element::fp32 : as.tensors;
  const reference::Array gradient =
      stored(random_array(size.outputs, size.height, size.width, 5), as.tensors);
  const reference::Array activation = random_array(size.inputs, size.height, size.width, 6);
  const reference::Array before = stored(
      reference::relu_gradient(random_array(size.inputs, size.height, size.width, 8), activation), output);
  const kernels::ConvolutionWeights weights = upload_layer(arena, layer, way, as.weights);
  const kernels::Tensor from = arena.tensor(gradient, as.tensors), to = arena.tensor(before, output);
  const vulkan::Region mask = direct ? vulkan::Region{} : arena.region(mask_of(activation));
  const kernels::Shape computed = replicates(way) ? kernels::padded(to.shape) : to.shape;
  const kernels::BackwardScratch room{winograd_scratch(arena, size.outputs, size.inputs, computed, slab),
                                      arena.region(computed.bytes())};
  run(library, [&](kernels::Context& context) {
    kernels::convolution_backward(context, weights, from, to, mask, room, accumulate, device_padding(way));
  });
  reference::Array expected = reference::convolve_gradient(gradient, layer.kernel, padding(way));
  if (!direct) expected = reference::relu_gradient(expected, activation);
  if (accumulate) reference::add_scaled(expected, before);
  CHECK(reference::relative_error(download(to), expected) < tolerance(as, way));
}

TEST_CASE("convolution with bias and ReLU equals the loops") {
  IMPASTO_REQUIRE_GPU();
  for (const Size& size : kSizes) {
    CAPTURE(size.inputs, size.outputs, size.height, size.width);
    check_forward(size, kWhole);
    check_forward(size, kWhole, Way::winograd_replicating);
  }
}

TEST_CASE("the data gradient equals the loops") {
  IMPASTO_REQUIRE_GPU();
  for (const Size& size : kSizes) {
    CAPTURE(size.inputs, size.outputs, size.height, size.width);
    check_backward(size, kWhole, false);
    check_backward(size, kWhole, true);
    check_backward(size, kWhole, true, Way::winograd_replicating);
  }
}

TEST_CASE(
    "the first layer's direct convolution and its gradient equal the loops, whatever surrounds the picture") {
  IMPASTO_REQUIRE_GPU();
  for (const Size& size : {Size{3, 64, 13, 17}, Size{3, 5, 1, 9}, Size{3, 12, 9, 1}, Size{3, 8, 1, 1},
                           Size{3, 1, 10, 10}, Size{1, 512, 12, 7}, Size{3, 16, 37, 70}, Size{2, 6, 5, 4}})
    for (const Way way : {Way::direct, Way::direct_replicating}) {
      CAPTURE(size.inputs, size.outputs, size.height, size.width, int(way));
      check_forward(size, kWhole, way);
      check_backward(size, kWhole, false, way);
    }
}

// halves: of the features.
void check_rows(const Size& size, Way way, Element halves, kernels::Library& library) {
  CAPTURE(size.height, size.width, int(way), int(halves));
  Arena arena;
  const kernels::ConvolutionWeights weights =
      upload_layer(arena, random_layer(size.inputs, size.outputs, 7), way, Element::fp32);
  const kernels::Tensor from = arena.tensor(random_array(size.inputs, size.height, size.width, 3));
  const kernels::Shape shape{size.outputs, size.height, size.width, halves};
  const kernels::Tensor whole = arena.tensor(shape), pieced = arena.tensor(shape);
  run(library, [&](kernels::Context& context) {
    kernels::convolution_forward(context, weights, from, whole, {}, {}, device_padding(way));
    for (int first = 0, rows = 8; first < size.height; first += rows, rows = 12)
      kernels::convolution_forward_rows(context, weights, from, first,
                                        pieced.rows(first, std::min(rows, size.height - first)),
                                        device_padding(way));
  });
  CHECK((download(pieced).data == download(whole).data));
}

TEST_CASE("rows of the first layer are those of the whole, bit for bit") {
  IMPASTO_REQUIRE_GPU();
  kernels::Library limited = limited_library(40000);
  for (const Way way : {Way::direct, Way::direct_replicating}) {
    for (const Size& size : {Size{3, 64, 21, 17}, Size{3, 5, 1, 9}, Size{2, 9, 37, 40}})
      check_rows(size, way, Element::fp32, library());
    check_rows({3, 8, 37, 70}, way, Element::fp32, limited);
    if (compiles_halves()) check_rows({3, 12, 21, 17}, way, Element::fp16, library());
  }
}

TEST_CASE("a convolution in slabs equals the loops") {
  IMPASTO_REQUIRE_GPU();
  const Size size{24, 40, 62, 43};  // 176 tiles in rows of eleven: slabs begin and end within rows
  for (const int slab : {64, 128, 192}) {
    CAPTURE(slab);
    check_forward(size, slab);
    check_backward(size, slab, true);
    check_forward(size, slab, Way::winograd_replicating);
    check_backward(size, slab, false, Way::winograd_replicating);
  }
}

TEST_CASE("convolutions of halves, and with weights that are halves, equal the loops") {
  IMPASTO_REQUIRE_GPU();
  kernels::Library limited = limited_library(320000);
  for (const Stored& as : {Stored{Element::fp16, Element::fp32}, Stored{Element::fp16, Element::fp16}}) {
    for (const Size& size : {Size{64, 64, 16, 16}, Size{17, 33, 67, 1}, Size{36, 8, 29, 3}}) {
      CAPTURE(size.inputs, size.outputs, int(as.weights));
      for (const Way way : {Way::winograd, Way::winograd_replicating}) {
        check_forward(size, kWhole, way, library(), as);
        for (const bool accumulate : {false, true})
          check_backward(size, kWhole, accumulate, way, library(), as);
      }
    }
    check_forward({8, 16, 61, 37}, kWhole, Way::winograd, limited, as);
    check_backward({8, 16, 61, 37}, kWhole, true, Way::winograd, limited, as);
  }
  if (!compiles_halves()) return;
  for (const Way way : {Way::direct, Way::direct_replicating}) {
    check_forward({3, 12, 13, 17}, kWhole, way, library(), {Element::fp16, Element::fp32});
    check_backward({3, 12, 13, 17}, kWhole, false, way, library(), {Element::fp16, Element::fp32});
  }
}

TEST_CASE("convolutions by cooperative matrices equal the loops") {
  IMPASTO_REQUIRE_GPU();
  std::optional<vulkan::Caps> caps = matrix_caps();
  if (!caps) return;
  kernels::Library hardware(device(), *caps);
  caps->max_storage_range = 40000;
  kernels::Library limited(device(), *caps);
  const Stored halves{Element::fp16, Element::fp16};
  for (const Size& size : {Size{64, 64, 16, 16}, Size{17, 33, 67, 1}, Size{36, 8, 29, 3},
                           Size{64, 128, 9, 35}, Size{128, 256, 8, 16}, Size{5, 7, 1, 1}}) {
    CAPTURE(size.inputs, size.outputs, size.height, size.width);
    for (const Way way : {Way::matrix, Way::matrix_replicating}) {
      check_forward(size, kWhole, way, hardware, halves);
      for (const bool accumulate : {false, true})
        check_backward(size, kWhole, accumulate, way, hardware, halves);
    }
  }
  REQUIRE(kernels::Shape({16, 61, 37, Element::fp16}).bytes() > 40000);
  for (const Way way : {Way::matrix, Way::matrix_replicating}) {
    check_forward({8, 16, 61, 37}, kWhole, way, limited, halves);
    check_backward({8, 16, 61, 37}, kWhole, true, way, limited, halves);
  }
}

TEST_CASE("however cooperative matrices are shared out, a convolution has the same bits") {
  IMPASTO_REQUIRE_GPU();
  const std::optional<vulkan::Caps> caps = matrix_caps();
  if (!caps) return;
  Arena arena;
  const Layer layer = random_layer(36, 128, 9);
  const kernels::ConvolutionWeights weights = upload_layer(arena, layer, Way::matrix, Element::fp16);
  const kernels::Tensor from = arena.tensor(random_array(36, 9, 21, 3), Element::fp16);
  std::vector<std::vector<double>> results;
  for (const kernels::MatrixKernel& kernel : kernels::matrix_kernels(*caps, 128)) {
    kernels::Library tuned(device(), *caps);
    tuned.set_tuning({{}, {{64, kernel.name}}});
    const kernels::Tensor to = arena.tensor(kernels::Shape{128, 9, 21, Element::fp16});
    run(tuned,
        [&](kernels::Context& context) { kernels::convolution_forward(context, weights, from, to, {}, {}); });
    results.push_back(download(to).data);
  }
  REQUIRE(results.size() >= 3);
  for (const std::vector<double>& result : results) CHECK((result == results.front()));
}

TEST_CASE("whatever tile a product is tuned to, its results are the same bits") {
  IMPASTO_REQUIRE_GPU();
  vulkan::Caps caps = device().caps();
  caps.subgroup_shuffle = false;  // the family in shared memory has the choice
  kernels::Library untuned(device(), caps);
  Arena arena;
  const Layer layer = random_layer(36, 136, 7);
  const kernels::ConvolutionWeights weights = upload_layer(arena, layer, Way::winograd, Element::fp32);
  const kernels::Tensor from = arena.tensor(random_array(36, 9, 21, 3));
  const kernels::WinogradScratch room = winograd_scratch(arena, 36, 136, from.shape, kWhole);
  const auto result = [&](kernels::Library& library) {
    const kernels::Tensor to = arena.tensor(kernels::Shape{136, 9, 21});
    run(library, [&](kernels::Context& context) {
      kernels::convolution_forward(context, weights, from, to, {}, room);
    });
    return download(to).data;
  };
  const std::vector<double> expected = result(untuned);
  REQUIRE(kernels::gemm_kernels(caps).size() >= 2);
  for (const kernels::GemmKernel& kernel : kernels::gemm_kernels(caps)) {
    CAPTURE(kernel.name);
    kernels::Library tuned(device(), caps);
    tuned.set_tuning({{{64, kernel.name}}, {}});
    CHECK((result(tuned) == expected));
  }
}

TEST_CASE("a convolution larger than a binding equals the loops") {
  IMPASTO_REQUIRE_GPU();
  constexpr uint64_t kLimit = 320000;  // of 160 tiles, 128 have less, transformed
  kernels::Library limited = limited_library(kLimit);
  const Size winograd{8, 16, 61, 37};
  REQUIRE(kernels::winograd_output_bytes(16, 160) > kLimit);
  for (const Way way : {Way::winograd, Way::winograd_replicating}) {
    check_forward(winograd, kWhole, way, limited);
    check_backward(winograd, kWhole, true, way, limited);
  }
  const Size direct{3, 8, 61, 400};
  REQUIRE(kernels::Shape{8, 61, 400}.bytes() > 2 * kLimit);
  for (const Way way : {Way::direct, Way::direct_replicating}) {
    check_forward(direct, kWhole, way, limited);
    check_backward(direct, kWhole, false, way, limited);
  }
}

}  // namespace
}  // namespace impasto::test
