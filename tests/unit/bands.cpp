// Bands of the largest pictures, whose elements no 32 bits can count.
#include "catch.h"
#include "impasto/image.h"
#include "kernels/tensor.h"

#include <algorithm>
#include <cstdint>

namespace impasto {
namespace {

constexpr uint64_t kAlignment = 256;

struct Rows {
  const char* what;
  uint64_t row_bytes;
  uint32_t element_bytes;
  int rows;
};

constexpr int kSide = kMaxImageSide;
constexpr uint64_t kTexels = uint64_t{kSide} * 16;  // of a row of 64 channels
constexpr uint64_t kTiles = kTexels / 4;
constexpr Rows kLargest[] = {{"rows of a picture", uint64_t{kSide} * 12, 4, kSide},
                             {"its pixels, one by one", 12, 4, kSide* kSide},
                             {"features", kTexels * 16, 16, kSide},
                             {"features in fp16", kTexels * 8, 8, kSide},
                             {"masks", kTiles * 8, 8, kSide / 4},
                             {"pooling choices", kTiles * 4, 4, kSide / 4}};

// Where in its buffer a shader finds an element: its integers have 32 bits and wrap around.
uint64_t place_of(const kernels::RowBinding& bound, const Rows& rows, int row, uint64_t element) {
  const uint32_t index = uint32_t(bound.origin) +
                         uint32_t(row) * uint32_t(rows.row_bytes / rows.element_bytes) + uint32_t(element);
  return bound.binding.region.offset + uint64_t{index} * rows.element_bytes;
}

TEST_CASE("shaders find every row of the largest pictures in 32 bits") {
  for (const Rows& rows : kLargest)
    for (const uint64_t limit : {uint64_t{1} << 27, (uint64_t{1} << 32) - kAlignment}) {
      const vulkan::Region region{nullptr, uint64_t{3} << 32, rows.row_bytes * uint64_t(rows.rows)};
      const int band = kernels::band_rows(rows.rows, rows.row_bytes, 0, 1, limit);
      for (const int first : {0, rows.rows / 3, rows.rows / 2 + 1, rows.rows - 1}) {
        const int last = std::min(first + band, rows.rows);
        const kernels::RowBinding bound = kernels::bind_rows(region, rows.row_bytes, rows.element_bytes,
                                                             first, last, kAlignment, vulkan::Access::read);
        INFO(rows.what << ", rows " << first << " to " << last);
        const vulkan::Region& part = bound.binding.region;
        CHECK((part.offset % kAlignment == 0 && part.bytes <= limit));
        for (const int row : {first, first + (last - first) / 2, last - 1})
          for (const uint64_t element : {uint64_t{0}, rows.row_bytes / rows.element_bytes - 1}) {
            const uint64_t wanted =
                region.offset + uint64_t(row) * rows.row_bytes + element * rows.element_bytes;
            CHECK(place_of(bound, rows, row, element) == wanted);
            CHECK(wanted + rows.element_bytes <= part.offset + part.bytes);
          }
      }
    }
}

}  // namespace
}  // namespace impasto
