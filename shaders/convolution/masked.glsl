// Writes a pixel of a gradient, where the ReLU below let its channels through. bits: the mask of its tile; y, x: the pixel in the tile.
// Expects tensor_out, kMask and kAccumulate.
#include "common/mask.glsl"

void store_masked(vec4 value, uvec2 bits, int y, int x, int at) {
  if (kMask) value = masked(value, bits, y, x);
  if (kAccumulate) value += FORMER(tensor_out, at);
  STORE(tensor_out, at, value);
}
