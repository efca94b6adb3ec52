// What a checkpoint says in JSON, field by field.
#pragma once

#include "impasto/session.h"
#include "recipe/fields.h"
#include "session/stage_plan.h"

#include <cstdint>
#include <string>
#include <vector>

namespace impasto::session {

struct CheckpointRecord {
  int version = 0;
  Job job;
  std::vector<std::string> inputs;
  int stage = 0;
  int iteration = 0;
  int skipped_steps = 0;
  int skipped_steps_before = 0;
  double seconds = 0;
  int content_side = 0;
  Losses losses;  // zeros when they were not finite
  std::string device;
  std::string driver;
  std::string build;
  std::vector<StageLayout> layouts;  // none in files from before they were kept
  uint64_t checksum = 0;             // CRC-32 of the tensors' bytes in their order
};

}  // namespace impasto::session

namespace impasto::recipe {

template <class Visitor>
void visit_fields(Visitor& visit, TermLoss& term) {
  visit("kind", term.kind);
  visit("layer", term.layer);
  visit("value", term.value);
}

template <class Visitor>
void visit_fields(Visitor& visit, Losses& losses) {
  visit("content", losses.content);
  visit("style", losses.style);
  visit("tv", losses.tv);
  visit("temporal", losses.temporal);
  visit("total", losses.total);
  visit("gradient_l2", losses.gradient_l2);
  visit("terms", losses.terms);
}

template <class Visitor>
void visit_fields(Visitor& visit, session::StageLayout& layout) {
  visit("tile", layout.tiling.side);
  visit("deep_tile", layout.tiling.deep_side);
  visit("parting", layout.tiling.parting);
  visit("optimizer_on_host", layout.optimizer_on_host);
}

template <class Visitor>
void visit_fields(Visitor& visit, session::CheckpointRecord& record) {
  visit("version", record.version);
  visit("job", record.job);
  visit("inputs", record.inputs);
  visit("stage", record.stage);
  visit("iteration", record.iteration);
  visit("skipped_steps", record.skipped_steps);
  visit("skipped_steps_before", record.skipped_steps_before);
  visit("seconds", record.seconds);
  visit("content_side", record.content_side);
  visit("losses", record.losses);
  visit("device", record.device);
  visit("driver", record.driver);
  visit("build", record.build);
  visit("layouts", record.layouts);
  visit("checksum", record.checksum);
}

}  // namespace impasto::recipe
