// Builds pipelines at first use and records dispatches of them.
#include "library.h"

#include "common/layout.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace impasto::kernels {
namespace {

std::span<const uint32_t> shader_code(std::string_view name) {
  for (const Shader& shader : shaders())
    if (shader.name == name) return shader.code;
  assert(!"a shader of that name is not in the table");
  return {};
}

}  // namespace

bool has_shader(std::string_view name) {
  const std::span<const Shader> all = shaders();
  return std::any_of(all.begin(), all.end(), [&](const Shader& shader) { return shader.name == name; });
}

const vulkan::Pipeline& Library::pipeline(std::string_view shader, const std::vector<uint32_t>& constants,
                                          const std::vector<vulkan::BindingKind>& bindings,
                                          uint32_t push_bytes, uint32_t halves, uint32_t subgroup_size) {
  Key key{std::string(shader), constants, bindings, push_bytes, halves, subgroup_size};
  auto found = pipelines_.find(key);
  if (found == pipelines_.end()) {
    auto made = std::make_unique<vulkan::Pipeline>(
        *device_, vulkan::PipelineDescription{shader_code(shader),
                                              constants,
                                              bindings,
                                              push_bytes,
                                              {{uint32_t(shared::kHalvesConstant), halves}},
                                              subgroup_size});
    found = pipelines_.emplace(std::move(key), std::move(made)).first;
  }
  return *found->second;
}

bool prefers_texels(const vulkan::Caps& caps) {
  return caps.software() && caps.max_texel_elements >= (1u << 23);  // else bindings would be small
}

uint64_t binding_limit(const vulkan::Caps& caps) {
  return prefers_texels(caps) ? std::min(caps.max_storage_range, caps.max_texel_elements * 8)  // of halves
                              : caps.max_storage_range;
}

void dispatch(Context& context, std::string_view shader, const char* kind,
              const std::vector<uint32_t>& constants, std::vector<vulkan::Binding> bindings,
              std::span<const std::byte> push, std::array<uint32_t, 3> groups, Cost cost,
              uint32_t subgroup_size) {
  std::vector<vulkan::BindingKind> kinds;
  kinds.reserve(bindings.size());
  uint32_t halves = 0;
  for (const vulkan::Binding& binding : bindings) {
    assert(binding.region.bytes <= context.caps().max_storage_range);
    if (binding.element == vulkan::Element::fp16) halves |= 1u << kinds.size();
    kinds.push_back(binding.kind);
  }
  const bool texels = std::find(kinds.begin(), kinds.end(), vulkan::BindingKind::texel) != kinds.end();
  const std::string name = std::string(shader) + (texels ? ".texel" : halves != 0 ? ".halves" : "");
  const vulkan::Pipeline& pipeline = context.library.pipeline(
      name, constants, kinds, static_cast<uint32_t>(push.size()), halves, subgroup_size);
  context.recorder.dispatch({&pipeline, std::move(bindings), push, groups, kind, cost.flops, cost.bytes});
}

}  // namespace impasto::kernels
