// Writes a pixel of a gradient, where the ReLU below let its channels through. bits: the mask of its tile; y, x: the pixel in the tile.
// Expects tensor_out, kMask and kAccumulate.
void store_masked(vec4 value, uvec2 bits, int y, int x, int at) {
  if (kMask) {
    uint four = bits[y / 2] >> ((y % 2) * 16 + x * 4);
    value = mix(vec4(0.0), value, notEqual(uvec4(four) & uvec4(1u, 2u, 4u, 8u), uvec4(0u)));
  }
  if (kAccumulate) value += FORMER(tensor_out, at);
  STORE(tensor_out, at, value);
}
