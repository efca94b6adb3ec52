// Jobs of a few pixels with networks of a few channels, all written by the test that runs them.
#pragma once

#include "impasto/image.h"
#include "impasto/job.h"
#include "impasto/session.h"
#include "reference/objective.h"
#include "support/weights.h"
#include "vulkan/device.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace impasto::test {

// Channels of the five blocks of the networks below: not all of them whole texels.
constexpr std::array<int, 5> kNarrowWidths{6, 8, 10, 12, 12};

// Colours that vary smoothly with a little noise on them, in 8 bits.
Image small_picture(int width, int height, uint64_t seed, bool alpha = false);

class JobFolder {
 public:
  // With the first `layers` convolutions of VGG-19 as "vgg19.safetensors", a content of 40×32 pixels and a style of 36×44.
  explicit JobFolder(size_t layers);

  std::filesystem::path file(const std::string& name) const { return folder_.path() / name; }
  std::filesystem::path write(const std::string& name, const Image& picture) const;
  reference::Network network() const;

  // With relu1_1, relu2_1 and relu3_1 for the style and relu2_2 for the content (five layers), as far as the network goes, from
  // the content, at the pictures' own sizes.
  Job job() const;

 private:
  TemporaryFolder folder_;
  size_t layers_;
};

// A session on a device with validation on.
Session open_session(const Job& job, const vulkan::DeviceOptions& options);
Session open_session(const Job& job);

// The picture after all iterations.
Image finished_picture(const Job& job);

}  // namespace impasto::test
