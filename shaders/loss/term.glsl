// A loss term's block: the weights of its value and of its gradient, which the host may change between iterations, and the partial sums
// its value is made of.
#ifndef IMPASTO_TERM_GLSL
#define IMPASTO_TERM_GLSL

#define TERM(slot, access)                            \
  layout(binding = slot, std430) access buffer Term { \
    float weight;                                     \
    float gradient_weight;                            \
    float reserved[2];                                \
    float partials[];                                 \
  }                                                   \
  term;

#endif
