// Makes frames follow one another.
#include "impasto/sequence.h"

#include "batch/manifest.h"
#include "batch/name_pattern.h"
#include "batch/pictures.h"
#include "batch/worker.h"
#include "image/flow.h"
#include "impasto/error.h"
#include "impasto/image.h"
#include "session/edge.h"
#include "session/start.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <optional>
#include <set>

namespace impasto {
namespace {

namespace fs = std::filesystem;

// Times the content's weight: strokes stay with what they are painted on, and a frame's style still gets as close as the first one's.
constexpr double kTemporalShare = 4000;
constexpr double kMaxStrength = 1e6;

// "frame-9" before "frame-10".
bool by_numbers(const fs::path& a, const fs::path& b) {
  const std::string left = a.string(), right = b.string();
  const auto digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
  const auto number_at = [&](const std::string& text, size_t at) {
    const size_t first = std::min(text.find_first_not_of('0', at), text.size());
    size_t end = at;
    while (end < text.size() && digit(text[end])) end++;
    return std::pair{first < end ? text.substr(first, end - first) : "", end};
  };
  for (size_t i = 0, j = 0; i < left.size() && j < right.size();) {
    if (!digit(left[i]) || !digit(right[j])) {
      if (left[i] != right[j]) return left[i] < right[j];
      i++, j++;
      continue;
    }
    const auto [one, after_one] = number_at(left, i);
    const auto [other, after_other] = number_at(right, j);
    if (one != other) return one.size() != other.size() ? one.size() < other.size() : one < other;
    i = after_one;
    j = after_other;
  }
  return left.size() < right.size();
}

// Where the frames are listed or named one by one, their order is what was meant.
std::vector<fs::path> frames_of(const SequenceRequest& request) {
  std::vector<fs::path> frames = batch::all_pictures("--frames", request.frames);
  const bool named = request.frames.size() > 1 || fs::path(request.frames.front()).extension() == ".txt";
  if (!named) std::sort(frames.begin(), frames.end(), by_numbers);
  return frames;
}

Job following(Job job, FrameBefore before, double strength) {
  job.before = std::move(before);
  job.recipe.temporal_weight = strength * kTemporalShare;
  job.recipe.pyramid.smallest = 0;
  return job;
}

// A frame after one that failed: after the last that is there, or from the start where the flow to that cannot be known.
Job after_gap(const std::vector<Job>& frames, size_t index, std::optional<size_t> last) {
  Job job = frames[index];
  if (last && can_estimate_flow()) {
    job.before = {frames[*last].output, frames[*last].content, {}, {}};
    return job;
  }
  job.before = {};
  job.recipe = frames.front().recipe;
  return job;
}

// In 1/255; nothing where no pixel is certain.
std::optional<double> flicker_of(const Job& job) {
  const Image result = load_image(job.output);
  const session::BeforePictures before = session::load_before(job.before, load_image(job.content));
  const session::Guide guide = session::guide_at(before, session::size_of(result));
  double sum = 0, count = 0;
  for (size_t i = 0; i < result.rgb.size(); i++) {
    sum += guide.certainty[i / 3] * std::abs(double(result.rgb[i]) - double(guide.picture.rgb[i]));
    count += guide.certainty[i / 3];
  }
  if (count == 0) return std::nullopt;
  return 255 * sum / count;
}

bool is_there(const ItemResult& result) {
  return result.status == ItemStatus::done || result.status == ItemStatus::existed;
}

}  // namespace

std::vector<Job> sequence_jobs(const SequenceRequest& request) {
  const std::vector<fs::path> frames = frames_of(request);
  if (request.out.empty())
    throw Error(ErrorKind::usage, "no folder for the results; name one with --out FOLDER");
  if (!(request.temporal_strength >= 0 && request.temporal_strength <= kMaxStrength))
    throw Error(ErrorKind::usage, fmt::format("temporal_strength is {}; it must be from 0 to {}",
                                              request.temporal_strength, kMaxStrength));
  if (request.flow.empty() && !request.forward_flow.empty())
    throw Error(ErrorKind::usage, "--forward-flow needs --flow, the files from each frame to the one before");
  if (request.flow.empty() && !can_estimate_flow())
    throw Error(ErrorKind::usage,
                "this build has no OpenCV to compute optical flow with; name its files with --flow");
  std::vector<Job> jobs;
  jobs.reserve(frames.size());
  std::set<fs::path> names;
  for (size_t i = 0; i < frames.size(); i++) {
    std::vector<batch::Value> values{{"frame", frames[i].stem().string()}, {"index", std::to_string(i + 1)}};
    Job job = request.job;
    job.content = frames[i];
    job.output =
        (request.out / batch::filled("--name", request.name.empty() ? "{frame}.png" : request.name, values))
            .lexically_normal();
    if (!names.insert(job.output).second)
      throw Error(ErrorKind::usage, fmt::format("--name: gives two frames the name {}; add {{index}}",
                                                job.output.filename().string()));
    if (i > 0) {
      values.push_back({"before", frames[i - 1].stem().string()});
      const auto file = [&](const char* flag, const std::string& pattern) {
        return pattern.empty() ? fs::path() : fs::path(batch::filled(flag, pattern, values));
      };
      job = following(std::move(job),
                      {jobs.back().output, frames[i - 1], file("--flow", request.flow),
                       file("--forward-flow", request.forward_flow)},
                      request.temporal_strength);
    }
    jobs.push_back(checked_job(std::move(job)));
  }
  return jobs;
}

std::vector<ItemResult> run_sequence(const std::vector<Job>& frames, const fs::path& folder,
                                     const BatchOptions& options) {
  if (options.devices.size() != 1 || options.shard.count != 1)
    throw Error(ErrorKind::usage, "a sequence is one frame after the other: name one device, and no shard");
  batch::Manifest manifest(folder, options.resume);
  batch::Worker worker(session::device_options(options.devices.front()));
  std::vector<ItemResult> results(frames.size());
  for (size_t i = 0; i < frames.size(); i++) results[i].index = i;
  std::optional<size_t> last;
  for (size_t i = 0; i < frames.size(); i++) {
    const bool gap = i > 0 && last != i - 1;
    const std::vector<Job> frame{gap ? after_gap(frames, i, last) : frames[i]};
    BatchOptions own = options;
    own.on_progress = [&](size_t, const Progress& progress) {
      if (options.on_progress) options.on_progress(i, progress);
    };
    own.on_item = nullptr;
    batch::Work work(frame, manifest, own);
    session::at_edge([&] { worker.run(work); });
    results[i] = work.results().front();
    results[i].index = i;
    if (results[i].status == ItemStatus::left) break;
    if (is_there(results[i])) last = i;
    if (is_there(results[i]) && !frame.front().before.result.empty())
      results[i].flicker = flicker_of(frame.front());
    if (options.on_item) options.on_item(results[i]);
    if (results[i].status == ItemStatus::interrupted || results[i].status == ItemStatus::taken) break;
  }
  return results;
}

}  // namespace impasto
