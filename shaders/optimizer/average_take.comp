// An exponential average takes in the variable: a ← a + (z − a) / s, on a piece.
//   variable, average: `elements` floats;  sum: s, the sum of the weights dᵗ of all values so far
#version 450
#extension GL_GOOGLE_include_directive : require
#include "optimizer/push.h"

layout(local_size_x_id = 0) in;
layout(push_constant) uniform Constants {
  AveragePush push;
};
layout(binding = 0, std430) readonly buffer Variable {
  float variable[];
};
layout(binding = 1, std430) buffer Average {
  float average[];
};
layout(binding = 2, std430) readonly buffer Sum {
  float sum;
};

void main() {
  for (uint i = gl_GlobalInvocationID.x; i < uint(push.elements);
       i += gl_NumWorkGroups.x * gl_WorkGroupSize.x)
    average[i] += (variable[i] - average[i]) / sum;
}
