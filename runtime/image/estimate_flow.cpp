// Optical flow computed by OpenCV, where the library was built with it.
#include "image/flow.h"
#include "impasto/error.h"

#ifdef IMPASTO_HAS_OPENCV
#include <algorithm>
#include <cmath>
#include <opencv2/video/tracking.hpp>
#endif

namespace impasto {

#ifdef IMPASTO_HAS_OPENCV

namespace {

// Luma as ITU-R BT.601 weighs it.
cv::Mat grey(const Image& image) {
  cv::Mat result(image.height, image.width, CV_8UC1);
  for (int y = 0; y < image.height; y++)
    for (int x = 0; x < image.width; x++) {
      const float* rgb = &image.rgb[(std::size_t(y) * std::size_t(image.width) + std::size_t(x)) * 3];
      const float value = 0.299F * rgb[0] + 0.587F * rgb[1] + 0.114F * rgb[2];
      result.at<unsigned char>(y, x) =
          static_cast<unsigned char>(std::lround(255 * std::clamp(value, 0.0F, 1.0F)));
    }
  return result;
}

}  // namespace

bool can_estimate_flow() {
  return true;
}

Flow estimate_flow(const Image& from, const Image& to) {
  cv::Mat field;
  try {
    cv::DISOpticalFlow::create(cv::DISOpticalFlow::PRESET_MEDIUM)->calc(grey(from), grey(to), field);
  } catch (const cv::Exception& exception) {
    throw Error(ErrorKind::input, "the flow between two frames cannot be computed (" + exception.err +
                                      "); name its files with --flow");
  }
  Flow flow{from.width, from.height, {}};
  for (int y = 0; y < from.height; y++)
    for (int x = 0; x < from.width; x++) {
      const auto step = field.at<cv::Vec2f>(y, x);
      flow.values.insert(flow.values.end(), {step[0], step[1], 1.0F});
    }
  return flow;
}

#else

bool can_estimate_flow() {
  return false;
}

Flow estimate_flow(const Image&, const Image&) {
  throw Error(ErrorKind::usage,
              "this build has no OpenCV to compute optical flow with; name its files with --flow");
}

#endif

}  // namespace impasto
