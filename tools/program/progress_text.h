// A run's progress as words: for a terminal, for a log and for machines.
#pragma once

#include "impasto/session.h"

#include <string>

namespace impasto::cli {

// "1:05" or "2:03:04"; "-" when it is not known (negative or not finite).
std::string duration_text(double seconds);

// One line without a line break, never wider than the terminal's columns less one.
std::string bar_line(const Progress& progress, int columns);

// One line without a line break.
std::string plain_line(const Progress& progress);

// {"event":"progress", …} on one line. Numbers that are not finite become null.
std::string progress_json(const Progress& progress);

}  // namespace impasto::cli
