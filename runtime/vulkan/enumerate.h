// The two-call idiom: how many, then all of them.
#pragma once

#include "error.h"

#include <cstdint>
#include <vector>

namespace impasto::vulkan {

// call(uint32_t* count, T* elements) returns a VkResult.
template <typename T, typename Call>
std::vector<T> enumerate(const char* name, Call call) {
  for (;;) {
    uint32_t count = 0;
    check(call(&count, static_cast<T*>(nullptr)), name);
    std::vector<T> elements(count);
    const VkResult result = call(&count, elements.data());
    if (result == VK_INCOMPLETE) continue;  // there are more than a moment ago
    check(result, name);
    elements.resize(count);
    return elements;
  }
}

}  // namespace impasto::vulkan
