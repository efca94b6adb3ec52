// The kernel table of one device: pipelines by shader name and specialisation constants, built at first use and kept.
#pragma once

#include "../vulkan/recorder.h"
#include "tuning.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

namespace impasto::kernels {

struct Shader {
  std::string_view name;  // in shaders/ without ".comp", for example "pooling/max_forward"
  std::span<const uint32_t> code;
};

// All there are.
std::span<const Shader> shaders();

class Library {
 public:
  explicit Library(vulkan::Device& device) : Library(device, device.caps()) {}
  // Obeys other caps than the device's own; none may be larger. Tests make bindings small with it.
  Library(vulkan::Device& device, const vulkan::Caps& caps, Tuning tuning = {})
      : device_(&device), caps_(caps), tuning_(std::move(tuning)) {}

  vulkan::Device& device() const { return *device_; }
  const vulkan::Caps& caps() const { return caps_; }
  // halves: a bit for each binding whose texels are fp16.
  const vulkan::Pipeline& pipeline(std::string_view shader, const std::vector<uint32_t>& constants,
                                   const std::vector<vulkan::BindingKind>& bindings, uint32_t push_bytes,
                                   uint32_t halves, uint32_t subgroup_size = 0);
  size_t size() const { return pipelines_.size(); }

  // For what is recorded from here on.
  const Tuning& tuning() const { return tuning_; }
  void set_tuning(Tuning tuning) { tuning_ = std::move(tuning); }

 private:
  using Key = std::tuple<std::string, std::vector<uint32_t>, std::vector<vulkan::BindingKind>, uint32_t,
                         uint32_t, uint32_t>;
  vulkan::Device* device_;
  vulkan::Caps caps_;
  Tuning tuning_;
  std::map<Key, std::unique_ptr<vulkan::Pipeline>> pipelines_;
};

// What every operation records into.
struct Context {
  Library& library;
  vulkan::Recorder& recorder;
  const vulkan::Caps& caps() const { return library.caps(); }
};

// Whether tensors are read through texel buffers: three times as fast as storage buffers on software drivers, no gain elsewhere.
bool prefers_texels(const vulkan::Caps& caps);

// Bytes that one binding of a tensor may cover, read either way.
uint64_t binding_limit(const vulkan::Caps& caps);

// The kind for bindings that a shader declares with TENSOR_IN (bind_rows takes it).
inline vulkan::BindingKind tensor_kind(const Context& context) {
  return prefers_texels(context.caps()) ? vulkan::BindingKind::texel : vulkan::BindingKind::storage;
}

struct Cost {
  double flops = 0;
  double bytes = 0;
};

// Whether the build could make a shader of this name; a few need a newer compiler than some have.
bool has_shader(std::string_view name);

// Records one dispatch of a shader: the binding kinds, the push size and the pipeline follow from the arguments; a texel binding
// selects the shader's ".texel" variant, so all TENSOR_IN bindings of one dispatch are of tensor_kind; else one of halves its ".halves".
// `kind` is a string literal, the name its time is booked under; subgroup_size: as of vulkan::PipelineDescription.
void dispatch(Context& context, std::string_view shader, const char* kind,
              const std::vector<uint32_t>& constants, std::vector<vulkan::Binding> bindings,
              std::span<const std::byte> push, std::array<uint32_t, 3> groups, Cost cost = {},
              uint32_t subgroup_size = 0);

template <typename Push>
void dispatch(Context& context, std::string_view shader, const char* kind,
              const std::vector<uint32_t>& constants, std::vector<vulkan::Binding> bindings, const Push& push,
              std::array<uint32_t, 3> groups, Cost cost = {}, uint32_t subgroup_size = 0) {
  static_assert(std::is_trivially_copyable_v<Push> && sizeof(Push) <= 128,
                "128 bytes of push constants are guaranteed");
  dispatch(context, shader, kind, constants, std::move(bindings), std::as_bytes(std::span{&push, 1}), groups,
           cost, subgroup_size);
}

constexpr uint32_t groups_for(int64_t work, int64_t per_group) {
  return static_cast<uint32_t>((work + per_group - 1) / per_group);
}

inline vulkan::Binding fetches(const Context& context, const vulkan::Region& region,
                               vulkan::Element element = vulkan::Element::fp32) {
  return {region, vulkan::Access::read, tensor_kind(context), element};
}
inline vulkan::Binding reads(const vulkan::Region& region) {
  return {region, vulkan::Access::read};
}
inline vulkan::Binding writes(const vulkan::Region& region) {
  return {region, vulkan::Access::write};
}
inline vulkan::Binding updates(const vulkan::Region& region) {
  return {region, vulkan::Access::read_write};
}

}  // namespace impasto::kernels
