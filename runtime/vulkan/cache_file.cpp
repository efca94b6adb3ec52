// Reads and writes the pipeline cache's file.
#include "cache_file.h"

#include <array>
#include <cstring>
#include <fstream>
#include <random>
#include <string>
#include <system_error>

namespace impasto::vulkan {
namespace {

constexpr std::array<char, 8> kMagic{'I', 'M', 'P', 'P', 'I', 'P', 'E', '\n'};
constexpr uint32_t kVersion = 1;
constexpr uint64_t kLargest = uint64_t{256} << 20;  // no driver's cache of our few pipelines comes near

struct Header {
  std::array<char, 8> magic = kMagic;
  uint32_t version = kVersion;
  uint32_t vendor_id = 0;
  uint32_t device_id = 0;
  uint32_t driver_version = 0;
  std::array<uint8_t, 16> uuid{};
  uint64_t size = 0;
  uint64_t checksum = 0;
};
static_assert(sizeof(Header) == 56, "written as it lies in memory, so it must have no holes");

// FNV-1a, 64 bits: against damage, not against malice.
uint64_t checksum(std::span<const std::byte> data) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (const std::byte byte : data) hash = (hash ^ static_cast<uint8_t>(byte)) * 0x100000001b3u;
  return hash;
}

Header header_for(const Caps& caps, std::span<const std::byte> data) {
  Header header;
  header.vendor_id = caps.vendor_id;
  header.device_id = caps.device_id;
  header.driver_version = caps.driver_version;
  header.uuid = caps.pipeline_cache_uuid;
  header.size = data.size();
  header.checksum = checksum(data);
  return header;
}

bool write_all(const std::filesystem::path& file, const Header& header, std::span<const std::byte> data) {
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream.write(reinterpret_cast<const char*>(&header), sizeof header);
  stream.write(reinterpret_cast<const char*>(data.data()), static_cast<std::streamsize>(data.size()));
  stream.close();
  return stream.good();
}

}  // namespace

std::filesystem::path cache_file(const std::filesystem::path& directory, const Caps& caps) {
  return directory /
         ("pipelines-" + std::to_string(caps.vendor_id) + "-" + std::to_string(caps.device_id) + ".bin");
}

std::vector<std::byte> read_cache_file(const std::filesystem::path& file, const Caps& caps) {
  std::error_code error;
  const uint64_t whole = std::filesystem::file_size(file, error);
  if (error || whole <= sizeof(Header) || whole > kLargest) return {};
  std::vector<std::byte> data(whole - sizeof(Header));
  Header header;
  std::ifstream stream(file, std::ios::binary);
  stream.read(reinterpret_cast<char*>(&header), sizeof header);
  stream.read(reinterpret_cast<char*>(data.data()), static_cast<std::streamsize>(data.size()));
  if (!stream) return {};
  const Header expected = header_for(caps, data);
  if (std::memcmp(&header, &expected, sizeof header) != 0) return {};
  return data;
}

bool write_cache_file(const std::filesystem::path& file, const Caps& caps, std::span<const std::byte> data) {
  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);
  std::filesystem::path partial = file;
  partial += "." + std::to_string(std::random_device{}()) + ".partial";  // another process may be writing too
  // Not synchronised to the disk: the checksum makes a torn file one that is merely ignored.
  if (write_all(partial, header_for(caps, data), data)) {
    std::filesystem::rename(partial, file, error);
    if (!error) return true;
  }
  std::filesystem::remove(partial, error);
  return false;
}

}  // namespace impasto::vulkan
