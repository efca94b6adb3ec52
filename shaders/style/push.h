// Push constants of the Gram matrix and style-loss shaders.
#ifndef IMPASTO_STYLE_PUSH_H
#define IMPASTO_STYLE_PUSH_H
#include "common/layout.h"

IMPASTO_SHARED_BEGIN

struct GramPush {
  int origin;    // of the features' first column
  int pitch;     // texels from a block of a row to the next
  int last_row;  // rows [first_row, last_row) are summed by this dispatch
  int width;     // so many columns of them
  int blocks;
  int first_row;
  int rows_per_split;
  int first_split;
};

struct GramReducePush {
  int blocks;  // of four channels
  int splits;
  float scale;  // 1 / divisor
};

const int kBlocksPerGroup =
    8;  // that a workgroup of style_difference sums up before its invocations share their sums

struct StyleDifferencePush {
  int channels;          // 4 · blocks of G and A
  int padded;            // channels of D, a multiple of kGemmRows
  float gradient_scale;  // 4 / divisor
};

struct GramGradientPush {
  int feature_origin;  // of the first column
  int out_origin;      // likewise
  int pitch;           // texels from a block of a row to the next
  int width;           // so many columns
  int blocks;          // of the features and of the gradient
  int padded;          // channels of D
  int first_row;
  int pixels;        // of these in this band
  int first_column;  // of a dispatch of the subgroup family, in the band
};

IMPASTO_SHARED_END

#endif
