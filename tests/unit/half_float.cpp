// Conversion between single and half precision.
#include "base/half_float.h"

#include "catch.h"

#include <cmath>
#include <limits>

namespace impasto {
namespace {

TEST_CASE("every half survives the way to single precision and back") {
  for (uint32_t half = 0; half < 0x10000; half++) {
    const float value = half_to_float(half);
    if (std::isnan(value))
      CHECK(std::isnan(half_to_float(float_to_half(value))));
    else if (float_to_half(value) != half)
      FAIL(half << " became " << float_to_half(value));
  }
}

TEST_CASE("a number between two halves goes to the nearer one, and from the middle to the even one") {
  for (uint32_t half = 0; half < 0x7bff; half++) {
    const double low = half_to_float(half), high = half_to_float(half + 1), middle = (low + high) / 2;
    const uint32_t even = half % 2 == 0 ? half : half + 1;
    for (const float sign : {1.0f, -1.0f}) {
      const uint32_t bit = sign < 0 ? 0x8000u : 0u;
      const auto converted = [&](double value) { return float_to_half(sign * static_cast<float>(value)); };
      const double nudge = (high - low) / 64;
      if (converted(middle) != (bit | even) || converted(middle - nudge) != (bit | half) ||
          converted(middle + nudge) != (bit | (half + 1)))
        FAIL("between " << low << " and " << high);
    }
  }
}

TEST_CASE("what is too large for a half becomes infinite, and what is too small zero") {
  CHECK(float_to_half(65519.996f) == 0x7bff);
  CHECK(float_to_half(65520.0f) == 0x7c00);
  CHECK(float_to_half(std::numeric_limits<float>::max()) == 0x7c00);
  CHECK(float_to_half(-std::numeric_limits<float>::infinity()) == 0xfc00);
  CHECK(float_to_half(2.9802322e-8f) == 0);  // half of the smallest one
  CHECK(float_to_half(2.9802326e-8f) == 1);
  CHECK(float_to_half(-0.0f) == 0x8000);
}

}  // namespace
}  // namespace impasto
