// What is chosen in the window as a command line.
#pragma once

#include "impasto/job.h"

#include <string>

namespace impasto::viewer {

// The command line that paints this without the viewer. usual: the job's recipe before anything in it was changed.
std::string command_text(const Job& job, const Recipe& usual);

}  // namespace impasto::viewer
