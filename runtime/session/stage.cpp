// Records a stage and runs its iterations.
#include "session/stage.h"

#include "kernels/report.h"
#include "session/stopwatch.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <span>

namespace impasto::session {
namespace {

constexpr const char* kAveragePicture = "average.picture";

template <typename T>
std::vector<T> download_all(const vulkan::Region& region) {
  std::vector<T> values(region.bytes / sizeof(T));
  vulkan::download(region, std::as_writable_bytes(std::span(values)));
  return values;
}

const StateBlock* find_block(const RecoveryPoint& point, const std::string& name) {
  const auto found = std::find_if(point.state.begin(), point.state.end(),
                                  [&](const StateBlock& block) { return block.name == name; });
  return found == point.state.end() ? nullptr : &*found;
}

void check_inputs(const Engine& engine, const Recipe& recipe, const StageInputs& inputs) {
  const Image& content = *inputs.content;
  plan::check_size(engine.weights(), recipe, content.height, content.width, "the content");
  for (const SharedImage& style : inputs.styles)
    plan::check_size(engine.weights(), recipe, style->height, style->width, "the style");
}

// The time of each command of a recording that has a segment for every command, on the wall and on processors.
std::vector<vulkan::KindTime> waited_times(vulkan::Queue& queue, const vulkan::Recording& recording) {
  std::vector<vulkan::KindTime> times;
  for (size_t i = 0; i < recording.segments(); i++) {
    const Stopwatch stopwatch;
    queue.wait(queue.submit_segment(recording, i));
    const Elapsed elapsed = stopwatch.elapsed();
    const std::string kind = recording.segment_kind(i);
    auto row = std::find_if(times.begin(), times.end(),
                            [&](const vulkan::KindTime& time) { return time.kind == kind; });
    if (row == times.end()) row = times.insert(times.end(), vulkan::KindTime{kind});
    row->milliseconds += elapsed.ms;
    row->processor_milliseconds += elapsed.processor_ms;
    row->calls++;
  }
  return times;
}

}  // namespace

const std::vector<float>& RecoveryPoint::shown() const {
  const StateBlock* average = find_block(*this, kAveragePicture);
  return average == nullptr ? image : average->values;
}

Losses losses_of(const std::vector<plan::Term>& terms, const float* totals, double variable_range) {
  Losses losses;
  for (size_t i = 0; i < terms.size(); i++) {
    const double value = totals[i];
    switch (terms[i].kind) {
      case plan::TermKind::content:
        losses.content += value;
        losses.terms.push_back({"content", terms[i].layer, value});
        break;
      case plan::TermKind::style:
        losses.style += value;
        losses.terms.push_back({"style", terms[i].layer, value});
        break;
      case plan::TermKind::tv:
        losses.tv += value;
        losses.terms.push_back({"tv", "", value});
        break;
      case plan::TermKind::temporal:
        losses.temporal += value;
        losses.terms.push_back({"temporal", "", value});
        break;
    }
  }
  losses.total = losses.content + losses.style + losses.tv + losses.temporal;
  losses.gradient_l2 = std::sqrt(double(totals[terms.size()])) * variable_range;
  return losses;
}

RecoveryPoint start_point(Image start, const Recipe& recipe) {
  for (float& value : start.rgb) value = static_cast<float>(value * recipe.optimizer.variable_range);
  return {0, std::move(start.rgb), {}, {}};
}

StageRun::StageRun(Engine& engine, const Recipe& recipe, const StageInputs& inputs, const StageLayout& layout)
    : engine_(&engine),
      recipe_(recipe),
      style_weights_(inputs.style_weights),
      segment_flops_(plan::segment_flops(engine.device())),
      size_{inputs.content->width, inputs.content->height},
      state_(engine.device(), report_bytes(recipe).state, vulkan::MemoryKind::device),
      report_(engine.device(), report_bytes(recipe).report, vulkan::MemoryKind::device),
      ring_(engine.device(), report_bytes(recipe).ring, vulkan::MemoryKind::readback),
      queue_(engine.device()) {
  check_inputs(engine, recipe, inputs);
  for (size_t i = 0; i < inputs.styles.size(); i++) {
    const auto compute = [&] {
      return plan::style_grams(engine.library(), engine.weights(), recipe, *inputs.styles[i],
                               layout.tiling.side);
    };
    style_grams_.push_back(
        inputs.grams == nullptr
            ? compute()
            : inputs.grams->get(inputs.style_keys[i] + std::to_string(layout.tiling.side), compute));
  }
  objective_ = std::make_unique<plan::Objective>(engine.library().caps(), engine.weights(), recipe,
                                                 size_.height, size_.width, layout.tiling);
  objective_->allocate(engine.device());
  objective_->set_content(engine.library(), *inputs.content);
  objective_->set_grams(plan::blended(style_grams_, style_weights_));
  if (recipe.temporal_weight > 0) objective_->set_guide(guide_texels(inputs.guide.value(), recipe));
  optimizer_ =
      make_optimizer(engine.library(), recipe.optimizer, objective_->elements(),
                     layout.optimizer_on_host ? vulkan::MemoryKind::host : vulkan::MemoryKind::device);
  if (recipe.optimizer.average > 0)
    average_.emplace(engine.library(), recipe.optimizer.average, objective_->elements());
  recording_ = std::make_unique<vulkan::Recording>(record({.segment_flops = segment_flops_}));
}

vulkan::Recording StageRun::record(const vulkan::RecorderOptions& options) const {
  vulkan::Recorder recorder(engine_->device(), options);
  kernels::Context context{engine_->library(), recorder};
  objective_->record(context);
  optimizer_->record(context, objective_->image(), objective_->gradient(), objective_->losses());
  if (average_) average_->record(context, objective_->image());
  const uint64_t total_bytes = uint64_t(objective_->total_count()) * sizeof(float);
  recorder.copy(objective_->totals().part(0, total_bytes), report_.all().part(0, total_bytes));
  static_assert(offsetof(shared::OptimizerStatus, failing) ==
                offsetof(shared::OptimizerStatus, skipped) + sizeof(uint32_t));
  recorder.copy(optimizer_->status().part(offsetof(shared::OptimizerStatus, skipped), 2 * sizeof(uint32_t)),
                report_.all().part(total_bytes, 2 * sizeof(uint32_t)));
  kernels::report(context, report_.all(), report_words(), state_.all(), ring_.all(), kRingSlots);
  return recorder.finish();
}

std::vector<vulkan::KindTime> StageRun::kernel_times() {
  finish();
  const vulkan::Caps& caps = engine_->device().caps();
  if (caps.timestamp_bits > 0 && !caps.software()) {
    const vulkan::Recording timed =
        record({.segment_flops = plan::segment_flops(engine_->device()), .timestamps = true});
    queue_.wait(queue_.submit(timed));
    return timed.times();
  }
  return waited_times(queue_, record({.segment_flops = 0}));
}

void StageRun::submit(int ahead) {
  while (int(under_way_.size()) > ahead) {
    queue_.wait(under_way_.front());
    poll();
  }
  if (engine_->device().pace() != nullptr) cut_finer();
  under_way_.push_back(queue_.submit(*recording_));
  submitted_++;
  poll();
}

// A recording that was cut before the device's speed was known, or for more speed than is left, is cut again.
void StageRun::cut_finer() {
  const double wanted = plan::segment_flops(engine_->device());
  if (segment_flops_ < 2 * wanted) return;
  finish();
  segment_flops_ = wanted;
  recording_ = std::make_unique<vulkan::Recording>(record({.segment_flops = segment_flops_}));
}

void StageRun::steer(const Recipe& recipe, const std::vector<double>& style_weights) {
  finish();
  Recipe only_rate = recipe_;
  only_rate.optimizer.learning_rate = recipe.optimizer.learning_rate;
  const bool other_objective = only_rate != recipe || style_weights != style_weights_;
  optimizer_->set_learning_rate(recipe.optimizer.learning_rate);
  objective_->set_weights(recipe);
  if (style_weights != style_weights_) objective_->set_grams(plan::blended(style_grams_, style_weights));
  recipe_ = recipe;
  style_weights_ = style_weights;
  if (other_objective && recipe.optimizer.kind == OptimizerKind::lbfgs) optimizer_->reset();
}

void StageRun::poll() {
  while (!under_way_.empty() && queue_.done(under_way_.front())) {
    under_way_.pop_front();
    finished_++;
  }
}

void StageRun::finish() {
  queue_.wait_all();
  poll();
}

StageReport StageRun::report() const {
  if (finished_ == restored_) return restored_report_;
  ring_.invalidate();
  const size_t slot_words = size_t(report_words()) + 1;
  const std::byte* slot = ring_.mapped() + size_t((finished_ - 1) % kRingSlots) * slot_words * sizeof(float);
  std::vector<float> totals(size_t(objective_->total_count()));
  std::memcpy(totals.data(), slot, totals.size() * sizeof(float));
  std::array<uint32_t, 2> counts{};
  std::memcpy(counts.data(), slot + totals.size() * sizeof(float), sizeof counts);
  return {losses_of(objective_->terms(), totals.data(), recipe_.optimizer.variable_range),
          static_cast<int>(counts[0]), static_cast<int>(counts[1])};
}

std::vector<float> StageRun::image() {
  finish();
  std::vector<float> image = download_all<float>(average_ ? average_->value() : objective_->image());
  const double range = recipe_.optimizer.variable_range;
  for (float& value : image) value = static_cast<float>(value / range);
  return image;
}

RecoveryPoint StageRun::save() {
  finish();
  RecoveryPoint point{finished_, download_all<float>(objective_->image()), {}, report()};
  for (const auto& [name, region] : state_regions())
    point.state.push_back({name, download_all<float>(region)});
  return point;
}

std::vector<std::pair<std::string, vulkan::Region>> StageRun::state_regions() const {
  std::vector<std::pair<std::string, vulkan::Region>> named;
  for (const vulkan::Region& region : optimizer_->state())
    named.emplace_back("optimizer." + std::to_string(named.size()), region);
  if (!average_) return named;
  named.emplace_back(kAveragePicture, average_->value());
  named.emplace_back("average.weights", average_->weights());
  return named;
}

bool StageRun::accepts(const RecoveryPoint& point) const {
  if (point.image.size() != size_t(objective_->elements())) return false;
  if (point.state.empty()) return point.iteration == 0;
  const auto regions = state_regions();
  if (regions.size() != point.state.size()) return false;
  for (const auto& [name, region] : regions) {
    const StateBlock* block = find_block(point, name);
    if (block == nullptr || block->values.size() * sizeof(float) != region.bytes) return false;
  }
  return optimizer_->accepts(find_block(point, regions[0].first)->values);
}

void StageRun::go_on_from(const RecoveryPoint& point, PictureSize size) {
  std::vector<std::vector<float>> state;
  for (size_t i = 0; const StateBlock* block = find_block(point, "optimizer." + std::to_string(i)); i++)
    state.push_back(block->values);
  state = optimizer_->resized(state, size, size_);
  const std::vector<vulkan::Region> regions = optimizer_->state();
  for (size_t i = 0; i < state.size(); i++) vulkan::upload(regions[i], std::as_bytes(std::span(state[i])));
}

void StageRun::restore(const RecoveryPoint& point) {
  finish();
  vulkan::upload(objective_->image(), std::as_bytes(std::span(point.image)));
  assert(accepts(point));
  if (point.state.empty()) optimizer_->reset();
  if (point.state.empty() && average_) average_->reset(point.image);
  if (!point.state.empty())
    for (const auto& [name, region] : state_regions())
      vulkan::upload(region, std::as_bytes(std::span(find_block(point, name)->values)));
  const auto counter = uint32_t(point.iteration);
  vulkan::upload(state_.all().part(0, sizeof counter), std::as_bytes(std::span(&counter, 1)));
  submitted_ = finished_ = restored_ = point.iteration;
  restored_report_ = point.report;
}

}  // namespace impasto::session
