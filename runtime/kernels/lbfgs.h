// The kernels of an L-BFGS step in its Gram form, over vectors cut into pieces and a history cut into pages.
//
// A page holds whole pairs (s, y) of one piece, ⌈elements/4⌉ texels a vector; the candidate of a piece holds the last step and the
// gradient before it. The control buffer is an LbfgsState and the parts of LbfgsLayout.
#pragma once

#include "kernels/library.h"
#include "optimizer/push.h"

namespace impasto::kernels {

constexpr int kMaxLbfgsHistory = 512;  // what shared memory of 16 KiB allows the recursion

// Partial sums of each inner product in a piece: one a workgroup.
int lbfgs_groups(int64_t elements);

shared::LbfgsLayout lbfgs_layout(int history, int groups);
uint64_t lbfgs_control_bytes(const shared::LbfgsLayout& layout);

struct LbfgsSearch {
  bool line_search = false;
  uint32_t restart = 0;  // evaluations after which the history is forgotten; 0: never
};

// What every kernel over vectors binds, apart from a page.
struct LbfgsPieceRegions {
  vulkan::Region gradient;
  vulkan::Region candidate;
  vulkan::Region control;
};

// In the order of a step. `vectors` names the piece and, where there is a page, the page; losses: the terms of the objective, floats.
void lbfgs_pair(Context& context, const shared::LbfgsVectors& vectors, const LbfgsPieceRegions& piece);
void lbfgs_products(Context& context, const shared::LbfgsVectors& vectors, const LbfgsPieceRegions& piece,
                    const vulkan::Region& page);
void lbfgs_gather(Context& context, const shared::LbfgsLayout& layout, const LbfgsSearch& search,
                  const vulkan::Region& control, const vulkan::Region& losses);
// parameters: the learning rate, one float.
void lbfgs_recursion(Context& context, const shared::LbfgsLayout& layout, const LbfgsSearch& search,
                     const vulkan::Region& control, const vulkan::Region& parameters);
void lbfgs_store(Context& context, const shared::LbfgsVectors& vectors, const LbfgsPieceRegions& piece,
                 const vulkan::Region& page);
void lbfgs_direction(Context& context, const shared::LbfgsVectors& vectors, const LbfgsPieceRegions& piece,
                     const vulkan::Region& page);
void lbfgs_update(Context& context, const shared::LbfgsUpdate& push, bool clamp,
                  const LbfgsPieceRegions& piece, const vulkan::Region& variable);

}  // namespace impasto::kernels
