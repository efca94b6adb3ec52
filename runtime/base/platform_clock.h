// Processor time, which the standard library does not give everywhere.
#pragma once

namespace impasto::platform {

// Seconds that all threads of this process have spent on processors so far.
double processor_seconds();

}  // namespace impasto::platform
