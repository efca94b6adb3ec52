// The one place with state outside of objects: a signal handler can reach nothing else.
#include "interrupt.h"

#include <csignal>

namespace impasto::cli {
namespace {

volatile std::sig_atomic_t signalled = 0;

extern "C" void on_signal(int signal) {
  signalled = 1;
  std::signal(signal, SIG_DFL);
}

}  // namespace

void watch_interrupts() {
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
}

bool interrupted() {
  return signalled != 0;
}

}  // namespace impasto::cli
