// impasto evaluate: losses and gradient of one picture.
#include "base/atomic_file.h"
#include "commands.h"
#include "impasto/error.h"
#include "impasto/session.h"
#include "job_flags.h"
#include "npy.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>

namespace impasto::cli {
namespace {

struct EvaluateFlags {
  JobFlags job;
  std::string image;
  std::string gradient;
  bool json = false;
};

void print_json(const Job& job, const Evaluation& evaluation) {
  const Losses& losses = evaluation.losses;
  nlohmann::ordered_json terms = nlohmann::ordered_json::array();
  for (const TermLoss& term : losses.terms)
    terms.push_back({{"kind", term.kind}, {"layer", term.layer}, {"value", term.value}});
  const nlohmann::ordered_json json{{"recipe", job.recipe.name},
                                    {"model", evaluation.model},
                                    {"model_advice", evaluation.model_advice},
                                    {"device", evaluation.device},
                                    {"width", evaluation.width},
                                    {"height", evaluation.height},
                                    {"content", losses.content},
                                    {"style", losses.style},
                                    {"tv", losses.tv},
                                    {"total", losses.total},
                                    {"gradient_l2", losses.gradient_l2},
                                    {"seconds", evaluation.seconds},
                                    {"terms", terms}};
  fmt::print("{}\n", json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

void print_table(const Job& job, const Evaluation& evaluation) {
  const Losses& losses = evaluation.losses;
  fmt::print("{} on {}, {}x{}, {}\n", job.recipe.name, evaluation.model, evaluation.width, evaluation.height,
             evaluation.device);
  if (!evaluation.model_advice.empty()) fmt::print("  {}\n", evaluation.model_advice);
  for (const TermLoss& term : losses.terms)
    fmt::print("  {:<8} {:<8} {:.9g}\n", term.kind, term.layer, term.value);
  fmt::print("  {:<17} {:.9g}\n  {:<17} {:.9g}\n  {:<17} {:.3f}\n", "total", losses.total, "|gradient|",
             losses.gradient_l2, "seconds", evaluation.seconds);
}

int run_evaluate(const EvaluateFlags& flags) {
  const Job job = checked_job(make_job(flags.job));
  if (flags.image.empty())
    throw Error(ErrorKind::usage, "no picture to evaluate; name one with --image FILE");
  if (!flags.gradient.empty())
    const AtomicFile probe(flags.gradient, flags.job.overwrite);  // refuses early, leaves nothing
  const Evaluation evaluation = evaluate(job, flags.image);
  if (!flags.gradient.empty())
    write_npy(flags.gradient, evaluation.height, evaluation.width, evaluation.gradient, flags.job.overwrite);
  if (flags.json) {
    print_json(job, evaluation);
  } else {
    print_table(job, evaluation);
  }
  return 0;
}

}  // namespace

void add_evaluate(CLI::App& app, Action& chosen) {
  const auto flags = std::make_shared<EvaluateFlags>();
  CLI::App* command = app.add_subcommand("evaluate", "Losses and gradient of one picture, without a step");
  add_input_flags(*command, flags->job);
  add_objective_flags(*command, flags->job);
  command->add_option("--image", flags->image, "The picture to evaluate")
      ->option_text("FILE")
      ->group("Pictures");
  command->add_option("--gradient", flags->gradient, "Write d total / d x as height x width x 3 float32")
      ->option_text("FILE.npy")
      ->group("Run");
  command->add_flag("--json", flags->json, "Print JSON")->group("Run");
  command->add_flag("--overwrite", flags->job.overwrite, "Replace a gradient file that exists")->group("Run");
  command->callback([flags, &chosen] { chosen = [flags] { return run_evaluate(*flags); }; });
}

}  // namespace impasto::cli
