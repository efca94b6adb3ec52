// What matrix.glsl reads of a tensor.
uvec2 channels_at(ivec2 at, ivec2 size, int block) {
  return tensor_in[p.in_origin + (at.y * p.in_blocks + block) * size.x + at.x];
}
