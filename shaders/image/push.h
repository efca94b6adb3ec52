// Push constants of the shaders that read or write pictures: H × W × 3 interleaved floats.
#ifndef IMPASTO_IMAGE_PUSH_H
#define IMPASTO_IMAGE_PUSH_H

#include "common/layout.h"

IMPASTO_SHARED_BEGIN

struct PreprocessPush {
  int pixels;
  float scale[3];  // RGB order
  float mean[3];   // likewise
};

struct ResamplePush {
  int in_origin;   // in floats
  int out_origin;  // in floats
  int in_row;      // floats of an input row
  int out_row;     // floats of an output row
  int channels;    // interleaved
  int taps;
  int first_out_row;  // of this band
};

IMPASTO_SHARED_END

#endif
