// The whole program as a function: arguments in, exit code out.
#pragma once

#include <string>
#include <vector>

namespace impasto::cli {

// The arguments without the program's name. Prints errors as one line on standard error; never throws.
int run(const std::vector<std::string>& arguments) noexcept;

}  // namespace impasto::cli
