// What is chosen in the window as a command line.
#pragma once

#include "model.h"

#include <string>

namespace impasto::viewer {

// The command line that paints this without the viewer. usual: the job's recipe before flags change it; its own flag is not empty.
std::string command_text(const Job& job, const OfferedRecipe& usual);

}  // namespace impasto::viewer
