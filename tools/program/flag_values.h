// The values that flags of their own syntax take.
#pragma once

#include "impasto/job.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace impasto::cli {

// "FILE" or "FILE:WEIGHT". A file that exists under the whole text is that file, whatever its name ends in.
StyleInput parse_style(std::string_view text);

// "relu4_2:2,relu5_2". A layer without a weight keeps the one it has in `current`, else gets that of the first layer there, else 1.
// Names are checked later, with the recipe. Throws Error(usage) naming the flag.
std::vector<LayerWeight> parse_layers(std::string_view flag, std::string_view text,
                                      const std::vector<LayerWeight>& current);

// A whole number from 0 to 2^64-1. Throws Error(usage) naming the flag.
uint64_t parse_seed(std::string_view flag, std::string_view text);

// "4G", "1.5 GiB", "512M", "65536": units are powers of 1024. Throws Error(usage) naming the flag.
uint64_t parse_bytes(std::string_view flag, std::string_view text);

// The index of the text among names. Throws Error(usage) naming the flag, with the nearest.
size_t parse_choice(std::string_view flag, std::string_view text, const std::vector<std::string>& names);

// Of --optimizer.
OptimizerKind parse_optimizer(std::string_view text);

// Of --precision, and back.
Precision parse_precision(std::string_view text);
std::string precision_text(Precision precision);

}  // namespace impasto::cli
