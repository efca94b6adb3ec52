// What the viewer remembers from one time to the next.
#pragma once

#include "impasto/job.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace impasto::viewer {

constexpr float kSmallestLetters = 1, kLargestLetters = 2.5f;

struct Preferences {
  bool dark = true;
  int width = 1360;  // of the window, in units of the desktop
  int height = 860;
  int size = 512;      // of the result
  std::string model;   // empty: the job's usual one
  std::string recipe;  // likewise, as are the next three
  std::string device;
  Precision precision = Precision::automatic;
  uint64_t memory_budget = 0;
  float letters = 1;   // their size, times what the desktop says
  std::string folder;  // where the last file was chosen
};

// The usual ones where there is no file or it is damaged.
Preferences load_preferences();
void save_preferences(const Preferences& preferences) noexcept;

}  // namespace impasto::viewer
