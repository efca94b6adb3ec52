// Records of items in JSON, and the decision what is left to do.
#include "batch/manifest.h"

#include "base/atomic_file.h"
#include "base/fingerprint.h"
#include "impasto/error.h"
#include "network/installed.h"
#include "recipe/json_reader.h"
#include "recipe/json_writer.h"
#include "recipe/text_file.h"
#include "session/checkpoint_record.h"
#include "session/start.h"

#include <fmt/format.h>

#include <cmath>
#include <span>
#include <utility>

namespace impasto {
namespace recipe {

template <class Visitor>
void visit_fields(Visitor& visit, batch::ItemRecord& record) {
  visit("status", record.status);
  visit("id", record.id);
  visit("output", record.output);
  visit("replaces", record.replaces);
  visit("inputs", record.inputs);
  visit("job", record.job);
  visit("picture", record.picture);
  visit("message", record.message);
  visit("code", record.code);
  visit("iterations", record.run.iterations);
  visit("width", record.run.width);
  visit("height", record.run.height);
  visit("seconds", record.run.seconds);
  visit("losses", record.run.losses);
  visit("device", record.run.device);
}

}  // namespace recipe

namespace batch {
namespace {

namespace fs = std::filesystem;

std::string text_fingerprint(const std::string& text) {
  return fingerprint(std::as_bytes(std::span(text)));
}

// The settings that decide the picture. Which files they are is in the inputs' fingerprints.
std::string settings_of(Job job) {
  job.content.clear();
  for (StyleInput& style : job.styles) style.file.clear();
  job.before = {};
  job.output.clear();
  job.model.clear();
  job.device.clear();
  job.checkpoint.clear();
  job.resume.clear();
  job.overwrite = false;
  job.save_every = 0;
  job.checkpoint_seconds = 0;
  return job_to_json(job);
}

// Nothing when there is none, or none that can be read: a record that is damaged is no record.
std::optional<ItemRecord> read_record(const fs::path& file) {
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return std::nullopt;
  try {
    return record_from_json(recipe::read_text_file(file), file.string());
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

ItemRecord record_from_json(std::string_view text, std::string_view source) {
  const nlohmann::json json = recipe::parse_json(text, source);
  ItemRecord record;
  recipe::read_fields({json, "", source}, record);
  return record;
}

std::string record_to_json(const ItemRecord& record) {
  ItemRecord kept = record;
  if (!std::isfinite(kept.run.losses.total)) kept.run.losses = {};  // JSON has no other numbers
  return recipe::json_text(recipe::fields_to_json(kept)) + "\n";
}

const std::string& Fingerprints::of(const fs::path& file) {
  const std::lock_guard lock(mutex_);
  const auto found = known_.find(file);
  return found != known_.end() ? found->second : known_.emplace(file, file_fingerprint(file)).first->second;
}

Manifest::Manifest(fs::path folder, bool resume) : folder_(std::move(folder)), resume_(resume) {
  std::error_code error;
  fs::create_directories(folder_ / ".impasto", error);
  if (error)
    throw Error(ErrorKind::input, fmt::format("cannot make the folder '{}': {}; choose another with --out",
                                              folder_.string(), error.message()));
}

fs::path Manifest::file(const Job& job, const char* extension) const {
  const std::string name = job.output.lexically_proximate(folder_).generic_string();
  return folder_ / ".impasto" / (text_fingerprint(name).substr(0, 16) + extension);
}

ItemRecord Manifest::new_record(const Job& job) {
  ItemRecord record;
  record.status = "running";
  record.output = job.output.lexically_proximate(folder_).generic_string();
  record.inputs = {fingerprints_.of(network::find_model(job.model).file), fingerprints_.of(job.content)};
  for (const StyleInput& style : job.styles) record.inputs.push_back(fingerprints_.of(style.file));
  for (const fs::path& file : session::files_of(job.before)) record.inputs.push_back(file_fingerprint(file));
  record.job = job;
  std::string all = settings_of(job);
  for (const std::string& input : record.inputs) all += " " + input;
  record.id = text_fingerprint(all);
  return record;
}

void Manifest::write(const Job& job, const ItemRecord& record) const {
  const std::string text = record_to_json(record);
  write_file(file(job, ".json"), std::as_bytes(std::span(text)), true);
}

std::optional<Claim> Manifest::claim(size_t index, const Job& job, ItemResult& result) {
  std::optional<FileLock> lock = FileLock::take(file(job, ".lock"));
  if (!lock) {
    result.status = ItemStatus::taken;
    result.message = "another process has it";
    return std::nullopt;
  }
  ItemRecord record = new_record(job);
  const std::optional<ItemRecord> before = read_record(file(job, ".json"));
  const bool same = before && before->id == record.id;
  std::error_code ignored;
  const bool exists = fs::exists(job.output, ignored);
  const std::string present = exists ? file_fingerprint(job.output) : "";
  const auto existed = [&](const char* message) {
    result.status = ItemStatus::existed;
    result.message = message;
    if (same) result.run = before->run;
  };
  if (exists && same && before->status == "done" && (resume_ || !job.overwrite))
    return existed(""), std::nullopt;
  if (exists && same && before->status == "running" && present != before->replaces) {
    // It was whole before the process that made it was killed.
    record.status = "done";
    record.picture = present;
    write(job, record);
    return existed("done before"), std::nullopt;
  }
  const bool ours = same && before->status != "done";  // what it replaces was decided when it began
  if (exists && !ours && !job.overwrite)
    return existed(before && !same
                       ? "it was made with other settings or inputs and is kept; --overwrite replaces it"
                       : "it is kept"),
           std::nullopt;
  record.replaces = ours ? before->replaces : present;
  Claim claim{index, std::move(*lock), record, file(job, ".state"), false, exists || job.overwrite};
  claim.resume = resume_ && same && fs::exists(claim.state, ignored);
  if (!claim.resume) fs::remove(claim.state, ignored);
  write(job, record);
  return claim;
}

void Manifest::finish(const Claim& claim, const ItemResult& result) {
  ItemRecord record = claim.record;
  record.status = result.status == ItemStatus::done ? "done" : "failed";
  if (result.status == ItemStatus::done) record.picture = file_fingerprint(record.job.output);
  record.message = result.message;
  record.code = result.code;
  record.run = result.run;
  write(record.job, record);
  std::error_code ignored;
  if (result.status == ItemStatus::done) fs::remove(claim.state, ignored);
}

}  // namespace batch
}  // namespace impasto
