// What the pooling shaders share: one invocation works on a 4×4-pixel tile of four channels of the larger map, so it owns the
// tile's words of masks and choices. x runs over the blocks and tile columns of a row of tiles, y over rows of tiles.
#extension GL_EXT_control_flow_attributes : require
#include "common/tensor.glsl"
#include "pooling/push.h"
#include "pooling/window.glsl"

layout(local_size_x_id = 0) in;
layout(push_constant) uniform Push { PoolingPush p; };

struct Tile {
  ivec2 pixel;  // x, y of the top left one
  int block;
  int index;  // among the tile words of masks and choices, before the origin
  bool inside;
};

Tile this_tile() {
  int i = int(gl_GlobalInvocationID.x);
  int block = i / p.tile_columns;
  int row = p.first_tile_row + int(gl_WorkGroupID.y);
  int column = i - block * p.tile_columns;
  return Tile(ivec2(column, row) * kTile, block, row * p.blocks * p.tile_columns + i, block < p.blocks);
}

int texel_at(ivec2 at, int block) {
  ivec2 inside = min(at, ivec2(p.width, p.height) - 1);
  return p.origin + (inside.y * p.blocks + block) * p.width + inside.x;
}

bool pooled_exists(ivec2 at) { return at.x < p.pooled_width && at.y < p.pooled_height; }

int pooled_texel_at(ivec2 at, int block) {
  ivec2 inside = min(at, ivec2(p.pooled_width, p.pooled_height) - 1);
  return p.pooled_origin + (inside.y * p.blocks + block) * p.pooled_width + inside.x;
}
