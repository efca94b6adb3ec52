// Push constants of the loss terms, and what a workgroup of each covers; the host counts partial sums by the same numbers.
#ifndef IMPASTO_LOSS_PUSH_H
#define IMPASTO_LOSS_PUSH_H

#include "common/layout.h"

IMPASTO_SHARED_BEGIN

const int kLossGroup = 64;         // invocations a workgroup
const int kContentTexels = 1024;   // a partial sum of the content loss
const int kGradientTexels = 256;   // a workgroup of the content gradient
const int kVariationPixels = 256;  // a partial sum of the total variation, and of the temporal loss
const int kNormFloats = 2048;      // a partial sum of the squared norm
const int kTermHeader = 16;        // bytes before a term's partial sums

struct ContentPush {
  int texels;  // of this span
  int first_partial;
};

struct VariationPush {
  int pixels;  // of this span
  int first_pixel;
  int height;
  int width;
  int origin;           // of the picture, in floats
  int gradient_origin;  // in floats
  float scale;          // of the variable before differences are taken
  float exponent;
};

struct TemporalPush {
  int pixels;  // of this span
  int first_partial;
  float scale;  // of the variable before differences are taken
};

struct TermValuePush {
  int partials;
  int index;
};

struct NormPush {
  int floats;  // of this span
  int first_partial;
};

struct ReportPush {
  int count;
  int slots;
};

IMPASTO_SHARED_END

#endif
