// The subcommands: each declares its flags and says what to run when it is the chosen one.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace impasto::cli {

// Returns the exit code; throws Error.
using Action = std::function<int()>;

void add_stylize(CLI::App& app, Action& chosen);
void add_batch(CLI::App& app, Action& chosen);
void add_sequence(CLI::App& app, Action& chosen);
void add_evaluate(CLI::App& app, Action& chosen);
void add_devices(CLI::App& app, Action& chosen);
void add_recipes(CLI::App& app, Action& chosen);
void add_bench(CLI::App& app, Action& chosen);
void add_weights(CLI::App& app, Action& chosen);
void add_completions(CLI::App& app, Action& chosen);

}  // namespace impasto::cli
