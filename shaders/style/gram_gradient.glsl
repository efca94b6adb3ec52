// The columns of the product are pixels of a block, row-major; the result is masked by the features themselves.

// The first texel of a pixel, clamped to the last one of this dispatch.
int texel_of(int column) {
  int pixel = min(column, p.pixels - 1);
  int y = pixel / p.width;
  return (p.first_row + y) * p.blocks * p.pitch + pixel - y * p.width;
}

void store_masked(int texel, vec4 values) {
  vec4 f = LOAD(features, p.feature_origin + texel);
  values = mix(vec4(0.0), values, greaterThan(f, vec4(0.0)));
  int at = p.out_origin + texel;
  if (kAccumulate) values += FORMER(tensor_out, at);
  STORE(tensor_out, at, values);
}
