// What the viewer remembers from one time to the next.
#pragma once

#include <filesystem>
#include <string>

namespace impasto::viewer {

struct Preferences {
  bool dark = true;
  int width = 1360;  // of the window, in units of the desktop
  int height = 860;
  int size = 512;      // of the result
  std::string model;   // empty: the job's usual one
  std::string folder;  // where the last file was chosen
};

// The usual ones where there is no file or it is damaged.
Preferences load_preferences();
void save_preferences(const Preferences& preferences) noexcept;

}  // namespace impasto::viewer
