// Push constants of the shaders that read or write pictures: H × W × 3 interleaved floats.
#ifndef IMPASTO_IMAGE_PUSH_H
#define IMPASTO_IMAGE_PUSH_H

#include "common/layout.h"

IMPASTO_SHARED_BEGIN

struct PreprocessPush {
  int width;         // of the window
  int origin;        // of the tensor at the first row of this dispatch
  int image_origin;  // of the picture at the window's first pixel of that row, in floats
  int image_row;     // floats of a row of the picture
  float scale[3];    // RGB order
  float mean[3];     // likewise
};

struct CopyWindowPush {
  int in_origin;
  int out_origin;
  int in_width;
  int out_width;
  int blocks;
  int down;
  int along;
  int first_row;     // of the output, in this dispatch
  int first_column;  // of the output, and
  int last_column;   // the one after the last
  int rows[2];       // of the input that are copied: the first and the one after the last
  int columns[2];    // likewise
};

struct ClearAroundPush {
  int origin;
  int width;
  int blocks;
  int first_row;   // in this dispatch
  int rows[2];     // that are kept: the first and the one after the last
  int columns[2];  // likewise
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
