// Checkpoints out of and into safetensors files.
#include "session/checkpoint.h"

#include "base/fingerprint.h"
#include "base/mapped_file.h"
#include "base/shown.h"
#include "impasto/error.h"
#include "kernels/library.h"
#include "network/safetensors.h"
#include "network/safetensors_writer.h"
#include "recipe/json_reader.h"
#include "recipe/json_writer.h"
#include "session/checkpoint_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <zlib.h>

namespace impasto::session {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRecord = "impasto_checkpoint";  // the metadata's key
constexpr const char* kPicture = "picture";
constexpr const char* kState = "state.";  // before the name of a block
constexpr int kVersion = 3;

[[noreturn]] void refuse(std::string_view source, std::string_view what) {
  throw Error(ErrorKind::input,
              fmt::format("{}: {}; name another checkpoint, or start the run anew", source, what));
}

// Against damage.
uint64_t checksum(uint64_t so_far, std::span<const std::byte> bytes) {
  if (bytes.empty()) return so_far;  // zlib takes a null pointer for the wish to begin
  return crc32_z(static_cast<uLong>(so_far), reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
}

fs::path absolute_or_empty(const fs::path& path) {
  return path.empty() ? path : fs::absolute(path);
}

// Whoever goes on need not stand in the same folder.
Job with_absolute_paths(Job job) {
  job.content = absolute_or_empty(job.content);
  for (StyleInput& style : job.styles) style.file = absolute_or_empty(style.file);
  job.output = absolute_or_empty(job.output);
  job.checkpoint = absolute_or_empty(job.checkpoint);
  job.resume.clear();
  const fs::path model(job.model);  // else a name
  if (model.has_extension() || model.has_parent_path()) job.model = absolute_or_empty(model).string();
  return job;
}

CheckpointRecord record_of(const Checkpoint& checkpoint) {
  CheckpointRecord record;
  record.version = kVersion;
  record.job = with_absolute_paths(checkpoint.job);
  record.inputs = checkpoint.inputs;
  record.stage = checkpoint.stage;
  record.iteration = checkpoint.point.iteration;
  record.skipped_steps = checkpoint.point.report.skipped_steps;
  record.skipped_steps_before = checkpoint.skipped_steps_before;
  record.seconds = checkpoint.seconds;
  record.content_side = checkpoint.content_side;
  record.device = checkpoint.device;
  record.driver = checkpoint.driver;
  record.build = checkpoint.build;
  record.layouts = checkpoint.layouts;
  if (std::isfinite(checkpoint.point.report.losses.total))  // JSON has no other numbers
    record.losses = checkpoint.point.report.losses;
  return record;
}

void check_record(const CheckpointRecord& record, std::string_view source) {
  if (record.version != kVersion)
    refuse(source,
           fmt::format("is a checkpoint of version {}, and version {} is read", record.version, kVersion));
  if (record.content_side < 0 || record.content_side > kMaxImageSide)
    refuse(source, fmt::format("is of a content of {} pixels", record.content_side));
  const std::vector<Stage> stages = job_stages(record.job, record.content_side);
  if (record.stage < 0 || size_t(record.stage) >= stages.size())
    refuse(source, fmt::format("is at stage {} of {}", record.stage, stages.size()));
  const int iterations = stages[size_t(record.stage)].iterations;
  if (record.iteration < 0 || record.iteration > iterations)
    refuse(source, fmt::format("is at iteration {} of {}", record.iteration, iterations));
  if (record.skipped_steps < 0 || record.skipped_steps_before < 0 || !(record.seconds >= 0))
    refuse(source, "counts below 0");
  if (!record.layouts.empty() && record.layouts.size() != stages.size())
    refuse(source, fmt::format("has {} layouts of {} stages", record.layouts.size(), stages.size()));
  for (const StageLayout& layout : record.layouts) {
    if (layout.tiling.parting < 1 || layout.tiling.parting > plan::kMostParting)
      refuse(source, fmt::format("is parted behind pooling {}", layout.tiling.parting));
    for (const int side : {layout.tiling.side, layout.tiling.deep_side})
      if (side != 0 && (side < kSmallestTile || side > kMaxImageSide || side % kTileMultiple != 0))
        refuse(source, fmt::format("has tiles of {} pixels", side));
  }
  const size_t files = 2 + record.job.styles.size() + files_of(record.job.before).size();
  if (record.inputs.size() != files)
    refuse(source, fmt::format("names {} input files instead of {}", record.inputs.size(), files));
}

// Errors of the parsers say what people should do with their own files; a checkpoint is nobody's to correct.
template <typename Body>
auto reading(std::string_view source, Body body) -> decltype(body()) {
  try {
    return body();
  } catch (const Error& error) {
    std::string why = error.what();
    if (why.starts_with(source)) why.erase(0, source.size() + 2);
    refuse(source, "is not a checkpoint, or is damaged (" + why.substr(0, why.find(';')) + ")");
  }
}

CheckpointRecord parse_record(const network::Safetensors& contents, std::string_view source) {
  const auto found = contents.metadata.find(kRecord);
  if (found == contents.metadata.end()) refuse(source, "is a safetensors file but no checkpoint");
  return reading(source, [&] {
    CheckpointRecord record;
    const nlohmann::json json = recipe::parse_json(found->second, source);
    recipe::read_fields({json, "", source}, record);
    record.job = checked_job(std::move(record.job));
    return record;
  });
}

void check_checksum(const network::Safetensors& contents, uint64_t expected, std::string_view source) {
  std::vector<std::span<const std::byte>> parts;
  for (const auto& [name, tensor] : contents.tensors) parts.push_back(tensor.bytes);
  std::sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) { return a.data() < b.data(); });
  uint64_t sum = 0;
  for (const std::span<const std::byte> part : parts) sum = checksum(sum, part);
  if (sum != expected) refuse(source, "is damaged: its checksum is not that of its contents");
}

void take_picture(const network::Safetensors& contents, std::string_view source, Checkpoint& checkpoint) {
  const auto found = contents.tensors.find(kPicture);
  if (found == contents.tensors.end()) refuse(source, "has no picture");
  const network::StoredTensor& tensor = found->second;
  const auto& shape = tensor.shape;
  const auto side = [](uint64_t length) { return length >= 1 && length <= uint64_t{kMaxImageSide}; };
  if (tensor.type != network::ElementType::f32 || shape.size() != 3 || !side(shape[0]) || !side(shape[1]) ||
      shape[2] != 3)
    refuse(source, "has a picture that is not height x width x 3 numbers");
  if (tensor.first_not_finite()) refuse(source, "has a picture with a value that is not finite");
  checkpoint.size = {static_cast<int>(shape[1]), static_cast<int>(shape[0])};
  checkpoint.point.image = tensor.floats();
}

void take_state(const network::Safetensors& contents, std::string_view source, Checkpoint& checkpoint) {
  for (const auto& [name, tensor] : contents.tensors) {
    if (name == kPicture) continue;
    if (!name.starts_with(kState) || tensor.type != network::ElementType::f32)
      refuse(source, fmt::format("has a tensor \"{}\" that no checkpoint has", shown(name)));
    checkpoint.point.state.push_back({name.substr(std::string_view(kState).size()), tensor.floats()});
  }
}

// The fields of a job that a run may be continued with other values of.
constexpr std::array<const char*, 13> kFreeFields{
    "content", "styles", "output",    "model",      "iterations",         "init",      "seed",
    "device",  "resume", "overwrite", "save_every", "checkpoint_seconds", "checkpoint"};

void check_settings(const Job& job, const Job& before) {
  const recipe::OrderedJson now = recipe::fields_to_json(job), then = recipe::fields_to_json(before);
  for (const auto& [key, value] : now.items()) {
    if (std::find(kFreeFields.begin(), kFreeFields.end(), key) != kFreeFields.end() || value == then.at(key))
      continue;
    throw Error(ErrorKind::usage,
                fmt::format("{}: was written with another {}; leave that out, or start the run anew",
                            job.resume.string(), key));
  }
  const auto weight = [](const StyleInput& a, const StyleInput& b) { return a.weight == b.weight; };
  if (!std::equal(job.styles.begin(), job.styles.end(), before.styles.begin(), before.styles.end(), weight))
    throw Error(ErrorKind::usage,
                fmt::format("{}: was written with other styles or weights of styles; leave them out, or "
                            "start the run anew",
                            job.resume.string()));
}

void check_stages(const Job& job, const Checkpoint& checkpoint) {
  const std::vector<Stage> now = job_stages(job, checkpoint.content_side),
                           then = job_stages(checkpoint.job, checkpoint.content_side);
  const auto at = static_cast<size_t>(checkpoint.stage);
  const bool same = now.size() > at &&
                    std::equal(now.begin(), now.begin() + checkpoint.stage, then.begin()) &&
                    now[at].size == then[at].size && now[at].side == then[at].side &&
                    now[at].iterations >= checkpoint.point.iteration;
  if (!same)
    throw Error(
        ErrorKind::usage,
        fmt::format("{}: with so many iterations what is done would have been done otherwise; choose another "
                    "number, or start the run anew",
                    job.resume.string()));
}

}  // namespace

std::string build_name() {
  uint64_t sum = 0;
  for (const kernels::Shader& shader : kernels::shaders()) sum = checksum(sum, std::as_bytes(shader.code));
  return fmt::format("impasto " IMPASTO_VERSION ", shaders {:08x}", sum);
}

std::vector<std::string> fingerprints(const Job& job, const fs::path& model) {
  std::vector<std::string> inputs{file_fingerprint(model), file_fingerprint(job.content)};
  for (const StyleInput& style : job.styles) inputs.push_back(file_fingerprint(style.file));
  for (const fs::path& file : files_of(job.before)) inputs.push_back(file_fingerprint(file));
  return inputs;
}

void write_checkpoint(const fs::path& file, const Checkpoint& checkpoint) {
  const RecoveryPoint& point = checkpoint.point;
  std::vector<network::TensorView> tensors{
      {kPicture, {uint64_t(checkpoint.size.height), uint64_t(checkpoint.size.width), 3}, point.image}};
  for (const StateBlock& block : point.state)
    tensors.push_back({kState + block.name, {block.values.size()}, block.values});
  CheckpointRecord record = record_of(checkpoint);
  for (const network::TensorView& tensor : tensors)
    record.checksum = checksum(record.checksum, std::as_bytes(tensor.values));
  network::write_tensor_views(file, tensors, {{kRecord, recipe::json_text(recipe::fields_to_json(record))}},
                              true);
}

Checkpoint parse_checkpoint(std::span<const std::byte> bytes, std::string_view source) {
  const network::Safetensors contents =
      reading(source, [&] { return network::parse_safetensors(bytes, source); });
  CheckpointRecord record = parse_record(contents, source);
  check_record(record, source);
  check_checksum(contents, record.checksum, source);
  Checkpoint checkpoint{std::move(record.job),
                        std::move(record.inputs),
                        record.stage,
                        record.skipped_steps_before,
                        record.seconds,
                        record.content_side,
                        record.device,
                        record.driver,
                        record.build,
                        std::move(record.layouts),
                        {},
                        {}};
  checkpoint.point.iteration = record.iteration;
  checkpoint.point.report = {std::move(record.losses), record.skipped_steps, 0};
  take_picture(contents, source, checkpoint);
  take_state(contents, source, checkpoint);
  return checkpoint;
}

Checkpoint load_checkpoint(const fs::path& file) {
  return parse_checkpoint(MappedFile(file).bytes(), file.string());
}

void check_same_run(const Job& job, const std::vector<std::string>& inputs, const Checkpoint& checkpoint) {
  check_settings(job, checkpoint.job);
  check_stages(job, checkpoint);
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i] == checkpoint.inputs[i]) continue;
    const std::string name = i == 0   ? "the network " + job.model
                             : i == 1 ? job.content.string()
                                      : job.styles[i - 2].file.string();
    throw Error(ErrorKind::input,
                fmt::format("{}: {} is not the file that this checkpoint was made with; bring that back, or "
                            "start the run anew",
                            job.resume.string(), name));
  }
}

}  // namespace impasto::session
