// What runs that follow one another share: the device with its kernels and weights, and the styles' statistics.
#pragma once

#include "session/engine.h"
#include "session/grams.h"

#include <cstddef>
#include <filesystem>
#include <memory>

namespace impasto::session {

struct Shared {
  std::shared_ptr<vulkan::Device> device;  // none before the first run, and after it was lost
  std::unique_ptr<Engine> engine;          // on it; none before it is known what a run needs
  GramCache grams;

  // Makes the engine with these layers stored as that, unless it is there.
  void prepare(const network::Network& network, size_t depth, kernels::Element element);
  void lose_device();

 private:
  std::filesystem::path model_;  // whose weights the engine has
  size_t depth_ = 0;
};

}  // namespace impasto::session
