// What the README's table of recipes says of how close each comes, so that a test can hold it to what is measured.
#pragma once

#include <optional>
#include <string>

namespace impasto::test {

struct Closeness {
  double loss = 0;      // |total − true| / true
  double gradient = 0;  // ‖g − true‖ / ‖true‖
};

// The column of the shared device: "lavapipe" or "SwiftShader". Others, and those whose capabilities are clamped, have none: "".
std::string driver_column();

// The two numbers in the recipe's row of that column. Nothing when there is no such cell.
std::optional<Closeness> readme_closeness(const std::string& recipe, const std::string& column);

}  // namespace impasto::test
