// Runs in tiles against runs at once: what they differ by knows nothing of where the tiles meet.
#include "catch.h"
#include "impasto/session.h"
#include "support/files.h"
#include "support/gpu.h"
#include "support/job.h"
#include "support/skip.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

namespace impasto::test {
namespace {

constexpr size_t kLayers = 13;  // of VGG-19, up to relu5_1
constexpr int kSeam = 2;        // pixels on either side of where tiles meet

// By hand, IMPASTO_SEAM_SIDE is a picture's side, IMPASTO_SEAM_NETWORK the file of another network, and IMPASTO_SEAM_PICTURE where the
// difference after 50 iterations is drawn, half grey where there is none and as strong as its mean is a tenth.
const char* asked(const char* name) {
  return std::getenv(name);
}

std::vector<Image> pictures_after(Job job, int tile, const std::vector<int>& iterations) {
  job.tile = tile;
  job.iterations = iterations.back();
  Session session = open_session(job);
  std::vector<Image> pictures;
  for (int done = 0; session.advance();)
    if (++done == iterations[pictures.size()]) pictures.push_back(session.image());
  CHECK(session.estimate().stages[0].tile == tile);
  return pictures;
}

std::vector<double> difference_of(const Image& a, const Image& b) {
  std::vector<double> difference;
  for (size_t i = 0; i < a.rgb.size(); ++i) difference.push_back(double(a.rgb[i]) - double(b.rgb[i]));
  return difference;
}

bool at_a_seam(int position, int tile, int length) {
  const int from_seam = (position + kSeam) % tile;
  return from_seam < 2 * kSeam && position >= kSeam && position - from_seam + kSeam < length;
}

struct Means {
  double seams = 0;
  double elsewhere = 0;
};

Means means_of(const std::vector<double>& difference, const Image& picture, int tile) {
  double sums[2] = {0, 0}, counts[2] = {0, 0};
  for (int y = 0; y < picture.height; ++y)
    for (int x = 0; x < picture.width; ++x) {
      const int kind = at_a_seam(x, tile, picture.width) || at_a_seam(y, tile, picture.height) ? 0 : 1;
      for (size_t c = 0; c < 3; ++c)
        sums[kind] += std::abs(difference[(size_t(y) * size_t(picture.width) + size_t(x)) * 3 + c]);
      counts[kind] += 3;
    }
  return {sums[0] / counts[0], sums[1] / counts[1]};
}

void draw(const std::string& file, const std::vector<double>& difference, const Image& like, double mean) {
  Image drawn{like.width, like.height, {}, {}};
  for (const double value : difference)
    drawn.rgb.push_back(static_cast<float>(std::clamp(0.5 + value / mean / 10, 0.0, 1.0)));
  SaveOptions options;
  options.overwrite = true;
  save_image(file, drawn, options);
}

TEST_CASE("a picture that is painted in tiles shows no seams") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(kLayers);
  const char* asked_side = asked("IMPASTO_SEAM_SIDE");
  const int side = asked_side != nullptr ? std::stoi(asked_side) : 198, tile = side > 300 ? 128 : 64;
  folder.write("content.png", small_picture(side, side - 35, 1));
  folder.write("style.png", small_picture(150, 130, 2));
  Job job = folder.job();
  job.recipe = with_optimizer(find_recipe("gatys"), OptimizerKind::adam);
  if (const char* network = asked("IMPASTO_SEAM_NETWORK")) job.model = network;
  const std::vector<int> iterations{3, asked_side != nullptr ? 50 : 20};
  const std::vector<Image> whole = pictures_after(job, 0, iterations),
                           tiled = pictures_after(job, tile, iterations);
  double sum = 0, norm = 0;
  for (size_t i = 0; i < whole[0].rgb.size(); ++i) {
    sum += std::pow(double(tiled[0].rgb[i]) - double(whole[0].rgb[i]), 2);
    norm += std::pow(double(whole[0].rgb[i]), 2);
  }
  CHECK(sum > 0);
  CHECK(std::sqrt(sum / norm) <= 1e-5);
  const std::vector<double> late = difference_of(tiled[1], whole[1]);
  const Means means = means_of(late, whole[1], tile);
  INFO(fmt::format("{:.2e} after {} iterations; after {} {:.2e} at seams, {:.2e} elsewhere",
                   std::sqrt(sum / norm), iterations[0], iterations[1], means.seams, means.elsewhere));
  if (asked_side != nullptr)
    WARN(fmt::format("{:.2e} after {} iterations; after {} {:.2e} at seams, {:.2e} elsewhere",
                     std::sqrt(sum / norm), iterations[0], iterations[1], means.seams, means.elsewhere));
  CHECK(means.seams > means.elsewhere / 1.3);
  CHECK(means.seams < means.elsewhere * 1.3);
  if (const char* file = asked("IMPASTO_SEAM_PICTURE")) draw(file, late, whole[1], means.elsewhere);
}

}  // namespace
}  // namespace impasto::test
