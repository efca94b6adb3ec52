// Named driver and layer peculiarities, each with its reason; nothing is worked around silently anywhere
// else.
#pragma once

#include <string_view>

namespace impasto::vulkan {

// Whether a message is none of our doing.
inline bool foreign_message(std::string_view) {
  return false;
}

}  // namespace impasto::vulkan
