// Runs an optimiser for the tests.
#include "support/optimizer_run.h"

#include "support/random.h"

#include <span>

namespace impasto::test {

OptimizerRun::OptimizerRun(kernels::Library& library, const OptimizerConvention& convention,
                           const Floats& start)
    : optimizer_(make_optimizer(library, convention, int64_t(start.size()))),
      variable_(arena_.region(start)),
      gradient_(arena_.region(start.size() * sizeof(float))),
      losses_(arena_.region(2 * sizeof(float))),
      queue_(device()) {
  vulkan::Recorder recorder(device());
  kernels::Context context{library, recorder};
  optimizer_->record(context, variable_, gradient_, losses_);
  recording_ = std::make_unique<vulkan::Recording>(recorder.finish());
}

OptimizerRun::OptimizerRun(const OptimizerConvention& convention, const Floats& start)
    : OptimizerRun(library(), convention, start) {}

void OptimizerRun::step(const Floats& gradient, float loss) {
  vulkan::upload(gradient_, std::as_bytes(std::span(gradient)));
  const Floats terms{loss / 4, loss - loss / 4};
  vulkan::upload(losses_, std::as_bytes(std::span(terms)));
  queue_.wait(queue_.submit(*recording_));
  require_no_messages();
}

Floats OptimizerRun::variable() const {
  return download<float>(variable_);
}

shared::OptimizerStatus OptimizerRun::status() const {
  return download<shared::OptimizerStatus>(optimizer_->status()).front();
}

std::vector<vulkan::Region> OptimizerRun::lasting() const {
  std::vector<vulkan::Region> regions = optimizer_->state();
  regions.push_back(variable_);
  return regions;
}

std::vector<Bytes> OptimizerRun::save() const {
  std::vector<Bytes> saved;
  for (const vulkan::Region& region : lasting()) saved.push_back(download<std::byte>(region));
  return saved;
}

void OptimizerRun::restore(const std::vector<Bytes>& saved) {
  const std::vector<vulkan::Region> regions = lasting();
  for (size_t i = 0; i < regions.size(); ++i) vulkan::upload(regions[i], saved[i]);
}

kernels::Library small_bindings(uint64_t bytes) {
  vulkan::Caps caps = device().caps();
  caps.max_storage_range = bytes;
  return kernels::Library(device(), caps);
}

Floats random_floats(size_t count, uint64_t seed, double scale) {
  Random random(seed);
  Floats values(count);
  for (float& value : values) {
    double sum = 0;
    for (int i = 0; i < 4; ++i) sum += random.uniform(-1, 1);
    value = static_cast<float>(sum * scale);
  }
  return values;
}

}  // namespace impasto::test
