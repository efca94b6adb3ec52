// 3×3 convolution, stride 1, padding 1: forward with bias, ReLU and the pooling behind it, and the data gradient with the ReLU mask.
//
// Winograd F(4×4, 3×3) in three dispatches (input transform, 36 matrix products, output transform) for slabs
// of tiles, in row-major order, that fit a scratch region;
// or, where there are weights for that, by cooperative matrices, or directly: for the first layer, whose input is a picture: three channels
// at most. These two need no scratch.
#pragma once

#include "convolution_weights.h"
#include "impasto/recipe.h"
#include "library.h"
#include "tensor.h"

namespace impasto::kernels {

// What a layer's input is surrounded by; replicate: its edge.
enum class Padding { zeros, replicate };

// With a pixel more on each side, in fp32.
inline Shape padded(const Shape& shape) {
  return {shape.channels, shape.height + 2, shape.width + 2};
}

// The weights of one layer on the device: for Winograd, for cooperative matrices or to run directly; unused regions are empty (bytes 0).
struct ConvolutionWeights {
  int inputs = 0;
  int outputs = 0;
  Element element = Element::fp32;  // of `winograd`, and of the features; the other weights are small
  vulkan::Region winograd;
  vulkan::Region bias;
  vulkan::Region direct_forward;
  vulkan::Region direct_backward;
  vulkan::Region matrix_forward;
  vulkan::Region matrix_backward;

  bool direct() const { return direct_forward.bytes != 0; }
  bool matrix() const { return matrix_forward.bytes != 0; }
  bool scratchless() const { return direct() || matrix(); }
};

// A map of which only what 2×2 pooling with stride 2 makes of it is kept (pooling.h), or the gradient of that.
struct PooledMap {
  Shape map;  // that was pooled
  Tensor pooled;
  PoolingKind kind = PoolingKind::average;
  vulkan::Region mask;     // of the map, layout.h
  vulkan::Region choices;  // of max pooling
};

// Whether a layer can be pooled where it is made, without its map.
bool fuses_pooling(const vulkan::Caps& caps, const ConvolutionWeights& weights);

// V and M of one slab.
struct WinogradScratch {
  vulkan::Region v;
  vulkan::Region m;
};

// Of a data gradient; the slabs' V and M are of padded(picture) where a Winograd layer replicates, and with_padding is a tensor of it,
// else empty.
struct BackwardScratch {
  WinogradScratch slab;
  vulkan::Region with_padding;
};

// Tiles that V and M have room for a multiple of, and so do slabs, but for a picture's last.
constexpr int kSlabMultiple = 64;

// Bytes of V for `channels` that are read, and of M for `channels` that are written, in a slab of so many tiles.
uint64_t winograd_input_bytes(int channels, int tiles);
uint64_t winograd_output_bytes(int channels, int tiles);

// Tiles a slab, of so many in the picture, where slabs are as few as V and M of so many bytes allow and as even as may be; kSlabMultiple
// at least, whatever it takes.
int slab_tiles(int tiles, int inputs, int outputs, uint64_t v_bytes, uint64_t m_bytes);

// out = ReLU(in * weights + bias); mask (of out, layout.h) is written when its region is not empty.
// in: inputs × H × W, out: outputs × H × W.
void convolution_forward(Context& context, const ConvolutionWeights& weights, const Tensor& in,
                         const Tensor& out, const vulkan::Region& mask, const WinogradScratch& scratch,
                         Padding padding = Padding::zeros);

// The rows of the same from first_row on, a multiple of 4, that `rows` has room for: outputs × so many × W, a multiple of 4 too but for
// the last. Of weights to run directly.
void convolution_forward_rows(Context& context, const ConvolutionWeights& weights, const Tensor& in,
                              int first_row, const Tensor& rows, Padding padding = Padding::zeros);

// out.pooled = pool(ReLU(in * weights + bias)), and out's mask and choices when the mask's region is not empty. Where pooling fuses.
void convolution_forward(Context& context, const ConvolutionWeights& weights, const Tensor& in,
                         const PooledMap& out, const WinogradScratch& scratch,
                         Padding padding = Padding::zeros);

// in_gradient = mask ⊙ (data gradient of the convolution at out_gradient), where mask is that of the
// activation `in`; an empty region applies none. With accumulate, in_gradient's former value, masked already,
// is added.
void convolution_backward(Context& context, const ConvolutionWeights& weights, const Tensor& out_gradient,
                          const Tensor& in_gradient, const vulkan::Region& mask,
                          const BackwardScratch& scratch, bool accumulate, Padding padding = Padding::zeros);

// The same at the gradient that reaches the map through its pooling and ReLU. Where pooling fuses.
void convolution_backward(Context& context, const ConvolutionWeights& weights, const PooledMap& out_gradient,
                          const Tensor& in_gradient, const vulkan::Region& mask,
                          const BackwardScratch& scratch, bool accumulate, Padding padding = Padding::zeros);

// Multiply-adds × 2 of one direction, as a direct convolution would do them.
double convolution_flops(int inputs, int outputs, Shape picture);

}  // namespace impasto::kernels
