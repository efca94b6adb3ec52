// The commands and their flags as data, read from the parser that --help prints.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace impasto::cli {

struct Flag {
  std::vector<std::string> names;  // "-c", "--content"
  std::string about;
  std::string value;               // as help shows it: "FILE", "max|average"; empty when none follows
  std::vector<std::string> words;  // that can be the value
  bool file = false;               // whether the value can be a file
};

struct Command {
  std::vector<std::string> path;  // {"weights", "fetch"}; empty for the program itself
  std::string about;
  std::vector<Flag> flags;
  std::vector<Flag> arguments;        // without names, in order
  std::vector<std::string> commands;  // below this one
};

// The program first, then its commands in the order of help, each before those below it.
std::vector<Command> command_tree(const CLI::App& app);

}  // namespace impasto::cli
