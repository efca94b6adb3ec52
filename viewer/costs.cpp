// Runs the benchmark beside the window.
#include "costs.h"

#include "impasto/error.h"

#include <chrono>

namespace impasto::viewer {

void Costs::measure(const BenchRequest& request) {
  if (measuring()) return;
  report_.reset();
  error_.clear();
  coming_ = std::async(std::launch::async, [request, wake = wake_] {
    struct Waking {
      const std::function<void()>& wake;
      ~Waking() { wake(); }
    } const waking{wake};
    return bench(request);
  });
}

void Costs::update() {
  if (!measuring() || coming_.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return;
  try {
    report_ = coming_.get();
  } catch (const Error& error) {
    error_ = error.what();
  }
}

}  // namespace impasto::viewer
