// Losses and gradient of one picture, without a step.
#include "session/evaluate.h"

#include "impasto/error.h"
#include "network/installed.h"
#include "session/edge.h"
#include "session/engine.h"
#include "session/stage.h"
#include "session/start.h"

#include <chrono>
#include <span>

namespace impasto {
namespace session {
namespace {

struct Pictures {
  Image content, image;
  std::vector<Image> styles;
};

Pictures load_pictures(const Job& job, const std::filesystem::path& file) {
  Pictures pictures{load_image(job.content), load_image(file), {}};
  for (const StyleInput& style : job.styles) pictures.styles.push_back(load_image(style.file));
  if (job.size > 0) {
    const Stage stage{job.size, SizeSide::longest, 1};
    const Size size = scaled_size(pictures.content, job.size, SizeSide::longest);
    pictures.content = resized(pictures.content, size);
    pictures.image = resized(pictures.image, scaled_size(pictures.image, job.size, SizeSide::longest));
    for (Image& style : pictures.styles) style = resized(style, style_size(job, stage, size, style));
  }
  if (pictures.image.width != pictures.content.width || pictures.image.height != pictures.content.height)
    throw Error(ErrorKind::input, file.string() + " is " + std::to_string(pictures.image.width) + "x" +
                                      std::to_string(pictures.image.height) + " pixels but the content is " +
                                      std::to_string(pictures.content.width) + "x" +
                                      std::to_string(pictures.content.height) +
                                      "; give an image of the content's size");
  return pictures;
}

Evaluation evaluate_pictures(Engine& engine, const Job& job, const Pictures& pictures) {
  const auto begun = std::chrono::steady_clock::now();
  const Recipe recipe = job_recipe(job);
  plan::check_size(engine.weights(), recipe, pictures.image.height, pictures.image.width, "the image");
  std::vector<plan::WeightedStyle> styles;
  for (size_t i = 0; i < pictures.styles.size(); i++) {
    plan::check_size(engine.weights(), recipe, pictures.styles[i].height, pictures.styles[i].width,
                     "the style");
    styles.push_back({&pictures.styles[i], job.styles[i].weight});
  }
  const auto grams = plan::style_targets(engine.library(), engine.weights(), recipe, styles);
  const auto content = plan::content_targets(engine.library(), engine.weights(), recipe, pictures.content);
  const plan::Objective objective(engine.library(), engine.weights(), recipe, pictures.image.height,
                                  pictures.image.width, content, grams);
  const plan::DeviceImage image = plan::upload_image(engine.device(), pictures.image, recipe);
  plan::run_once(engine.library(), [&](kernels::Context& context) {
    context.recorder.copy(image.buffer->all(), objective.image());
    objective.record(context);
  });

  Evaluation evaluation;
  std::vector<float> totals(size_t(objective.total_count()));
  vulkan::download(objective.totals().part(0, totals.size() * sizeof(float)),
                   std::as_writable_bytes(std::span(totals)));
  evaluation.losses = losses_of(objective.terms(), totals.data(), recipe.optimizer.variable_range);
  evaluation.gradient.resize(size_t(objective.elements()));
  vulkan::download(objective.gradient(), std::as_writable_bytes(std::span(evaluation.gradient)));
  for (float& value : evaluation.gradient)
    value = static_cast<float>(value * recipe.optimizer.variable_range);
  evaluation.width = pictures.image.width;
  evaluation.height = pictures.image.height;
  evaluation.device = engine.device().caps().name;
  evaluation.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  engine.device().save_pipeline_cache();
  return evaluation;
}

}  // namespace

Evaluation evaluate(const Job& job, const std::filesystem::path& image,
                    const vulkan::DeviceOptions& options) {
  return at_edge([&] {
    const Pictures pictures = load_pictures(job, image);
    const network::FoundModel model = network::find_model(job.model);
    const network::Network network(model.file);
    Engine engine(options, network, depth_of(network, job.recipe));
    Evaluation evaluation = evaluate_pictures(engine, job, pictures);
    evaluation.model = network.title();
    evaluation.model_advice = model.advice;
    return evaluation;
  });
}

}  // namespace session

Evaluation evaluate(const Job& job, const std::filesystem::path& image) {
  return session::evaluate(job, image, session::device_options(job.device));
}

}  // namespace impasto
