// Allocates the history of L-BFGS and records its steps.
#include "optimizer/lbfgs.h"

#include "optimizer/pieces.h"

#include <cstring>
#include <span>
#include <utility>

namespace impasto {

Lbfgs::Lbfgs(kernels::Library& library, const OptimizerConvention& convention, int64_t elements,
             vulkan::MemoryKind home)
    : Optimizer(library.device(), convention.learning_rate),
      convention_(convention),
      plan_(plan_lbfgs(library.caps(), convention.history, elements)),
      control_(library.device(), kernels::lbfgs_control_bytes(plan_.layout), vulkan::MemoryKind::device) {
  for (size_t i = 0; i < plan_.pieces.size(); ++i) {
    const uint64_t pair = plan_.pieces[i].pair_bytes();
    PieceBuffers buffers{vulkan::Buffer(library.device(), pair, home), {}};
    for (const LbfgsPage& page : plan_.pages[i])
      buffers.pages.emplace_back(library.device(), pair * uint64_t(page.slots), home);
    pieces_.push_back(std::move(buffers));
  }
  reset();
}

kernels::LbfgsPieceRegions Lbfgs::regions(size_t piece, const vulkan::Region& gradient) const {
  return {piece_of(gradient, plan_.pieces[piece].span), pieces_[piece].candidate.all(), control_.all()};
}

shared::LbfgsVectors Lbfgs::vectors(size_t piece) const {
  return vectors(piece, {});
}

shared::LbfgsVectors Lbfgs::vectors(size_t piece, const LbfgsPage& page) const {
  const LbfgsPiece& at = plan_.pieces[piece];
  return {plan_.layout, static_cast<int>(at.span.count), at.quads, at.first_group, page.first_slot,
          page.slots};
}

void Lbfgs::record(kernels::Context& context, const vulkan::Region& variable, const vulkan::Region& gradient,
                   const vulkan::Region& losses) const {
  const kernels::LbfgsSearch search{convention_.line_search == LineSearchKind::more_thuente,
                                    static_cast<uint32_t>(convention_.restart)};
  record_sums(context, gradient);
  kernels::lbfgs_gather(context, plan_.layout, search, control_.all(), losses);
  kernels::lbfgs_recursion(context, plan_.layout, search, control_.all(), parameters().region());
  for (size_t i = 0; i < pieces_.size(); ++i) record_move(context, i, variable, gradient);
}

void Lbfgs::record_sums(kernels::Context& context, const vulkan::Region& gradient) const {
  for (size_t i = 0; i < pieces_.size(); ++i) {
    kernels::lbfgs_pair(context, vectors(i), regions(i, gradient));
    for (size_t p = 0; p < plan_.pages[i].size(); ++p)
      kernels::lbfgs_products(context, vectors(i, plan_.pages[i][p]), regions(i, gradient),
                              pieces_[i].pages[p].all());
  }
}

void Lbfgs::record_move(kernels::Context& context, size_t piece, const vulkan::Region& variable,
                        const vulkan::Region& gradient) const {
  const kernels::LbfgsPieceRegions bound = regions(piece, gradient);
  const std::vector<LbfgsPage>& pages = plan_.pages[piece];
  // Every page before the first direction, which is written over the candidate.
  for (size_t p = 0; p < pages.size(); ++p)
    kernels::lbfgs_store(context, vectors(piece, pages[p]), bound, pieces_[piece].pages[p].all());
  for (size_t p = 0; p < pages.size(); ++p)
    kernels::lbfgs_direction(context, vectors(piece, pages[p]), bound, pieces_[piece].pages[p].all());
  const LbfgsPiece& at = plan_.pieces[piece];
  const shared::LbfgsUpdate push{static_cast<int>(at.span.count), at.quads,
                                 static_cast<float>(convention_.variable_range)};
  kernels::lbfgs_update(context, push, convention_.clamp, bound, piece_of(variable, at.span));
}

void Lbfgs::reset() {
  shared::LbfgsState start{};
  start.scale = 1;
  start.share = 1;
  start.greatest = shared::kGreatestStep;
  start.slot = shared::kNoSlot;
  start.gamma_high = 1;
  vulkan::upload(control_.all().part(0, sizeof start), std::as_bytes(std::span(&start, 1)));
}

std::vector<vulkan::Region> Lbfgs::state() const {
  // The sums behind the matrices are made anew in every step.
  const uint64_t lasting = sizeof(shared::LbfgsState) + uint64_t(plan_.layout.dots) * 2 * sizeof(float);
  std::vector<vulkan::Region> regions{control_.all().part(0, lasting)};
  for (const PieceBuffers& piece : pieces_) {
    regions.push_back(piece.candidate.all());
    for (const vulkan::Buffer& page : piece.pages) regions.push_back(page.all());
  }
  return regions;
}

bool Lbfgs::accepts(std::span<const float> first_region) const {
  shared::LbfgsState state{};
  if (first_region.size_bytes() < sizeof state) return false;
  std::memcpy(&state, first_region.data(), sizeof state);
  const auto slots = static_cast<uint32_t>(plan_.layout.history);
  return state.status.pairs <= slots && state.head < slots;
}

// The curvature of one size is not that of another.
std::vector<std::vector<float>> Lbfgs::resized(const std::vector<std::vector<float>>&, PictureSize,
                                               PictureSize) const {
  return {};
}

vulkan::Region Lbfgs::status() const {
  return control_.all().part(0, sizeof(shared::OptimizerStatus));
}

}  // namespace impasto
