// Records the two passes of a resampling, a band of output rows at a time.
#include "kernels/resample.h"

#include "image/push.h"
#include "impasto/error.h"
#include "kernels/tensor.h"

#include <algorithm>
#include <bit>
#include <cassert>

namespace impasto::kernels {
namespace {

constexpr uint32_t kGroup = 64;

struct Rows {
  int first = 0;
  int last = 0;
};

// One pass over rows of floats; the rows of input that a band of output rows reads follow from `reach`.
struct Pass {
  vulkan::Region in;
  vulkan::Region out;
  const ResampleAxis* axis;
  bool vertical;
  int in_row;   // floats
  int out_row;  // floats
  int out_rows;
  int channels;

  Rows reach(Rows rows) const {
    if (!vertical) return rows;
    return {axis->first[size_t(rows.first)], axis->first[size_t(rows.last) - 1] + axis->taps};
  }
};

// As many output rows from `first` as can be bound together with what they read.
Rows band_of(const vulkan::Caps& caps, const Pass& pass, int first) {
  const uint64_t limit = binding_limit(caps) - caps.storage_alignment;
  const auto fits = [&](Rows rows) {
    const Rows read = pass.reach(rows);
    return uint64_t(rows.last - rows.first) * uint64_t(pass.out_row) * sizeof(float) <= limit &&
           uint64_t(read.last - read.first) * uint64_t(pass.in_row) * sizeof(float) <= limit &&
           uint32_t(rows.last - rows.first) <= caps.max_groups;
  };
  Rows rows{first, first + 1};
  if (!fits(rows))
    throw Error(
        ErrorKind::budget,
        "the rows that one row of a resampled picture is made of are larger than this device can bind; "
        "use a smaller size");
  while (rows.last < pass.out_rows && fits({first, rows.last + 1})) ++rows.last;
  return rows;
}

void record_band(Context& context, const Pass& pass, Rows rows) {
  const uint64_t alignment = context.caps().storage_alignment;
  const Rows read = pass.reach(rows);
  const RowBinding source = bind_rows(pass.in, uint64_t(pass.in_row) * sizeof(float), sizeof(float),
                                      read.first, read.last, alignment, vulkan::Access::read);
  const RowBinding target = bind_rows(pass.out, uint64_t(pass.out_row) * sizeof(float), sizeof(float),
                                      rows.first, rows.last, alignment, vulkan::Access::write);
  const shared::ResamplePush push{source.origin, target.origin,   pass.in_row, pass.out_row,
                                  pass.channels, pass.axis->taps, rows.first};
  dispatch(context, "image/resample", "resample", {kGroup, pass.vertical},
           {source.binding, reads(pass.axis->table), target.binding}, push,
           {groups_for(pass.out_row, kGroup), static_cast<uint32_t>(rows.last - rows.first), 1},
           {0, double(source.binding.region.bytes) + double(target.binding.region.bytes)});
}

void record(Context& context, const Pass& pass) {
  for (int first = 0; first < pass.out_rows;) {
    const Rows rows = band_of(context.caps(), pass, first);
    record_band(context, pass, rows);
    first = rows.last;
  }
}

}  // namespace

std::vector<uint32_t> axis_table(const ResampleWeights& weights) {
  const auto taps = size_t(weights.taps);
  std::vector<uint32_t> words;
  words.reserve(weights.first.size() * (taps + 1));
  for (size_t i = 0; i < weights.first.size(); ++i) {
    words.push_back(static_cast<uint32_t>(weights.first[i]));
    for (size_t tap = 0; tap < taps; ++tap)
      words.push_back(std::bit_cast<uint32_t>(weights.weights[i * taps + tap]));
  }
  return words;
}

ResampleAxis resample_axis(const ResampleWeights& weights, int in, const vulkan::Region& table) {
  return {in, static_cast<int>(weights.first.size()), weights.taps, weights.first, table};
}

uint64_t resample_scratch_bytes(const ResampleAxis& horizontal, const ResampleAxis& vertical, int channels) {
  return uint64_t(vertical.in) * uint64_t(horizontal.out) * uint64_t(channels) * sizeof(float);
}

void resample(Context& context, const vulkan::Region& in, const vulkan::Region& out,
              const vulkan::Region& scratch, const ResampleAxis& horizontal, const ResampleAxis& vertical,
              int channels) {
  const int in_row = horizontal.in * channels;
  const int out_row = horizontal.out * channels;
  record(context, {in, scratch, &horizontal, false, in_row, out_row, vertical.in, channels});
  record(context, {scratch, out, &vertical, true, out_row, out_row, vertical.out, channels});
}

}  // namespace impasto::kernels
