// impasto completions: what a shell needs to complete the program's command line, made from the flags that --help prints.
#include "command_tree.h"
#include "commands.h"
#include "flag_values.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>

namespace impasto::cli {
namespace {

// Each script first finds the command: the longest path that the line begins with, or stylize, whose name can be left out.
constexpr const char* kBash =
    R"(# Completes the command line of impasto in bash; made by: impasto completions bash
_impasto() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command=stylize words=
  case "${COMP_WORDS[*]:1:COMP_CWORD - 1} " in
@paths@  esac
  case "$command:$previous" in
@values@    *)
      case $command in
@flags@      esac
      ((COMP_CWORD > 1)) || words+=' @top@' ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -o default -F _impasto impasto
)";

constexpr const char* kZsh = R"(#compdef impasto
# Completes the command line of impasto in zsh; made by: impasto completions zsh
_impasto() {
  local command=stylize depth=0
  local -a first=('1:command:(@top@)')
  case "${(j: :)words[2,CURRENT-1]} " in
@paths@  esac
  (( depth )) && first=()
  shift $depth words
  (( CURRENT -= depth ))
  case $command in
@flags@  esac
}
_impasto "$@"
)";

constexpr const char* kFish =
    R"(# Completes the command line of impasto in fish; made by: impasto completions fish
function __impasto_command
    set -l typed (commandline -opc)
    switch "$typed[2..] "
@paths@        case '*'
            echo stylize
    end
end
complete -c impasto -n '__fish_is_first_arg' -f -a '@top@'
@flags@)";

std::string with(std::string text, const std::string& place, const std::string& value) {
  return text.replace(text.find(place), place.size(), value);
}

std::string path_of(const Command& command) {
  return fmt::format("{}", fmt::join(command.path, " "));
}

// Everything that can stand where a flag can: flags, and the words of arguments and of commands below.
std::vector<std::string> words_of(const Command& command) {
  std::vector<std::string> words = command.commands;
  for (const Flag& argument : command.arguments)
    words.insert(words.end(), argument.words.begin(), argument.words.end());
  for (const Flag& flag : command.flags) words.insert(words.end(), flag.names.begin(), flag.names.end());
  return words;
}

// Without the program itself, and the longer paths first.
std::vector<Command> named_commands(const std::vector<Command>& tree) {
  std::vector<Command> named(tree.begin() + 1, tree.end());
  std::stable_sort(named.begin(), named.end(),
                   [](const Command& a, const Command& b) { return a.path.size() > b.path.size(); });
  return named;
}

std::string bash(const std::vector<Command>& tree) {
  std::string paths;
  std::string values;
  std::string flags;
  for (const Command& command : named_commands(tree)) {
    const std::string path = path_of(command);
    paths += fmt::format("    '{0} '*) command='{0}' ;;\n", path);
    flags += fmt::format("        '{}') words='{}' ;;\n", path, fmt::join(words_of(command), " "));
    for (const Flag& flag : command.flags) {
      if (flag.value.empty()) continue;
      std::vector<std::string> cases;
      for (const std::string& name : flag.names) cases.push_back(fmt::format("'{}:{}'", path, name));
      values += fmt::format("    {}) {}words='{}' ;;\n", fmt::join(cases, " | "),
                            flag.file ? "" : "compopt +o default; ", fmt::join(flag.words, " "));
    }
  }
  const std::string top = fmt::format("{}", fmt::join(words_of(tree.front()), " "));
  return with(with(with(with(kBash, "@paths@", paths), "@values@", values), "@flags@", flags), "@top@", top);
}

std::string escaped(const std::string& text, const std::string& special) {
  std::string result;
  for (const char c : text) {
    if (special.find(c) != std::string::npos) result += '\\';
    result += c;
  }
  return result;
}

// For zsh, where a quoted text has to end before a quotation mark and to begin again after it.
std::string described(const std::string& about) {
  std::string text = escaped(about, ":[]");
  for (size_t at = text.find('\''); at != std::string::npos; at = text.find('\'', at + 4))
    text.replace(at, 1, "'\\''");
  return text;
}

std::string zsh_value(const Flag& flag) {
  const std::string name = escaped(flag.value.empty() ? "value" : flag.value, ":[]");
  if (flag.words.empty()) return fmt::format(":{}:{}", name, flag.file ? "_files" : " ");
  return flag.file ? fmt::format(":{}:{{compadd {}; _files}}", name, fmt::join(flag.words, " "))
                   : fmt::format(":{}:({})", name, fmt::join(flag.words, " "));
}

std::string zsh(const std::vector<Command>& tree) {
  std::string paths;
  std::string flags;
  for (const Command& command : named_commands(tree)) {
    const std::string path = path_of(command);
    paths += fmt::format("    '{0} '*) command='{0}' depth={1} ;;\n", path, command.path.size());
    flags += fmt::format("    '{}')\n      _arguments -s $first", path);
    for (const Flag& flag : command.flags)
      for (const std::string& name : flag.names)
        flags += fmt::format(" \\\n        '*{}[{}]{}'", name, described(flag.about),
                             flag.value.empty() ? "" : zsh_value(flag));
    if (!command.commands.empty())
      flags += fmt::format(" \\\n        '1:command:({})'", fmt::join(command.commands, " "));
    for (const Flag& argument : command.arguments)
      flags += fmt::format(" \\\n        '{}'", zsh_value(argument));
    flags += " ;;\n";
  }
  const std::string top = fmt::format("{}", fmt::join(tree.front().commands, " "));
  return with(with(with(kZsh, "@paths@", paths), "@flags@", flags), "@top@", top);
}

std::string fish_value(const Flag& flag) {
  const std::string words = flag.words.empty() ? "" : fmt::format(" -a '{}'", fmt::join(flag.words, " "));
  return (flag.file ? " -r -F" : " -x") + words;
}

std::string fish(const std::vector<Command>& tree) {
  std::string paths;
  std::string flags;
  for (const Command& command : named_commands(tree)) {
    const std::string path = path_of(command);
    paths += fmt::format("        case '{0} *'\n            echo {0}\n", path);
    const std::string begin = fmt::format("complete -c impasto -n 'test (__impasto_command) = \"{}\"'", path);
    if (!command.commands.empty())
      flags += fmt::format("{} -f -a '{}'\n", begin, fmt::join(command.commands, " "));
    for (const Flag& argument : command.arguments)
      flags += fmt::format("{}{}\n", begin, fish_value(argument));
    for (const Flag& flag : command.flags) {
      flags += begin;
      for (const std::string& name : flag.names)
        flags += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      flags +=
          fmt::format(" -d '{}'{}\n", escaped(flag.about, "'"), flag.value.empty() ? "" : fish_value(flag));
    }
  }
  const std::string top = fmt::format("{}", fmt::join(tree.front().commands, " "));
  return with(with(with(kFish, "@paths@", paths), "@flags@", flags), "@top@", top);
}

}  // namespace

void add_completions(CLI::App& app, Action& chosen) {
  const auto shell = std::make_shared<std::string>();
  CLI::App* command =
      app.add_subcommand("completions", "Print what a shell needs to complete this command line");
  command->add_option("shell", *shell, "The shell")->option_text("bash|zsh|fish")->required();
  command->callback([shell, &app, &chosen] {
    chosen = [shell, &app] {
      constexpr std::string (*kScripts[])(const std::vector<Command>&) = {bash, zsh, fish};
      const int which = parse_choice("completions", *shell, {"bash", "zsh", "fish"});
      fmt::print("{}", kScripts[which](command_tree(app)));
      return 0;
    };
  });
}

}  // namespace impasto::cli
