// Separable resampling of interleaved floats on the device, with the very weights that the host's resampling
// has.
#pragma once

#include "base/resample_weights.h"
#include "kernels/library.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace impasto::kernels {

// The weights of one axis on the device: for each output position its first input position, then its weights.
struct ResampleAxis {
  int in = 0;
  int out = 0;
  int taps = 0;
  std::vector<int> first;  // kept on the host, to know which input rows a band of output rows reads
  vulkan::Region table;    // axis_table() uploaded
};

// What to upload as the table of an axis.
std::vector<uint32_t> axis_table(const ResampleWeights& weights);
ResampleAxis resample_axis(const ResampleWeights& weights, int in, const vulkan::Region& table);

// Bytes of the picture between the two passes.
uint64_t resample_scratch_bytes(const ResampleAxis& horizontal, const ResampleAxis& vertical, int channels);

// in: vertical.in × horizontal.in × channels floats → out: vertical.out × horizontal.out × channels.
// Horizontal first, then vertical. Weights that leave an axis as it is are not special: they are summed too.
void resample(Context& context, const vulkan::Region& in, const vulkan::Region& out,
              const vulkan::Region& scratch, const ResampleAxis& horizontal, const ResampleAxis& vertical,
              int channels);

}  // namespace impasto::kernels
