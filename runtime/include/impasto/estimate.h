// What a job will hold and how long it will take, before it runs.
#pragma once

#include "impasto/export.h"
#include "job.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace impasto {

struct MemoryUse {
  std::string what;  // "weights", "optimizer", …
  uint64_t bytes = 0;
};

struct StageEstimate {
  int width = 0;
  int height = 0;
  int iterations = 0;
  int tile = 0;                    // side in pixels of the blocks that the picture is evaluated in; 0: whole
  int deep_tile = 0;               // of those of the layers behind a pooling; 0: the same
  int parting = 3;                 // which pooling that is, from 1
  bool optimizer_on_host = false;  // what the optimiser keeps is in the host's memory
  uint64_t device_bytes = 0;       // at the peak, everything included
  uint64_t whole_bytes = 0;        // what that would be without tiles; 0 when the device cannot do that
  std::vector<MemoryUse> memory;   // what the iterations hold
};

struct Estimate {
  std::string device;
  std::string model;
  Precision precision = Precision::fp32;  // never automatic
  // Where the job left that open and fp32 does not fit: what pictures whole would hold in fp32; 0 when that is not known.
  std::optional<uint64_t> fp32_bytes;
  std::vector<StageEstimate> stages;
  uint64_t device_bytes = 0;  // at the peak of the run, by the runtime's own accounting
  uint64_t host_bytes = 0;    // of pictures in the host's memory, roughly
  uint64_t free_bytes = 0;    // that the device has now
  uint64_t budget_bytes = 0;  // that the run may hold there
  double seconds = 0;         // of all iterations; 0: not known, for this device has not run this network yet
};

// Opens the device and reads what the pictures' files say of their size, no more. Throws Error: budget when the job does not fit and
// cannot be made to, else as Session does.
IMPASTO_API Estimate estimate(const Job& job);

}  // namespace impasto
