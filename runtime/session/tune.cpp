// Measures kernels, and reads and writes the file of the choice.
#include "session/tune.h"

#include "base/atomic_file.h"
#include "impasto/error.h"
#include "kernels/matrix_convolution.h"
#include "session/checkpoint.h"
#include "session/stopwatch.h"
#include "vulkan/error.h"
#include "vulkan/queue.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace impasto::session {
namespace {

constexpr int kSide = 64;  // of the picture: 256 tiles, columns enough for any device to be busy
constexpr int kRepeats = 4;
constexpr int kRuns = 5;
constexpr double kClearly = 0.97;  // of the default's time

using kernels::Element;

// What there is to choose from for products of so many rows, by cooperative matrices or without them.
struct Choice {
  bool matrix;
  std::map<int, std::string> kernels::Tuning::*fastest;
  std::vector<std::string> kernels;  // the default first
};

template <typename Kernel>
std::vector<std::string> names_of(const std::vector<Kernel>& kernels) {
  std::vector<std::string> names;
  names.reserve(kernels.size());
  for (const Kernel& kernel : kernels) names.emplace_back(kernel.name);
  return names;
}

std::vector<Choice> choices(const vulkan::Caps& caps, int rows) {
  std::vector<Choice> choices{{false, &kernels::Tuning::fastest, names_of(kernels::gemm_kernels(caps))}};
  if (kernels::has_matrix_convolution(caps))
    choices.push_back(
        {true, &kernels::Tuning::fastest_matrix, names_of(kernels::matrix_kernels(caps, rows))});
  choices.erase(std::remove_if(choices.begin(), choices.end(),
                               [](const Choice& choice) { return choice.kernels.size() < 2; }),
                choices.end());
  return choices;
}

bool has_choice(const vulkan::Caps& caps) {
  return std::any_of(kernels::kTunedRows.begin(), kernels::kTunedRows.end(),
                     [&](int rows) { return !choices(caps, rows).empty(); });
}

// A convolution of as many channels to as many.
class Trial {
 public:
  Trial(vulkan::Device& device, int channels, bool matrix)
      : matrix_(matrix),
        shape_{channels, kSide, kSide, matrix ? Element::fp16 : Element::fp32},
        in_(buffer(device, shape_.bytes())),
        out_(buffer(device, shape_.bytes())),
        weights_(buffer(device, matrix ? kernels::matrix_weight_bytes(channels, channels)
                                       : kernels::winograd_weight_bytes(channels, channels, Element::fp32))),
        bias_(buffer(device, kernels::bias_bytes(channels))),
        v_(buffer(device, matrix ? kUnused : kernels::winograd_input_bytes(channels, shape_.tiles()))),
        m_(buffer(device, matrix ? kUnused : kernels::winograd_output_bytes(channels, shape_.tiles()))) {}

  // Median of as many runs as there is time for, one at least.
  double ms(kernels::Library& library, const std::function<bool()>& time_is_up) const {
    vulkan::Recorder recorder(library.device());
    kernels::Context context{library, recorder};
    record(context);
    const vulkan::Recording recording = recorder.finish();
    vulkan::Queue queue(library.device());
    queue.wait(queue.submit(recording));  // the driver compiles now
    std::vector<double> times;
    do {
      const Stopwatch stopwatch;
      queue.wait(queue.submit(recording));
      times.push_back(stopwatch.elapsed().ms / kRepeats);
    } while (times.size() < kRuns && !time_is_up());
    std::nth_element(times.begin(), times.begin() + std::ptrdiff_t(times.size() / 2), times.end());
    return times[times.size() / 2];
  }

 private:
  static vulkan::Buffer buffer(vulkan::Device& device, uint64_t bytes) {
    return {device, bytes, vulkan::MemoryKind::device};
  }

  void record(kernels::Context& context) const {
    constexpr uint32_t kSmall = 0x3c003c00;  // a number of everyday size, as a float and as halves
    for (const vulkan::Buffer* read : {&in_, &weights_, &bias_}) context.recorder.fill(read->all(), kSmall);
    kernels::ConvolutionWeights weights;
    weights.inputs = weights.outputs = shape_.channels;
    (matrix_ ? weights.matrix_forward : weights.winograd) = weights_.all();
    weights.bias = bias_.all();
    for (int i = 0; i < kRepeats; i++)
      kernels::convolution_forward(context, weights, {shape_, in_.all()}, {shape_, out_.all()}, {},
                                   {v_.all(), m_.all()});
  }

  static constexpr uint64_t kUnused = 16;  // bytes

  bool matrix_;
  kernels::Shape shape_;
  vulkan::Buffer in_, out_, weights_, bias_, v_, m_;
};

std::filesystem::path file_of(const std::filesystem::path& cache, const vulkan::Caps& caps) {
  return cache / fmt::format("tuning-{}-{}.json", caps.vendor_id, caps.device_id);
}

// Everything that the measurements depend on.
nlohmann::json key_of(const vulkan::Caps& caps) {
  std::string uuid;
  for (const uint8_t byte : caps.pipeline_cache_uuid) uuid += fmt::format("{:02x}", byte);
  return {{"device", caps.name}, {"uuid", uuid}, {"driver", caps.driver_version}, {"build", build_name()}};
}

// False where it is not an object of names.
bool read_choices(const nlohmann::json& json, const char* key, std::map<int, std::string>& choices) {
  const nlohmann::json fastest = json.value(key, nlohmann::json());
  if (!fastest.is_object()) return false;
  for (const int rows : kernels::kTunedRows) {
    const auto found = fastest.find(std::to_string(rows));
    if (found == fastest.end()) continue;
    if (!found->is_string()) return false;
    choices[rows] = found->get<std::string>();  // kernels/tuning.h knows which there are
  }
  return true;
}

nlohmann::json written_choices(const std::map<int, std::string>& choices) {
  nlohmann::json json = nlohmann::json::object();
  for (const auto& [rows, kernel] : choices) json[std::to_string(rows)] = kernel;
  return json;
}

std::string read_some(const std::filesystem::path& file) {
  constexpr std::streamsize kLongest = 1 << 14;
  std::ifstream stream(file, std::ios::binary);
  std::string text(size_t(kLongest), '\0');
  stream.read(text.data(), kLongest);
  text.resize(size_t(stream.gcount()));
  return text;
}

}  // namespace

TuningReport tune(const kernels::Library& library, std::chrono::duration<double> limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  const auto time_is_up = [&] { return std::chrono::steady_clock::now() >= end; };
  TuningReport report;
  for (const int rows : kernels::kTunedRows) {
    for (const Choice& choice : choices(library.caps(), rows)) {
      if (time_is_up()) return report;
      const Trial trial(library.device(), rows, choice.matrix);
      auto& fastest = report.tuning.*choice.fastest;
      const size_t first = report.trials.size();
      size_t best = first;
      for (const std::string& kernel : choice.kernels) {
        if (time_is_up()) break;
        kernels::Library trying(library.device(), library.caps());
        kernels::Tuning tuning;
        (tuning.*choice.fastest)[rows] = kernel;
        trying.set_tuning(tuning);
        const double ms = trial.ms(trying, time_is_up);
        report.trials.push_back({rows, kernel, ms, false});
        if (ms < (best == first ? kClearly : 1) * report.trials[best].ms) {
          best = report.trials.size() - 1;
          fastest[rows] = kernel;
        }
      }
      if (report.trials.size() == first) return report;
      fastest.try_emplace(rows, choice.kernels.front());
      report.trials[best].chosen = true;
    }
  }
  return report;
}

std::optional<kernels::Tuning> known_tuning(const std::filesystem::path& cache, const vulkan::Caps& caps) {
  if (cache.empty()) return std::nullopt;
  const nlohmann::json json = nlohmann::json::parse(read_some(file_of(cache, caps)), nullptr, false);
  if (!json.is_object() || json.value("key", nlohmann::json()) != key_of(caps)) return std::nullopt;
  kernels::Tuning tuning;
  if (!read_choices(json, "fastest", tuning.fastest)) return std::nullopt;
  if (!read_choices(json, "fastest_matrix", tuning.fastest_matrix)) return std::nullopt;
  return tuning;
}

void keep_tuning(const std::filesystem::path& cache, const vulkan::Caps& caps,
                 const kernels::Tuning& tuning) {
  const nlohmann::json json{{"key", key_of(caps)},
                            {"fastest", written_choices(tuning.fastest)},
                            {"fastest_matrix", written_choices(tuning.fastest_matrix)}};
  const std::string text = json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace);
  std::error_code found_by_the_file;
  std::filesystem::create_directories(cache, found_by_the_file);
  write_file(file_of(cache, caps), std::as_bytes(std::span(text)), true);
}

kernels::Tuning tuning_of(const kernels::Library& library, const std::filesystem::path& cache,
                          std::chrono::duration<double> limit) {
  const vulkan::Caps& caps = library.caps();
  if (const auto known = known_tuning(cache, caps)) return *known;
  if (cache.empty() || caps.software() || !has_choice(caps)) return {};
  try {
    keep_tuning(cache, caps, {});  // a driver that cannot bear being measured is not asked twice
    kernels::Tuning tuning = tune(library, limit).tuning;
    library.device().forget_peak();
    keep_tuning(cache, caps, tuning);
    return tuning;
  } catch (const Error&) {
    return {};
  } catch (const vulkan::Error& error) {
    if (error.device_lost()) throw;
    return {};
  }
}

}  // namespace impasto::session
