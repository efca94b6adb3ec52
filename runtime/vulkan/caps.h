// What a device offers, asked once; every limit the kernels obey is read from here. Tests clamp it to the
// specification's minimum.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace impasto::vulkan {

enum class DeviceType { discrete, integrated, software, other };

// The cooperative matrices of a subgroup that kernels multiply: rows × depth and depth × columns of fp16, summed in fp32.
struct MatrixShape {
  uint32_t rows = 0;
  uint32_t columns = 0;
  uint32_t depth = 0;
  bool exists() const { return rows != 0; }
};

struct Caps {
  std::string name;
  std::string driver;  // name and version in words
  DeviceType type = DeviceType::other;
  uint32_t vendor_id = 0;
  uint32_t device_id = 0;
  uint32_t driver_version = 0;
  std::array<uint8_t, 16> pipeline_cache_uuid{};

  uint32_t max_shared_bytes = 16384;
  uint32_t max_invocations = 128;  // in one workgroup, and along its x
  uint32_t max_groups = 65535;     // workgroups along each axis
  uint64_t max_storage_range = uint64_t{1} << 27;
  uint32_t max_storage_buffers = 4;  // in one stage
  uint32_t max_push_bytes = 128;
  uint64_t max_texel_elements = 65536;
  uint64_t max_allocation = uint64_t{1} << 30;
  uint64_t storage_alignment = 256;  // of a storage binding's offset; the texel alignment is folded in
  uint64_t heap_bytes = 0;           // of the largest device-local heap

  uint32_t subgroup_size = 1;
  bool subgroup_shuffle = false;  // in compute, with a size that is the same for every shader

  bool subgroup_control = false;  // a pipeline can ask for full subgroups of subgroup_size

  bool int64 = false;  // in shaders
  MatrixShape matrix;  // empty: none, or none worth using

  uint32_t timestamp_bits = 0;  // 0: no timestamps
  double timestamp_period = 0;  // nanoseconds a tick

  bool software() const { return type == DeviceType::software; }
};

// The specification's minimum for everything a kernel may ask: 16 KiB shared, 128 invocations, 128 MiB
// ranges, four storage buffers, 128 bytes of push constants, 65,536 texels, no subgroup operations,
// no 64-bit integers, no cooperative matrices, no timestamps.
Caps clamp_to_minimum(Caps caps);

}  // namespace impasto::vulkan
