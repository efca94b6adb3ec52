// Measures what an iteration costs on a device.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace impasto {

struct BenchRequest {
  std::vector<int> sizes{256, 512};  // pixels a side of a square picture
  std::string model = "auto";        // as Job::model
  std::string device;
  std::string recipe = "gatys";
  int iterations = 10;  // measured, after one that is not
};

struct BenchKernel {
  std::string name;
  double ms = 0;  // of one iteration
  int calls = 0;
};

struct BenchRow {
  int size = 0;
  std::string model;
  std::string precision = "fp32";
  double iteration_ms = 0;  // median
  double gflops = 0;        // of the convolutions, counted as direct ones, over the iteration's time
  uint64_t device_bytes = 0;
  std::vector<BenchKernel>
      kernels;  // most expensive first; from a run of its own that waits after each kernel
};

struct BenchReport {
  std::string device;
  std::string driver;
  std::vector<BenchRow> rows;
};

// Iterations of the recipe on pictures of noise: the cost does not depend on the pixels. Throws Error.
BenchReport bench(const BenchRequest& request);

}  // namespace impasto
