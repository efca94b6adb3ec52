// Losses and gradient of one picture, without a step.
#include "session/evaluate.h"

#include "impasto/error.h"
#include "network/installed.h"
#include "session/edge.h"
#include "session/engine.h"
#include "session/stage.h"
#include "session/stage_plan.h"
#include "session/start.h"

#include <chrono>
#include <span>

namespace impasto {
namespace session {
namespace {

struct Pictures {
  Image content, image;
  std::vector<Image> styles;
  std::optional<Guide> guide;
};

Pictures load_pictures(const Job& job, const std::filesystem::path& file) {
  Pictures pictures{load_image(job.content), load_image(file), {}, {}};
  std::optional<BeforePictures> before;
  if (!job.before.result.empty()) before = load_before(job.before, pictures.content);
  for (const StyleInput& style : job.styles) pictures.styles.push_back(load_image(style.file));
  if (job.size > 0) {
    const Stage stage{job.size, SizeSide::longest, 1};
    const Size size = scaled_size(size_of(pictures.content), job.size, SizeSide::longest);
    pictures.content = resized(pictures.content, size);
    pictures.image =
        resized(pictures.image, scaled_size(size_of(pictures.image), job.size, SizeSide::longest));
    for (Image& style : pictures.styles) style = resized(style, style_size(job, stage, size, size_of(style)));
  }
  if (pictures.image.width != pictures.content.width || pictures.image.height != pictures.content.height)
    throw Error(ErrorKind::input, file.string() + " is " + std::to_string(pictures.image.width) + "x" +
                                      std::to_string(pictures.image.height) + " pixels but the content is " +
                                      std::to_string(pictures.content.width) + "x" +
                                      std::to_string(pictures.content.height) +
                                      "; give an image of the content's size");
  if (before) pictures.guide = guide_at(*before, size_of(pictures.content));
  return pictures;
}

plan::Tiling tiling_for(Engine& engine, const Job& job, const Pictures& pictures) {
  PictureSizes sizes{size_of(pictures.content), {}};
  for (const Image& style : pictures.styles) sizes.styles.push_back(size_of(style));
  const uint64_t limit = job.memory_budget == kFreeMemory ? UINT64_MAX : job.memory_budget;
  return fit_stage(engine.device(), engine.weights(), job.recipe, sizes, job.tile, {limit},
                   Purpose::evaluation)
      .layout.tiling;
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
  const plan::Tiling tiling = tiling_for(engine, job, pictures);
  const auto grams = plan::style_targets(engine.library(), engine.weights(), recipe, styles, tiling.side);
  plan::Objective objective(engine.library().caps(), engine.weights(), recipe, pictures.image.height,
                            pictures.image.width, tiling);
  objective.allocate(engine.device());
  objective.set_content(engine.library(), pictures.content);
  objective.set_grams(grams);
  if (recipe.temporal_weight > 0) objective.set_guide(guide_texels(pictures.guide.value(), recipe));
  plan::upload_image(objective.image(), pictures.image, recipe);
  plan::run_once(engine.library(), [&](kernels::Context& context) { objective.record(context); });

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
    Engine engine(with_budget(options, job), network, depth_of(network, job.recipe),
                  element_of(job.precision));
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
