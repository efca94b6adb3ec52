// A loss term's block: its weight, which the host may change between iterations, and the partial sums its value is made of.
#ifndef IMPASTO_TERM_GLSL
#define IMPASTO_TERM_GLSL

#define TERM(slot, access)                        \
  layout(binding = slot, std430) access buffer Term { \
    float weight;                                 \
    float reserved[3];                            \
    float partials[];                             \
  } term;

#endif
