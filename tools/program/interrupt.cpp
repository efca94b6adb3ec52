// The one place with state outside of objects: a signal handler can reach nothing else.
#include "interrupt.h"

#include <csignal>

namespace impasto::cli {
namespace {

volatile std::sig_atomic_t signalled = 0;
volatile std::sig_atomic_t save_wanted = 0;

extern "C" void on_signal(int signal) {
  signalled = 1;
  std::signal(signal, SIG_DFL);
}

#ifdef SIGUSR1
extern "C" void on_save_signal(int signal) {
  save_wanted = 1;
  std::signal(signal, on_save_signal);
}
#endif

}  // namespace

void watch_interrupts() {
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
#ifdef SIGUSR1
  std::signal(SIGUSR1, on_save_signal);
#endif
}

bool interrupted() {
  return signalled != 0;
}

bool save_requested() {
  const bool wanted = save_wanted != 0;
  save_wanted = 0;
  return wanted;
}

}  // namespace impasto::cli
