// Weight files: what is in one, importing those of other programs, fetching the public ones.
#pragma once

#include "impasto/export.h"
#include "impasto/recipe.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace impasto {

enum class WeightsLayout { oihw, hwio };  // of kernels: outputs, inputs, height, width
enum class WeightsPreprocessing {
  caffe,
  torchvision
};  // 0–255 minus the mean; 0–1 minus the mean, by the deviation

struct WeightsReport {
  std::filesystem::path file;
  std::string network;     // "vgg19" or "vgg16"
  std::string convention;  // of the input: "caffe-bgr-mean", "torchvision-rgb-normalised", …, "other"
  ChannelOrder order = ChannelOrder::bgr;
  double range = 255;                     // conv1_1 sees (range·x − mean) / deviation
  std::array<double, 3> mean{};           // RGB order
  std::array<double, 3> deviation{};      // RGB order
  std::vector<std::string> convolutions;  // "conv1_1", … in order
  uint64_t parameters = 0;                // weights and biases
  std::string source;                     // where they come from, if the file says so
  std::string license;                    // likewise
};

struct ImportOptions {
  std::optional<WeightsLayout> layout;                // else by the shapes, then by the kind of file
  std::optional<ChannelOrder> order;                  // of conv1_1's inputs; else by the kind of file
  std::optional<WeightsPreprocessing> preprocessing;  // likewise
  std::string license;     // goes into the output's metadata; empty: nothing is said
  bool overwrite = false;  // an existing output
};

// Reads .pth, .h5, .mat, .caffemodel, .npz, model.json or .safetensors and writes the convolutions as safetensors that every job can
// name, in float32, with the convention in its metadata; fully connected layers are left out. Nothing in the file is run or believed.
// Throws Error(input): not such a file, not VGG-16 or VGG-19, a value that is not finite, the output cannot be written. Throws
// Error(usage): the file does not tell layout or preprocessing; the message names the flag.
IMPASTO_API WeightsReport import_weights(const std::filesystem::path& file,
                                         const std::filesystem::path& output,
                                         const ImportOptions& options = {});

// Reads every value of a safetensors file. Throws Error(input) naming the tensor that is missing, of a wrong shape or not finite.
IMPASTO_API WeightsReport verify_weights(const std::filesystem::path& file);

struct InstalledWeights {
  std::string name;            // what a job's model can say
  std::filesystem::path file;  // .safetensors
};

// What is in IMPASTO_WEIGHTS_DIR, in the user's data folder and shipped, by name; of two of a name the one that a job would take.
IMPASTO_API std::vector<InstalledWeights> list_installed();

struct WeightsSource {
  std::string name;    // "vgg19"
  std::string url;     // of the first mirror
  uint64_t bytes = 0;  // of the download; 0 when it is not known
  std::string license;
  std::string convention;
};

// What can be fetched, in the order it is tried.
IMPASTO_API std::vector<WeightsSource> fetchable_weights();

struct FetchProgress {
  std::string url;
  uint64_t bytes = 0;  // so far, with what an earlier try left
  uint64_t total = 0;  // 0 when it is not known
};

struct FetchOptions {
  std::filesystem::path folder;  // empty: IMPASTO_WEIGHTS_DIR, else the user's data folder
  std::function<bool(const FetchProgress&)> progress;  // false ends the download, which a later one continues
};

// The file that a job with this model takes: when it is there already, without any connection; else downloaded, checked against the
// published size and hash, and imported. Throws Error(usage) for an unknown name with the nearest, Error(input) when no mirror gives the
// file, Error(interrupted) when progress says so.
IMPASTO_API std::filesystem::path fetch_weights(const std::string& name, const FetchOptions& options = {});

}  // namespace impasto
