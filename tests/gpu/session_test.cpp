// Whole runs of a few pixels: what they start from, what they say of themselves, and that their bits repeat.
#include "impasto/session.h"

#include "catch.h"
#include "impasto/error.h"
#include "reference/objective.h"
#include "reference/optimizer.h"
#include "support/files.h"
#include "support/gpu.h"
#include "support/job.h"
#include "support/picture_file.h"
#include "support/skip.h"

#include <OpenImageIO/imageio.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cmath>
#include <numeric>
#include <thread>

namespace impasto::test {
namespace {

Job noise_job(const JobFolder& folder, OptimizerKind kind) {
  Job job = folder.job();
  job.recipe = with_optimizer(job.recipe, kind);
  job.recipe.optimizer.history = 3;  // shorter than the run
  job.init = "noise";
  job.seed = 5;
  return job;
}

// The picture that a run would begin with.
Image start_of(const Job& job) {
  return open_session(job).image();
}

Losses first_losses(const Job& job) {
  Session session = open_session(job);
  session.advance();
  session.finish();
  return session.progress().losses;
}

double mean_of(const std::vector<float>& values, size_t channel) {
  double sum = 0;
  for (size_t i = channel; i < values.size(); i += 3) sum += values[i];
  return 3 * sum / double(values.size());
}

double spread_of(const std::vector<float>& values, size_t channel) {
  const double mean = mean_of(values, channel);
  double sum = 0;
  for (size_t i = channel; i < values.size(); i += 3) sum += (values[i] - mean) * (values[i] - mean);
  return std::sqrt(3 * sum / double(values.size()));
}

// What the reference says of a picture under the job's recipe; styles are blended by their weights.
reference::Losses reference_losses(const JobFolder& folder, const Job& job, const Image& picture) {
  const reference::Network network = folder.network();
  const reference::Array content = load_picture(job.content);
  reference::Targets targets;
  double total = 0;
  for (const StyleInput& style : job.styles) total += style.weight;
  for (const StyleInput& style : job.styles) {
    const reference::Targets own = make_targets(job.recipe, network, content, load_picture(style.file));
    targets.content = own.content;
    for (const auto& [layer, gram] : own.style) {
      reference::Matrix& blend = targets.style.try_emplace(layer, gram.size(), 0.0).first->second;
      for (size_t i = 0; i < gram.size(); ++i) blend[i] += style.weight / total * gram[i];
    }
  }
  return evaluate(job.recipe, network, targets, to_array(picture));
}

TEST_CASE("a run lowers its loss with either optimiser") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(5);
  Job job = noise_job(folder, GENERATE(OptimizerKind::adam, OptimizerKind::lbfgs));
  job.iterations = 15;
  Session session = open_session(job);
  REQUIRE(session.advance());
  session.finish();
  const double first = session.progress().losses.total;
  while (session.advance()) continue;
  session.finish();
  const double last = session.progress().losses.total;
  INFO("loss from " << first << " to " << last);
  CHECK(last > 0);
  CHECK(last < first / 2);
}

TEST_CASE("a seed decides the bits of a run, and other seeds give others") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(3);
  Job job = noise_job(folder, GENERATE(OptimizerKind::adam, OptimizerKind::lbfgs));
  const std::vector<float> first = finished_picture(job).rgb;
  CHECK((finished_picture(job).rgb == first));
  job.seed = 6;
  CHECK((finished_picture(job).rgb != first));
}

TEST_CASE("a run that is looked at ends with the same bits as one that is not") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(5);
  const Job job = noise_job(folder, GENERATE(OptimizerKind::adam, OptimizerKind::lbfgs));
  const std::vector<float> unseen = finished_picture(job).rgb;
  Session session = open_session(job);
  std::vector<float> before = session.image().rgb;
  while (session.advance()) {
    session.progress();
    if (session.progress().submitted % 2 == 1) continue;
    const std::vector<float> now = session.image().rgb;
    CHECK((now != before));
    before = now;
  }
  session.save(folder.file("seen.png"), false);
  CHECK((session.image().rgb == unseen));
}

TEST_CASE("what is shown and saved is the average of the steps when the recipe has one") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(3);
  Job job = noise_job(folder, GENERATE(OptimizerKind::adam, OptimizerKind::lbfgs));
  const double decay = 0.8;
  reference::Average expected{decay};
  Session plain = open_session(job);
  do {
    const std::vector<float> now = plain.image().rgb;
    expected.take({now.begin(), now.end()});
  } while (plain.advance());
  job.recipe.optimizer.average = decay;
  const std::vector<float> shown = finished_picture(job).rgb;
  CHECK(reference::relative_error({shown.begin(), shown.end()}, expected.value) <= 1e-6);
}

TEST_CASE("a pyramid runs through smaller scales and ends at the job's size") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(5);
  Job job = noise_job(folder, GENERATE(OptimizerKind::adam, OptimizerKind::lbfgs));
  job.recipe.optimizer.average = 0.9;
  job.recipe.stages = {{512, SizeSide::longest, 2}};
  job.recipe.pyramid = {.smallest = 14, .iterations = 5};
  job.size = GENERATE(0, 40);  // both are the content's own
  job.iterations = kRecipeIterations;
  Session session = open_session(job);
  CHECK(session.progress().scales == 4);
  CHECK(session.progress().width == 14);
  std::vector<int> widths;
  while (session.advance()) widths.push_back(session.progress().width);
  CHECK(widths == std::vector<int>{14, 14, 14, 14, 14, 20, 20, 28, 28, 40, 40});
  CHECK(session.image().height == 32);
  CHECK((finished_picture(job).rgb == session.image().rgb));
}

TEST_CASE("each stage starts from the picture of the one before, at its size") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(5);
  Job job = noise_job(folder, OptimizerKind::lbfgs);
  job.size = kRecipeSizes;
  job.iterations = kRecipeIterations;
  job.recipe.stages = {{20, SizeSide::longest, 4}, {32, SizeSide::shortest, 2}};
  Session session = open_session(job);
  for (int i = 0; i < 4; ++i) REQUIRE(session.advance());
  const Image small = session.image();
  CHECK(small.width == 20);
  CHECK(small.height == 16);
  Progress progress = session.progress();
  CHECK(progress.scale == 0);
  CHECK(progress.scales == 2);
  CHECK(progress.width == 20);
  CHECK(progress.height == 16);
  CHECK(progress.iteration == 4);
  CHECK(progress.iterations == 6);
  CHECK(progress.eta_seconds > 0);

  REQUIRE(session.advance());
  session.finish();
  progress = session.progress();
  CHECK(progress.scale == 1);
  CHECK(progress.width == 40);
  CHECK(progress.height == 32);
  CHECK(progress.iteration == 5);
  CHECK(progress.iterations_per_second > 0);  // the stage before told
  CHECK(progress.eta_seconds > 0);
  const reference::Losses expected = reference_losses(folder, job, resample(small, 40, 32, Filter::bicubic));
  CHECK(progress.losses.total == Approx(expected.total).epsilon(1e-4));

  REQUIRE(session.advance());
  CHECK_FALSE(session.advance());
  const Image last = session.image();
  CHECK(last.width == 40);
  CHECK(last.height == 32);
  CHECK(session.progress().iteration == 6);
}

TEST_CASE("progress says how far the run is and what it costs") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(5);
  Job job = folder.job();
  job.recipe.tv = TvKind::l1;
  job.recipe.tv_weight = 1e-3;
  Session session = open_session(job);
  const Progress before = session.progress();
  CHECK(before.iteration == 0);
  CHECK(before.submitted == 0);
  CHECK(before.iterations == 6);
  CHECK(before.scale == 0);
  CHECK(before.scales == 1);
  CHECK(before.width == 40);
  CHECK(before.height == 32);
  CHECK(before.losses.terms.empty());
  CHECK(before.seconds == 0);
  CHECK(before.eta_seconds == 0);
  CHECK(before.iterations_per_second == 0);
  CHECK(before.device_bytes > 0);
  CHECK(before.device == device().caps().name);
  CHECK(before.recoveries == 0);
  CHECK(before.skipped_steps == 0);

  REQUIRE(session.advance());
  REQUIRE(session.advance());
  session.finish();
  const Progress middle = session.progress();
  CHECK(middle.iteration == 2);
  CHECK(middle.submitted == 2);
  CHECK(middle.seconds > 0);
  CHECK(middle.iterations_per_second > 0);
  CHECK(middle.eta_seconds > 0);
  CHECK(middle.skipped_steps == 0);
  const Losses& losses = middle.losses;
  CHECK(losses.total == Approx(losses.content + losses.style + losses.tv));
  CHECK(losses.gradient_l2 > 0);
  double style = 0;
  std::vector<std::string> rows;
  for (const TermLoss& term : losses.terms) {
    rows.push_back(term.kind + " " + term.layer);
    if (term.kind == "style") style += term.value;
    if (term.kind == "tv") CHECK(term.value == losses.tv);
    if (term.kind == "content") CHECK(term.value == losses.content);
  }
  std::sort(rows.begin(), rows.end());
  CHECK(rows == std::vector<std::string>{"content relu2_2", "style relu1_1", "style relu2_1", "style relu3_1",
                                         "tv "});
  CHECK(losses.style == Approx(style));

  while (session.advance()) continue;
  session.finish();
  CHECK(session.progress().iteration == 6);
  CHECK(session.progress().eta_seconds == 0);
}

TEST_CASE("a run that rests does not grow slower") {
  IMPASTO_REQUIRE_GPU();
  using Clock = std::chrono::steady_clock;
  const JobFolder folder(8);
  Session session = open_session(folder.job());
  REQUIRE(session.advance());
  session.finish();
  const Progress before = session.progress();
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  CHECK(session.progress().seconds == before.seconds);
  CHECK(session.progress().eta_seconds == before.eta_seconds);
  const auto begun = Clock::now();
  REQUIRE(session.advance());
  session.finish();
  const double worked = std::chrono::duration<double>(Clock::now() - begun).count();
  const Progress after = session.progress();
  CHECK(after.seconds > before.seconds);
  CHECK(after.seconds <= before.seconds + worked);
  CHECK(before.iterations_per_second == 0);  // the first one prepared kernels
  CHECK(after.iterations_per_second == Approx(1 / (after.seconds - before.seconds)).epsilon(0.01));
}

TEST_CASE("steps that a gradient without bounds would take are skipped and counted") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(5);
  Job job = noise_job(folder, GENERATE(OptimizerKind::adam, OptimizerKind::lbfgs));
  job.recipe.style_weight = 1e20;
  job.size = kRecipeSizes;
  job.iterations = kRecipeIterations;
  job.recipe.stages = {{40, SizeSide::longest, 2}, {40, SizeSide::longest, 1}};
  Session session = open_session(job);
  const std::vector<float> start = session.image().rgb;
  while (session.advance()) continue;
  CHECK((session.image().rgb == start));
  CHECK(session.progress().skipped_steps == 3);
}

TEST_CASE("ten steps in a row without a finite gradient end a run with its last good picture") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(5);
  Job job = noise_job(folder, GENERATE(OptimizerKind::adam, OptimizerKind::lbfgs));
  job.recipe.style_weight = 1e20;
  job.iterations = 30;
  Session session = open_session(job);
  const std::vector<float> start = session.image().rgb;
  const std::string message = refusal(ErrorKind::usage, [&] {
    while (session.advance()) continue;
  });
  CHECK_THAT(message, contains("10 times in a row") && contains("--learning-rate"));
  CHECK(session.progress().skipped_steps >= 10);
  CHECK(session.progress().iteration < 20);
  CHECK((session.image().rgb == start));
}

TEST_CASE("a saved picture has the run's settings and the content's alpha") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(1);
  Job job = folder.job();
  const Image content = small_picture(40, 32, 1, true);
  folder.write("content.png", content);
  job.iterations = 2;
  Session session = open_session(job);
  while (session.advance()) continue;
  const std::filesystem::path saved = folder.file("result.png");
  session.save(saved, false);
  const Image read = load_image(saved);
  CHECK(read.width == 40);
  CHECK(read.height == 32);
  CHECK(largest_difference(read.alpha, content.alpha) < 1e-6);
  const std::vector<float> shown = session.image().rgb;
  double furthest = 0;
  for (size_t i = 0; i < shown.size(); ++i)
    furthest = std::max(furthest, std::abs(double(read.rgb[i]) - std::clamp(double(shown[i]), 0.0, 1.0)));
  CHECK(furthest <= 0.5 / 255 + 1e-6);

  const auto file = OIIO::ImageInput::open(saved.string());
  REQUIRE(file);
  const std::string description = file->spec().get_string_attribute("ImageDescription");
  const std::string settings = nlohmann::json::parse(description).at("impasto");
  Job ran = checked_job(job);
  ran.precision = Precision::fp32;  // which automatic came to
  CHECK(job_from_json(settings, "the picture") == ran);

  refusal(ErrorKind::input, [&] { session.save(saved, false); });
  CHECK_NOTHROW(session.save(saved, true));
  CHECK(entries(folder.file("")).size() == 4);  // nothing but network, content, style and result
}

TEST_CASE("several styles are blended by their weights") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(5);
  Job job = folder.job();
  job.styles = {{folder.file("style.png"), 3},
                {folder.write("other.png", small_picture(23, 31, 9)), 1},
                {folder.write("third.png", small_picture(30, 20, 10)), 0.5}};
  const Losses losses = first_losses(job);
  const reference::Losses expected = reference_losses(folder, job, load_image(job.content));
  CHECK(losses.content == 0);  // the start is the content
  CHECK(losses.style == Approx(expected.style).epsilon(1e-5));
  job.styles[0].weight = 1;
  CHECK(std::abs(first_losses(job).style - losses.style) > 1e-3 * losses.style);
}

TEST_CASE("the strength of the style multiplies what the style weighs, and the rest stays") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(5);
  Job job = noise_job(folder, OptimizerKind::adam);
  const Losses own = first_losses(job);
  job.style_strength = 3;
  const Losses strong = first_losses(job);
  CHECK(strong.style == Approx(3 * own.style));
  CHECK(strong.content == own.content);
}

TEST_CASE("the styles follow the content's size unless they have their own") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(1);
  Job job = folder.job();
  job.size = 24;
  const Image style = load_image(job.styles[0].file);
  const auto losses_with = [&](int width, int height) {
    Job resized = job;
    resized.style_size = kOwnSize;
    folder.write("resized.png", resample(style, width, height, Filter::bicubic));
    resized.styles[0].file = folder.file("resized.png");
    return first_losses(resized).style;
  };
  job.style_size = kFollowContent;
  CHECK(first_losses(job).style == Approx(losses_with(20, 24)).epsilon(1e-2));  // 8 bits round the picture
  job.style_scale = 1.5;
  CHECK(first_losses(job).style == Approx(losses_with(29, 36)).epsilon(1e-2));
  job.style_size = 30;
  CHECK(first_losses(job).style == Approx(losses_with(25, 30)).epsilon(1e-2));
}

TEST_CASE("a run starts from the content, the style, a file or noise") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(1);
  Job job = folder.job();
  const Image content = load_image(job.content), style = load_image(job.styles[0].file);
  const Image other = small_picture(31, 27, 4);
  folder.write("other.png", other);
  CHECK(largest_difference(start_of(job).rgb, content.rgb) < 1e-6);
  job.init = "style";
  CHECK(largest_difference(start_of(job).rgb, resample(style, 40, 32, Filter::bicubic).rgb) < 1e-6);
  job.init = folder.file("other.png").string();
  CHECK(largest_difference(start_of(job).rgb, resample(other, 40, 32, Filter::bicubic).rgb) < 1e-6);
  job.init = folder.file("nowhere.png").string();
  CHECK_THAT(refusal(ErrorKind::input, [&] { open_session(job); }), contains("nowhere.png"));

  job.init = "noise";  // of standard deviation 1 around the network's mean
  const Image noise = start_of(job);
  for (size_t c = 0; c < 3; ++c) {
    CHECK(mean_of(noise.rgb, c) == Approx(job.recipe.input.mean[c] / 255).margin(0.2 / 255));
    CHECK(spread_of(noise.rgb, c) == Approx(1.0 / 255).epsilon(0.1));
  }
  job.seed = 1;
  CHECK((start_of(job).rgb != noise.rgb));
}

TEST_CASE("a run starts from what its recipe says, noise mixed into the content included") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(1);
  Job job = folder.job();
  job.recipe.init = InitKind::mix;
  job.recipe.noise_share = 0.25;
  job.recipe.noise = 20;
  const Image content = load_image(job.content), start = start_of(job);
  std::vector<float> noise(start.rgb.size());
  double widest = 0;
  for (size_t i = 0; i < noise.size(); ++i) {
    const double mean = job.recipe.input.mean[i % 3];
    const double mixed = 255 * double(start.rgb[i]) - mean,
                 kept = 0.75 * (255 * double(content.rgb[i]) - mean);
    noise[i] = static_cast<float>((mixed - kept) / 0.25);
    widest = std::max(widest, std::abs(double(noise[i])));
  }
  CHECK(widest <= 20.001);
  CHECK(widest > 19);
  for (size_t c = 0; c < 3; ++c) CHECK(std::abs(mean_of(noise, c)) < 2);
}

TEST_CASE("a picture too small for the deepest layer is refused with the smallest size") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(5);
  Job job = folder.job();
  folder.write("tiny.png", small_picture(40, 3, 3));
  job.content = folder.file("tiny.png");
  CHECK(refusal(ErrorKind::input, [&] { open_session(job); }) ==
        "the content is 40x3 pixels, too small for relu3_1; it needs at least 4 a side");
  job.recipe.rounding = PoolingRounding::ceil;
  CHECK_NOTHROW(open_session(job));
  job.recipe.rounding = PoolingRounding::floor;
  job.content = folder.file("content.png");
  job.styles[0].file = folder.file("tiny.png");
  CHECK_THAT(refusal(ErrorKind::input, [&] { open_session(job); }),
             contains("the style is 40x3 pixels") && contains("at least 4 a side"));
}

TEST_CASE("a layer that the network lacks is refused with the nearest") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(5);
  Job job = folder.job();
  job.recipe.style_layers.push_back({"relu3_4", 1});
  const std::string message = refusal(ErrorKind::usage, [&] { open_session(job); });
  CHECK_THAT(message, contains("\"relu3_4\"") && contains("\"relu3_1\"") && contains(job.model));
}

}  // namespace
}  // namespace impasto::test
