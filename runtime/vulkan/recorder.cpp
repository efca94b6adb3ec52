// Records commands into segments and puts barriers between those that collide.
#include "error.h"
#include "hazards.h"
#include "info.h"
#include "recording.h"
#include "texel_sizes.h"

#include <cassert>
#include <utility>
#include <vector>

namespace impasto::vulkan {
namespace {

// A segment's cost of a command without flops: a processor that is busy does about this many flops in the
// time one byte takes.
constexpr double kFlopsPerByte = 10;

constexpr VkPipelineStageFlags kWork = VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT | VK_PIPELINE_STAGE_TRANSFER_BIT;
constexpr VkAccessFlags kWrites = VK_ACCESS_SHADER_WRITE_BIT | VK_ACCESS_TRANSFER_WRITE_BIT;
constexpr VkAccessFlags kReads = VK_ACCESS_SHADER_READ_BIT | VK_ACCESS_TRANSFER_READ_BIT;

void barrier(const Device& device, VkCommandBuffer command, VkPipelineStageFlags to, VkAccessFlags access) {
  const VkMemoryBarrier memory{VK_STRUCTURE_TYPE_MEMORY_BARRIER, nullptr, kWrites, access};
  device.functions().vkCmdPipelineBarrier(command, kWork, to, 0, 1, &memory, 0, nullptr, 0, nullptr);
}

[[maybe_unused]] bool inside(const Region& region) {
  return region.buffer != nullptr && region.bytes > 0 && region.offset <= region.buffer->bytes() &&
         region.bytes <= region.buffer->bytes() - region.offset;
}

[[maybe_unused]] bool bindable(const Binding& binding, const Caps& caps) {
  if (!inside(binding.region) || binding.region.offset % caps.storage_alignment != 0) return false;
  if (binding.kind == BindingKind::storage)
    return binding.region.bytes <= caps.max_storage_range && binding.region.bytes % 4 == 0;
  const uint64_t texel = texel_bytes(binding.element);
  return binding.region.bytes % texel == 0 && binding.region.bytes / texel <= caps.max_texel_elements &&
         binding.access == Access::read;
}

[[maybe_unused]] bool matches(const Dispatch& dispatch, const Caps& caps) {
  const Pipeline& pipeline = *dispatch.pipeline;
  if (dispatch.bindings.size() != pipeline.bindings().size() || dispatch.push.size() != pipeline.push_bytes())
    return false;
  for (size_t i = 0; i < dispatch.bindings.size(); ++i)
    if (dispatch.bindings[i].kind != pipeline.bindings()[i] || !bindable(dispatch.bindings[i], caps))
      return false;
  for (const uint32_t groups : dispatch.groups)
    if (groups == 0 || groups > caps.max_groups) return false;
  return true;
}

// The bindings with what their views cover, so that barriers know of it too.
std::vector<Binding> viewed(std::vector<Binding> bindings, const Caps& caps) {
  for (auto& [region, access, kind, element] : bindings) {
    if (kind != BindingKind::texel) continue;
    const uint64_t behind = buffer_bytes(caps, region.buffer->bytes()) - region.offset - region.bytes;
    region.bytes = view_bytes(caps, region.bytes, behind, texel_bytes(element));
  }
  return bindings;
}

}  // namespace

struct Recorder::Progress {
  RecorderOptions options;
  HazardTracker hazards;
  Segment* open = nullptr;  // the segment being recorded
  VkPipeline bound = VK_NULL_HANDLE;
};

Recorder::Recorder(Device& device, RecorderOptions options)
    : state_(std::make_unique<Recording::State>(device)), progress_(std::make_unique<Progress>()) {
  progress_->options = options;
  auto info = make_info<VkCommandPoolCreateInfo>(VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO);
  info.queueFamilyIndex = device.queue_family();
  VkCommandPool pool = VK_NULL_HANDLE;
  check(device.functions().vkCreateCommandPool(device.handle(), &info, nullptr, &pool),
        "vkCreateCommandPool");
  state_->pool = pool;
}

Recorder::~Recorder() = default;

Device& Recorder::device() const {
  return *state_->device;
}

void Recorder::open_segment() {
  const Functions& functions = device().functions();
  Segment& segment = state_->segments.emplace_back(device());
  auto allocation = make_info<VkCommandBufferAllocateInfo>(VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO);
  allocation.commandPool = state_->pool;
  allocation.level = VK_COMMAND_BUFFER_LEVEL_PRIMARY;
  allocation.commandBufferCount = 1;
  check(functions.vkAllocateCommandBuffers(device().handle(), &allocation, &segment.command),
        "vkAllocateCommandBuffers");
  auto begin = make_info<VkCommandBufferBeginInfo>(VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO);
  begin.flags = VK_COMMAND_BUFFER_USAGE_SIMULTANEOUS_USE_BIT;  // may be submitted again while it is pending
  check(functions.vkBeginCommandBuffer(segment.command, &begin), "vkBeginCommandBuffer");
  barrier(device(), segment.command, kWork, kReads | kWrites);  // after whatever was submitted earlier
  progress_->open = &segment;
  progress_->bound = VK_NULL_HANDLE;
  progress_->hazards.clear();
}

void Recorder::cut() {
  if (progress_->open == nullptr) return;
  const VkCommandBuffer command = std::exchange(progress_->open, nullptr)->command;
  barrier(device(), command, VK_PIPELINE_STAGE_HOST_BIT, VK_ACCESS_HOST_READ_BIT);
  check(device().functions().vkEndCommandBuffer(command), "vkEndCommandBuffer");
}

VkCommandBuffer Recorder::prepare(std::span<const Binding> accesses, double cost, const char* kind) {
  Progress& progress = *progress_;
  if (progress.open != nullptr && progress.open->cost + cost > progress.options.segment_flops) cut();
  if (progress.open == nullptr) open_segment();
  const VkCommandBuffer command = progress.open->command;
  if (progress.hazards.collides(accesses)) {
    barrier(device(), command, kWork, kReads | kWrites);
    progress.hazards.clear();
    ++state_->barriers;
  }
  progress.hazards.add(accesses);
  if (progress.open->cost == 0) progress.open->kind = kind;
  progress.open->cost += cost;
  if (stamped()) progress.open->timestamps.begin(command, kind);
  return command;
}

bool Recorder::stamped() const {
  return progress_->options.timestamps && device().caps().timestamp_bits > 0;
}

void Recorder::conclude() {
  if (stamped()) progress_->open->timestamps.end(progress_->open->command);
}

void Recorder::dispatch(const Dispatch& dispatch) {
  assert(matches(dispatch, device().caps()));
  const Functions& functions = device().functions();
  const Pipeline& pipeline = *dispatch.pipeline;
  const std::vector<Binding> bindings = viewed(dispatch.bindings, device().caps());
  const VkDescriptorSet set = state_->descriptors.make_set(pipeline.set_layout(), bindings);
  const double cost = dispatch.flops > 0 ? dispatch.flops : dispatch.bytes * kFlopsPerByte;
  const VkCommandBuffer command = prepare(bindings, cost, dispatch.kind);
  if (std::exchange(progress_->bound, pipeline.handle()) != pipeline.handle())
    functions.vkCmdBindPipeline(command, VK_PIPELINE_BIND_POINT_COMPUTE, pipeline.handle());
  functions.vkCmdBindDescriptorSets(command, VK_PIPELINE_BIND_POINT_COMPUTE, pipeline.layout(), 0, 1, &set, 0,
                                    nullptr);
  if (!dispatch.push.empty())
    functions.vkCmdPushConstants(command, pipeline.layout(), VK_SHADER_STAGE_COMPUTE_BIT, 0,
                                 static_cast<uint32_t>(dispatch.push.size()), dispatch.push.data());
  functions.vkCmdDispatch(command, dispatch.groups[0], dispatch.groups[1], dispatch.groups[2]);
  conclude();
  state_->flops += dispatch.flops;
  ++state_->dispatches;
}

void Recorder::copy(const Region& from, const Region& to) {
  assert(inside(from) && inside(to) && from.bytes == to.bytes);
  const Binding accesses[] = {{from, Access::read}, {to, Access::write}};
  const VkCommandBuffer command = prepare(accesses, 2.0 * double(from.bytes) * kFlopsPerByte, "copy");
  const VkBufferCopy range{from.offset, to.offset, from.bytes};
  device().functions().vkCmdCopyBuffer(command, from.buffer->handle(), to.buffer->handle(), 1, &range);
  conclude();
}

void Recorder::fill(const Region& region, uint32_t word) {
  assert(inside(region) && region.offset % 4 == 0 && region.bytes % 4 == 0);
  const Binding accesses[] = {{region, Access::write}};
  const VkCommandBuffer command = prepare(accesses, double(region.bytes) * kFlopsPerByte, "fill");
  device().functions().vkCmdFillBuffer(command, region.buffer->handle(), region.offset, region.bytes, word);
  conclude();
}

Recording Recorder::finish() {
  cut();
  return Recording(std::move(state_));
}

}  // namespace impasto::vulkan
