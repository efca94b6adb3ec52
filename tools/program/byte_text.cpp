// Formats bytes in the largest binary unit that leaves at least one.
#include "byte_text.h"

#include <fmt/format.h>

#include <array>

namespace impasto::cli {

std::string byte_text(uint64_t bytes) {
  constexpr std::array<const char*, 5> kUnits{"B", "KiB", "MiB", "GiB", "TiB"};
  double value = static_cast<double>(bytes);
  size_t unit = 0;
  while (value >= 1024 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  return fmt::format("{:.{}f} {}", value, unit == 0 || value >= 100 ? 0 : 1, kUnits.at(unit));
}

}  // namespace impasto::cli
