// A run's state in one file: settings, stage, iteration, picture and optimiser, so that the run goes on elsewhere or later with the
// same bits. The file is safetensors: a tensor for the picture and for each block of state, and everything else as JSON in the metadata.
#pragma once

#include "impasto/session.h"
#include "session/stage.h"
#include "session/start.h"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace impasto::session {

struct Checkpoint {
  Job job;
  std::vector<std::string>
      inputs;  // fingerprints of the network, the content, the styles and the frame before
  int stage = 0;
  int skipped_steps_before = 0;  // of earlier stages
  double seconds = 0;            // spent so far
  int content_side = 0;          // longest, of the content as it was decoded
  std::string device;
  std::string driver;
  std::string build;
  std::vector<StageLayout> layouts;  // of every stage, on which the bits depend
  Size size;                         // of the picture
  RecoveryPoint point;
};

// What made this program's bits: its version and its shaders.
std::string build_name();

// The network, the content, the styles and the frame before of a job, as Checkpoint::inputs has them. Throws Error(input) for a missing file.
std::vector<std::string> fingerprints(const Job& job, const std::filesystem::path& model);

// Replaces an earlier file. Throws Error(input) when it cannot be written.
void write_checkpoint(const std::filesystem::path& file, const Checkpoint& checkpoint);

// Believes nothing: counts, sizes, ranges and a checksum of the tensors are compared, and stage, iteration and size of the picture agree
// with the job. Throws Error(input) when the bytes are none or damaged.
Checkpoint parse_checkpoint(std::span<const std::byte> bytes, std::string_view source);

Checkpoint load_checkpoint(const std::filesystem::path& file);

// Throws Error(usage) naming the setting when the job is not the one that the checkpoint is of; iterations may be more or fewer as long
// as what is done stays as it is. `inputs` are the job's own. Throws Error(input) when a file is another one than it was.
void check_same_run(const Job& job, const std::vector<std::string>& inputs, const Checkpoint& checkpoint);

}  // namespace impasto::session
