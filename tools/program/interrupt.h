// Ctrl-C, the request to terminate and that to save now, as flags that the loop looks at.
#pragma once

namespace impasto::cli {

// From now on the first SIGINT or SIGTERM sets a flag; a second one ends the program at once. SIGUSR1, where there is one, sets another.
void watch_interrupts();

bool interrupted();

// Whether SIGUSR1 has come since the last call.
bool save_requested();

}  // namespace impasto::cli
