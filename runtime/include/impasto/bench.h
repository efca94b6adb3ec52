// Measures what an iteration costs on a device.
#pragma once

#include "impasto/estimate.h"
#include "impasto/export.h"
#include "impasto/recipe.h"

#include <cstdint>
#include <string>
#include <vector>

namespace impasto {

struct BenchRequest {
  std::vector<int> sizes{256, 512};  // pixels a side of a square picture
  std::string model = "auto";        // as Job::model
  std::string device;
  Recipe recipe = find_recipe("gatys");
  std::vector<int> tiles{0};  // sides of the blocks in pixels that pictures are evaluated in; 0: whole
  Precision precision = Precision::automatic;
  bool tune =
      false;  // measure before the first row which kernels are fastest, and keep that for all runs to come
  int iterations = 10;  // measured, after one that is not; where that takes a minute, it alone
};

// Times are medians, of one iteration. Processor time is what all threads of this process spent: on a device that runs on the CPU
// it is the cost whatever else the machine does; on a GPU, what the host spends.
struct BenchKernel {
  std::string name;
  double ms = 0;
  double processor_ms = 0;  // 0 where the device's own clock told the time
  int calls = 0;
};

struct BenchRow {
  int size = 0;
  std::string model;
  std::string precision = "fp32";
  double iteration_ms = 0;
  double processor_ms = 0;
  double gflops = 0;         // of the convolutions, counted as direct ones, over the iteration's time
  double peak_fraction = 0;  // of the report's peak; on a device that runs on the CPU both by processor time
  uint64_t planned_bytes = 0;     // that it would hold at its peak, by the plan, and
  uint64_t device_bytes = 0;      // that it held
  std::vector<MemoryUse> memory;  // of planned_bytes, while it iterates
  int tile = 0;                   // side of the blocks in pixels; 0: whole
  int deep_tile = 0;              // as StageEstimate::deep_tile: the largest for which there was memory
  int parting = 3;                // as StageEstimate::parting
  double overhead = 0;            // of processor_ms over that of the whole picture; 0: that was not measured
  std::vector<BenchKernel>
      kernels;  // most expensive first; from runs of their own that wait after each; none of those that took a minute
};

// A kernel that was tried for matrix products of so many rows.
struct BenchTrial {
  int rows = 0;
  std::string kernel;
  double ms = 0;
  bool chosen = false;
};

struct BenchReport {
  std::string device;
  std::string driver;
  double peak_gflops =
      0;  // multiply-adds in registers, of cooperative matrices where they are used: the ceiling of any product
  double processor_peak_gflops =
      0;  // the same in a second of processor time; 0 unless the device runs on the CPU
  std::vector<BenchTrial> trials;  // empty unless asked to tune, and where a device has one kernel only
  std::vector<BenchRow> rows;
};

// A row for each size in each tile, in the order given. Iterations of the recipe on pictures of noise, the style as large as the content but at
// most 1024 pixels a side: the cost does not depend on the pixels, nor on that size. Throws Error.
IMPASTO_API BenchReport bench(const BenchRequest& request);

}  // namespace impasto
