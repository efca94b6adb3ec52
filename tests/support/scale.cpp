// Embeds and dispatches the tests' shader.
#include "support/scale.h"

#include <span>

namespace impasto::test {
namespace {

constexpr uint32_t kInvocations = 64;

const uint32_t kStorageCode[] = {
#include "scale_storage.inc"
};

const uint32_t kTexelCode[] = {
#include "scale_texel.inc"
};

struct Push {
  uint32_t count;
  float factor;
};

}  // namespace

vulkan::PipelineDescription scale_description(vulkan::BindingKind kind, uint32_t offset) {
  const bool texel = kind == vulkan::BindingKind::texel;
  return {texel ? std::span<const uint32_t>(kTexelCode) : std::span<const uint32_t>(kStorageCode),
          {kInvocations, offset},
          {kind, vulkan::BindingKind::storage},
          sizeof(Push)};
}

void record_scale(vulkan::Recorder& recorder, const vulkan::Pipeline& pipeline, const vulkan::Region& from,
                  const vulkan::Region& to, float factor, double flops) {
  const Push push{static_cast<uint32_t>(from.bytes / sizeof(float)), factor};
  vulkan::Dispatch dispatch;
  dispatch.pipeline = &pipeline;
  dispatch.bindings = {{from, vulkan::Access::read, pipeline.bindings()[0]}, {to, vulkan::Access::write}};
  dispatch.push = std::as_bytes(std::span(&push, 1));
  dispatch.groups = {(push.count + kInvocations - 1) / kInvocations, 1, 1};
  dispatch.kind = "scale";
  dispatch.flops = flops;
  dispatch.bytes = 2.0 * static_cast<double>(from.bytes);
  recorder.dispatch(dispatch);
}

}  // namespace impasto::test
