// The weights of an exponential average with one value more: s ← 1 + d·s, which is (1 − dᵗ) / (1 − d) without its cancellation.
// One invocation.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "optimizer/push.h"

layout(local_size_x_id = 0) in;
layout(push_constant) uniform Constants {
  AverageAdvance push;
};
layout(binding = 0, std430) buffer Sum {
  float sum;
};

void main() {
  if (gl_GlobalInvocationID.x == 0u) sum = 1.0 + push.decay * sum;
}
