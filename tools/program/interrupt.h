// Ctrl-C and the request to terminate, as a flag that the loop looks at.
#pragma once

namespace impasto::cli {

// From now on the first signal sets the flag; a second one ends the program at once.
void watch_interrupts();

bool interrupted();

}  // namespace impasto::cli
