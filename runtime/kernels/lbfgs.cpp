// Records the kernels of L-BFGS.
#include "kernels/lbfgs.h"

#include <algorithm>

namespace impasto::kernels {
namespace {

constexpr const char* kKind = "optimizer";
constexpr uint32_t kGroup = 64;
constexpr uint32_t kScalarGroup = 128;   // of the kernels that are one workgroup
constexpr int kElementsPerGroup = 4096;  // at least, so that summing up within a workgroup stays cheap
constexpr int kMaxGroups = 256;          // of a piece, so that summing up the workgroups does
constexpr int kQuadsPerInvocation = 2;   // of lbfgs_direction

// Kernels over texels take any number of workgroups.
uint32_t groups_over(const Context& context, int quads, int per_invocation = 1) {
  return std::min(groups_for(quads, int64_t{kGroup} * per_invocation), context.caps().max_groups);
}

double page_bytes(const shared::LbfgsVectors& vectors) {
  return double(vectors.slots) * vectors.quads * 32;
}

}  // namespace

int lbfgs_groups(int64_t elements) {
  return static_cast<int>(std::min<int64_t>(groups_for(elements, kElementsPerGroup), kMaxGroups));
}

shared::LbfgsLayout lbfgs_layout(int history, int groups) {
  shared::LbfgsLayout layout{};
  layout.history = history;
  layout.groups = groups;
  layout.sy = history + 1;
  layout.yy = layout.sy + history * history;
  layout.dots = layout.yy + history * history;
  layout.pair_sums = layout.dots + 2 * history;
  layout.sums = layout.pair_sums + groups * shared::kPairSums;
  return layout;
}

uint64_t lbfgs_control_bytes(const shared::LbfgsLayout& layout) {
  const uint64_t numbers = uint64_t(layout.sums) + uint64_t(layout.groups) * layout.history * 4;
  return sizeof(shared::LbfgsState) + numbers * 2 * sizeof(float);
}

void lbfgs_pair(Context& context, const shared::LbfgsVectors& vectors, const LbfgsPieceRegions& piece) {
  dispatch(context, "optimizer/lbfgs_pair", kKind, {kGroup},
           {reads(piece.gradient), reads(piece.candidate), updates(piece.control)}, vectors,
           {uint32_t(lbfgs_groups(vectors.elements)), 1, 1}, {0, double(vectors.quads) * 48});
}

void lbfgs_products(Context& context, const shared::LbfgsVectors& vectors, const LbfgsPieceRegions& piece,
                    const vulkan::Region& page) {
  dispatch(context, "optimizer/lbfgs_products", kKind, {kGroup},
           {fetches(context, page), reads(piece.gradient), reads(piece.candidate), updates(piece.control)},
           vectors,
           {uint32_t(lbfgs_groups(vectors.elements)), groups_for(vectors.slots, shared::kPairsPerBatch), 1},
           {0, page_bytes(vectors)});
}

void lbfgs_gather(Context& context, const shared::LbfgsLayout& layout, const LbfgsSearch& search,
                  const vulkan::Region& control, const vulkan::Region& losses) {
  dispatch(context, "optimizer/lbfgs_gather", kKind,
           {kScalarGroup, search.line_search, search.restart, uint32_t(losses.bytes / sizeof(float))},
           {updates(control), reads(losses)}, layout, {1, 1, 1}, {0, double(control.bytes)});
}

void lbfgs_recursion(Context& context, const shared::LbfgsLayout& layout, const LbfgsSearch& search,
                     const vulkan::Region& control, const vulkan::Region& parameters) {
  dispatch(context, "optimizer/lbfgs_recursion", kKind,
           {kScalarGroup, uint32_t(layout.history), search.line_search},
           {updates(control), reads(parameters)}, layout, {1, 1, 1}, {0, double(control.bytes)});
}

void lbfgs_store(Context& context, const shared::LbfgsVectors& vectors, const LbfgsPieceRegions& piece,
                 const vulkan::Region& page) {
  dispatch(context, "optimizer/lbfgs_store", kKind, {kGroup},
           {updates(page), reads(piece.gradient), reads(piece.candidate), reads(piece.control)}, vectors,
           {groups_over(context, vectors.quads), 1, 1}, {0, double(vectors.quads) * 80});
}

void lbfgs_direction(Context& context, const shared::LbfgsVectors& vectors, const LbfgsPieceRegions& piece,
                     const vulkan::Region& page) {
  dispatch(context, "optimizer/lbfgs_direction", kKind, {kGroup},
           {fetches(context, page), reads(piece.gradient), updates(piece.candidate), reads(piece.control)},
           vectors, {groups_over(context, vectors.quads, kQuadsPerInvocation), 1, 1},
           {0, page_bytes(vectors)});
}

void lbfgs_update(Context& context, const shared::LbfgsUpdate& push, bool clamp,
                  const LbfgsPieceRegions& piece, const vulkan::Region& variable) {
  dispatch(context, "optimizer/lbfgs_update", kKind, {kGroup, clamp},
           {updates(variable), reads(piece.gradient), updates(piece.candidate), reads(piece.control)}, push,
           {groups_over(context, push.quads), 1, 1}, {0, double(push.quads) * 80});
}

}  // namespace impasto::kernels
