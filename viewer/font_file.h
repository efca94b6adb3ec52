// Where this machine keeps a font for user interfaces.
#pragma once

#include <string>

namespace impasto::viewer {

// A TrueType or OpenType file that exists; empty when none was found.
std::string find_font_file();

}  // namespace impasto::viewer
