// A job's plan as words and as JSON.
#pragma once

#include "impasto/estimate.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace impasto::cli {

// "1024x768, vgg19, fp32: 0.9 GiB of 7.8 GiB free, about 40 s", and what was done to make the job fit.
std::vector<std::string> plan_lines(const Estimate& estimate);

// "in tiles of 1024 pixels, of 4096 behind the third pooling", of a picture whose longest side is so long.
std::string tiles_text(int tile, int deep_tile, int parting, int longest);

// {"event":"plan", …}
nlohmann::ordered_json plan_json(const Estimate& estimate);

// On standard output: the lines and what the memory is for, or the JSON.
void print_plan(const Estimate& estimate, bool json);

}  // namespace impasto::cli
