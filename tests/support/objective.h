// An objective made ready in one call.
#pragma once

#include "plan/objective.h"

namespace impasto::test {

inline void prepare(plan::Objective& objective, kernels::Library& library, const plan::DeviceNetwork& network,
                    const Recipe& recipe, const Image& content, const Image& style) {
  const auto grams = plan::style_targets(library, network, recipe, {{&style, 1}});
  objective.allocate(library.device());
  objective.set_content(library, content);
  objective.set_grams(grams);
}

}  // namespace impasto::test
