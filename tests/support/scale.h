// The one shader that tests of the Vulkan layer dispatch: result = factor·values + offset.
#pragma once

#include "vulkan/recorder.h"

#include <cstdint>

namespace impasto::test {

// Pipelines that read their input through `kind`. The offset is a specialisation constant.
vulkan::PipelineDescription scale_description(vulkan::BindingKind kind = vulkan::BindingKind::storage,
                                              uint32_t offset = 0);

// Dispatches it over the whole of `from`, booked under "scale"; pipeline and regions are of the same size and kind.
void record_scale(vulkan::Recorder& recorder, const vulkan::Pipeline& pipeline, const vulkan::Region& from,
                  const vulkan::Region& to, float factor, double flops = 0);

}  // namespace impasto::test
