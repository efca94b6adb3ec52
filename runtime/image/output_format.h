// The formats pictures are written in.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace impasto {

struct OutputFormat {
  std::string name;       // OpenImageIO's
  std::vector<int> bits;  // that it can hold, the best for a picture first
  bool alpha;
  bool linear;  // holds light rather than sRGB
  int max_side;
};

// By the extension, in either case. Throws Error(input) when there is none of that name.
const OutputFormat& output_format(const std::filesystem::path& file);

// The bits to write: those asked for, or the format's best for 0. Throws Error(usage) for what the format cannot hold.
int output_bits(const std::filesystem::path& file, const OutputFormat& format, int asked);

}  // namespace impasto
