// A VGG network from a weight file: its convolutions in order, chained and checked, decoded when asked for.
#pragma once

#include "network/convention.h"
#include "network/layers.h"
#include "network/safetensors.h"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace impasto::network {

struct Convolution {
  LayerId layer;
  std::string name;          // "conv4_2"
  std::string activation;    // "relu4_2", of the ReLU that follows
  int inputs = 0;            // channels
  int outputs = 0;           // channels
  bool pool_before = false;  // a 2×2 pooling layer of stride 2 stands before it
};

// Of a network in memory.
struct Architecture {
  std::string name;  // "vgg19" or "vgg16"
  std::vector<Convolution> convolutions;
};

// What Network's constructor checks; file names it in messages.
Architecture recognise_network(const Safetensors& contents, const std::filesystem::path& file);

class Network {
 public:
  // Throws Error(input): no such file, not a safetensors file as parse_safetensors has it, or not the first
  // layers of VGG-16 or VGG-19: 3×3 kernels OIHW, the first with three inputs, each with its predecessor's
  // outputs as inputs, one bias an output. Which of the two it is follows from the names; the widths are the
  // file's. Other tensors (fully connected layers) are left alone. Also when the metadata has an input convention
  // that makes no sense.
  explicit Network(const std::filesystem::path& file);

  const std::string& name() const { return architecture_.name; }  // "vgg19" or "vgg16"
  std::string title() const;  // what the file calls itself in its metadata ("compact"), else name()
  const std::filesystem::path& file() const { return path_; }
  const std::map<std::string, std::string>& metadata() const { return file_->contents().metadata; }
  const Convention& convention() const { return convention_; }
  const std::vector<Convolution>& convolutions() const { return architecture_.convolutions; }

  // Index in convolutions() of the one whose ReLU has this canonical name ("relu4_2").
  // Throws Error(usage) with the nearest layer that this network has.
  size_t find(std::string_view activation) const;

  // OIHW, and O. Throws Error(input) when a value is not finite.
  std::vector<float> weights(size_t convolution) const;
  std::vector<float> bias(size_t convolution) const;

  // Reads every value of every convolution. Throws Error(input) naming the first that is not finite.
  void check_finite() const;

 private:
  std::vector<float> values(const std::string& tensor) const;

  std::filesystem::path path_;
  std::shared_ptr<const SafetensorsFile> file_;
  Architecture architecture_;
  Convention convention_;
};

}  // namespace impasto::network
