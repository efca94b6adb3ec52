// Walks the parser's declarations; what a value can be follows from how help shows it.
#include "command_tree.h"

#include "impasto/recipe.h"
#include "impasto/weights.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cctype>

namespace impasto::cli {
namespace {

std::vector<std::string> recipe_names() {
  std::vector<std::string> names;
  for (const Recipe& recipe : recipes()) names.push_back(recipe.name);
  return names;
}

std::vector<std::string> source_names() {
  std::vector<std::string> names;
  for (const WeightsSource& source : fetchable_weights()) {  // several mirrors can have the same
    if (std::find(names.begin(), names.end(), source.name) == names.end()) names.push_back(source.name);
  }
  return names;
}

// "max|average" are two words, "NAME|FILE.json" a name of the command's kind or a file, "relu4_2[:W],..." is for people.
void add_value(Flag& flag, const CLI::Option& option, const std::vector<std::string>& names) {
  flag.value = option.get_option_text();
  std::string rest = flag.value + "|";
  for (size_t bar = rest.find('|'); bar != std::string::npos; bar = rest.find('|')) {
    const std::string word = rest.substr(0, bar);
    rest.erase(0, bar + 1);
    const bool placeholder = word.empty() || std::islower(static_cast<unsigned char>(word.front())) == 0;
    flag.file = flag.file || word.starts_with("FILE") || word == "DIR";
    if (word == "NAME") flag.words.insert(flag.words.end(), names.begin(), names.end());
    if (!placeholder && word.find_first_of("[,") == std::string::npos) flag.words.push_back(word);
  }
}

Flag read_flag(const CLI::Option& option, const std::vector<std::string>& names) {
  Flag flag;
  for (const std::string& name : option.get_snames()) flag.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) flag.names.push_back("--" + name);
  flag.about = option.get_description();
  if (option.get_items_expected_max() > 0) add_value(flag, option, names);
  return flag;
}

void walk(const CLI::App& app, const std::vector<std::string>& path, std::vector<Command>& tree) {
  Command command{path, app.get_description(), {}, {}, {}};
  const std::vector<std::string> names =
      path == std::vector<std::string>{"weights", "fetch"} ? source_names() : recipe_names();
  for (const CLI::Option* option : app.get_options()) {
    Flag flag = read_flag(*option, names);
    (flag.names.empty() ? command.arguments : command.flags).push_back(std::move(flag));
  }
  const auto children = app.get_subcommands([](const CLI::App*) { return true; });
  for (const CLI::App* child : children) command.commands.push_back(child->get_name());
  tree.push_back(std::move(command));
  for (const CLI::App* child : children) {
    std::vector<std::string> below = path;
    below.push_back(child->get_name());
    walk(*child, below, tree);
  }
}

}  // namespace

std::vector<Command> command_tree(const CLI::App& app) {
  std::vector<Command> tree;
  walk(app, {}, tree);
  return tree;
}

}  // namespace impasto::cli
