// What the standard streams are connected to.
#pragma once

namespace impasto::cli {

bool error_is_terminal();

// Columns of the terminal behind standard error; 80 when it does not say.
int terminal_columns();

}  // namespace impasto::cli
