// Writes small networks and pictures, and runs small jobs.
#include "support/job.h"

#include "session/run.h"
#include "support/files.h"
#include "support/gpu.h"
#include "support/random.h"

#include <algorithm>
#include <cmath>
#include <memory>

namespace impasto::test {
namespace {

// The rows whose layer is among the first `layers` of VGG-19.
std::vector<LayerWeight> within(const std::vector<LayerWeight>& rows, size_t layers) {
  const std::vector<network::LayerId> known = network::layers(network::kVgg19);
  std::vector<LayerWeight> result;
  for (const LayerWeight& row : rows)
    for (size_t i = 0; i < std::min(layers, known.size()); ++i)
      if (known[i].activation_name() == row.layer) result.push_back(row);
  return result;
}

}  // namespace

Image small_picture(int width, int height, uint64_t seed, bool alpha) {
  Random random(seed);
  const double turn = random.uniform(2, 6), tilt = random.uniform(2, 6);
  Image image{width, height, {}, {}};
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < 3; ++c) {
        const double wave = std::sin(turn * x / width + c) * std::cos(tilt * y / height - c);
        const double value = 0.5 + 0.35 * wave + random.uniform(-0.1, 0.1);
        image.rgb.push_back(static_cast<float>(std::round(255 * value) / 255));
      }
      if (alpha) image.alpha.push_back(static_cast<float>((x + y) % 256) / 255);
    }
  return image;
}

JobFolder::JobFolder(size_t layers) : layers_(layers) {
  write_bytes(file("vgg19.safetensors"),
              safetensors_bytes(random_vgg(network::kVgg19, kNarrowWidths, 7, layers)));
  write("content.png", small_picture(40, 32, 1));
  write("style.png", small_picture(36, 44, 2));
}

std::filesystem::path JobFolder::write(const std::string& name, const Image& picture) const {
  SaveOptions options;
  options.overwrite = true;
  save_image(file(name), picture, options);
  return file(name);
}

reference::Network JobFolder::network() const {
  return load_network(file("vgg19.safetensors"));
}

Job JobFolder::job() const {
  Job job;
  job.recipe = find_recipe("gatys");
  job.content = file("content.png");
  job.styles = {{file("style.png"), 1}};
  job.model = file("vgg19.safetensors").string();
  job.recipe.style_layers = within({{"relu1_1", 1}, {"relu2_1", 1}, {"relu3_1", 1}}, layers_);
  job.recipe.content_layers = within({{"relu2_2", 1}}, layers_);
  job.size = job.style_size = kOwnSize;
  job.iterations = 6;
  return job;
}

Session open_session(const Job& job, const vulkan::DeviceOptions& options) {
  return Session(std::make_unique<session::Run>(checked_job(job), options));
}

Session open_session(const Job& job) {
  return open_session(job, device_options());
}

Image finished_picture(const Job& job) {
  Session session = open_session(job);
  while (session.advance()) continue;
  return session.image();
}

}  // namespace impasto::test
