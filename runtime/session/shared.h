// What runs that follow one another share: the device with its kernels and weights, and the styles' statistics.
#pragma once

#include "session/engine.h"
#include "session/grams.h"

#include <filesystem>
#include <memory>

namespace impasto::session {

struct Shared {
  std::unique_ptr<Engine> engine;  // none before the first run, and after a device was lost
  std::filesystem::path model;     // whose weights it has, and
  size_t depth = 0;                // how many of its convolutions, and
  kernels::Element element = kernels::Element::fp32;  // stored as what
  GramCache grams;
};

}  // namespace impasto::session
