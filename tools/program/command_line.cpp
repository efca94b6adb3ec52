// Chooses the subcommand and turns every failure into one line and an exit code.
#include "command_line.h"

#include "base/nearest.h"
#include "base/shown.h"
#include "commands.h"
#include "impasto/error.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <new>

namespace impasto::cli {
namespace {

constexpr int kInternalError = 1;
constexpr int kTypingErrors = 3;  // more make another word
constexpr const char* kVersion = "impasto " IMPASTO_VERSION;

void declare(CLI::App& app, Action& chosen) {
  app.set_version_flag("--version", kVersion, "Print the version");
  app.require_subcommand(1);
  app.footer(
      "impasto -c photo.jpg -s painting.jpg -o result.png is short for impasto stylize.\n"
      "impasto COMMAND --help lists a command's flags.");
  add_stylize(app, chosen);
  add_batch(app, chosen);
  add_sequence(app, chosen);
  add_evaluate(app, chosen);
  add_devices(app, chosen);
  add_recipes(app, chosen);
  add_bench(app, chosen);
  add_weights(app, chosen);
  add_completions(app, chosen);
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  return names;
}

// The arguments with "stylize" in front when they name no subcommand.
std::vector<std::string> with_command(const CLI::App& app, std::vector<std::string> arguments) {
  const std::string first = arguments.empty() ? "" : arguments.front();
  if (first == "-h" || first == "--help" || first == "--version") return arguments;
  const std::vector<std::string> names = command_names(app);
  if (std::find(names.begin(), names.end(), first) != names.end()) return arguments;
  const std::string nearest = nearest_name(first, names);
  if (!first.empty() && first.front() != '-' && edit_distance(first, nearest) <= kTypingErrors)
    throw Error(ErrorKind::usage,
                fmt::format("there is no command \"{}\"; the nearest is \"{}\"", shown(first), nearest));
  arguments.insert(arguments.begin(), "stylize");
  return arguments;
}

std::vector<std::string> flag_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands()) {
    for (const CLI::Option* option : command->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
      for (const std::string& name : option->get_snames()) names.push_back("-" + name);
    }
  }
  return names;
}

[[noreturn]] void refuse_leftovers(const CLI::App& app) {
  const std::vector<std::string> left = app.remaining(true);
  const std::string first = left.empty() ? "" : left.front();
  if (first.empty() || first.front() != '-')
    throw Error(ErrorKind::usage,
                fmt::format("\"{}\" belongs to no flag; pictures follow --content, --style and --output",
                            shown(first)));
  const std::string flag = first.substr(0, first.find('='));
  throw Error(ErrorKind::usage, fmt::format("there is no flag \"{}\"; the nearest is \"{}\"", shown(flag),
                                            nearest_name(flag, flag_names(app))));
}

// The parser's own words on one line.
[[noreturn]] void refuse(const CLI::ParseError& error) {
  std::string what = error.what();
  std::replace(what.begin(), what.end(), '\n', ' ');
  throw Error(ErrorKind::usage, fmt::format("the command line is wrong: {}; see impasto --help", what));
}

// The chosen action; nothing when help or the version has been printed.
Action parse(CLI::App& app, const std::vector<std::string>& arguments) {
  Action chosen;
  declare(app, chosen);
  try {
    std::vector<std::string> reversed = with_command(app, arguments);
    std::reverse(reversed.begin(), reversed.end());
    app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return {};
  } catch (const CLI::CallForVersion&) {
    fmt::print("{}\n", kVersion);
    return {};
  } catch (const CLI::ExtrasError&) {
    refuse_leftovers(app);
  } catch (const CLI::ParseError& error) {
    refuse(error);
  }
  return chosen;
}

int run_checked(const std::vector<std::string>& arguments) {
  CLI::App app{"Neural style transfer on any Vulkan device", "impasto"};
  const Action action = parse(app, arguments);
  const int code = action ? action() : 0;
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
    throw Error(ErrorKind::input, "standard output could not be written; is its disk full?");
  return code;
}

int report(int code, const char* what) {
  std::fprintf(stderr, "impasto: %s\n", what);
  return code;
}

}  // namespace

int run(const std::vector<std::string>& arguments) noexcept {
  try {
    return run_checked(arguments);
  } catch (const Error& error) {
    return report(error.exit_code(), error.what());
  } catch (const std::bad_alloc&) {
    return report(static_cast<int>(ErrorKind::budget),
                  "the computer's memory is full; choose a smaller --size");
  } catch (const std::exception& error) {
    return report(kInternalError, error.what());
  }
}

}  // namespace impasto::cli
