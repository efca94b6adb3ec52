// Reads files as they are asked for.
#include "pictures.h"

#include "draw/picture_buffer.h"
#include "impasto/error.h"
#include "impasto/image.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace impasto::viewer {
namespace {

constexpr int kMostSide = 2048;  // drawn; a result is seldom compared with more

FilePicture read(const NativeDevice& device, const std::filesystem::path& file) {
  FilePicture result;
  try {
    Image image = load_image(file);
    result.width = image.width;
    result.height = image.height;
    const double scale = double(kMostSide) / std::max(image.width, image.height);
    if (scale < 1)
      image = resample(image, std::max(1, int(std::lround(image.width * scale))),
                       std::max(1, int(std::lround(image.height * scale))), Filter::bicubic);
    result.picture = upload(device, image);
  } catch (const Error& error) {
    result.error = error.what();
  }
  return result;
}

}  // namespace

Pictures::Pictures(const NativeDevice& device, std::function<void()> wake)
    : device_(device), wake_(std::move(wake)) {}

const FilePicture& Pictures::get(const std::filesystem::path& file) {
  Entry& entry = entries_[file];
  if (entry.coming.valid()) {
    if (entry.coming.wait_for(std::chrono::seconds(0)) == std::future_status::ready)
      entry.picture = entry.coming.get();
  } else if (entry.picture.picture.buffer == VK_NULL_HANDLE && entry.picture.error.empty()) {
    entry.coming = std::async(std::launch::async, [device = device_, wake = wake_, file] {
      FilePicture picture = read(device, file);
      wake();
      return picture;
    });
  }
  return entry.picture;
}

}  // namespace impasto::viewer
