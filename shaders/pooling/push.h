// Push constants of the pooling shaders, which all work on 4×4-pixel tiles of the larger map.
#ifndef IMPASTO_POOLING_PUSH_H
#define IMPASTO_POOLING_PUSH_H

#include "common/layout.h"

IMPASTO_SHARED_BEGIN

struct PoolingPush {
  int height;  // of the larger map
  int width;
  int pooled_height;
  int pooled_width;
  int blocks;
  int tile_columns;
  int first_tile_row;
  int origin;         // of the larger map, in texels
  int pooled_origin;  // of the pooled map, in texels
  int choice_origin;  // in uints
  int mask_origin;    // in uvec2s
};

IMPASTO_SHARED_END

#endif
