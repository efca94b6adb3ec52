// The frames of a film, one after the other: each starts from the one before, carried along the optical flow, and is pulled to it.
#pragma once

#include "impasto/batch.h"
#include "impasto/export.h"

#include <filesystem>
#include <string>
#include <vector>

namespace impasto {

struct SequenceRequest {
  std::vector<std::string>
      frames;  // as BatchRequest::contents; a folder's or glob's in the order of the numbers in their names
  std::filesystem::path out;  // the folder of the results; made when it is not there
  std::string name;           // of a result, with {frame} and {index}; empty: "{frame}.png"
  std::string
      flow;  // file from a frame to the one before, with {frame}, {before} and {index}; empty: computed, where OpenCV was built in
  std::string forward_flow;  // likewise, from the one before to the frame; empty: flow is believed everywhere
  double temporal_strength = 1;  // of the pull to the frame before, [0, 1e6]; 0: none
  Job job;                       // everything else: styles, settings
};

// The job of every frame, checked. Those after the first name the frame before, have a temporal_weight, and run the last stage's scale
// alone unless the recipe has several stages: the picture they start from has the large shapes already. Throws Error(usage),
// Error(input) as batch_jobs does, and Error(usage) where a flow is to be computed by a build without OpenCV.
IMPASTO_API std::vector<Job> sequence_jobs(const SequenceRequest& request);

// Runs the frames in order on one device and returns what became of each. What is done is recorded as run_batch records it, so that a
// sequence that was killed goes on with the same bits. A frame that fails is left out: the next one follows the last that is there. Each
// result's flicker is the mean difference of a frame from the one before, carried along the flow, where that is certain, in 1/255.
// Throws as run_batch does.
IMPASTO_API std::vector<ItemResult> run_sequence(const std::vector<Job>& frames,
                                                 const std::filesystem::path& folder,
                                                 const BatchOptions& options);

}  // namespace impasto
