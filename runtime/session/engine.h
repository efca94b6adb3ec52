// A device with its kernels and the network's weights on it: what survives from stage to stage, and is rebuilt when a device is lost.
#pragma once

#include "impasto/job.h"
#include "kernels/library.h"
#include "network/network.h"
#include "plan/device_network.h"
#include "session/tune.h"

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

namespace impasto::session {

// Where the pipeline cache lives; empty when there is no home.
std::filesystem::path cache_directory();

// Convolutions that the recipe's layers need, from the first. Throws Error(usage) when a layer is not in the network.
size_t depth_of(const network::Network& network, const Recipe& recipe);

// As what features are stored; fp32 where that was left open.
kernels::Element element_of(Precision precision);
std::string precision_text(kernels::Element element);  // "fp32", "fp16"

// Options as every public entry uses them.
vulkan::DeviceOptions device_options(const std::string& selector);

// The same with a job's own.
vulkan::DeviceOptions with_budget(vulkan::DeviceOptions options, const Job& job);

// The fastest kernels of a device, measured when it is used for the first time unless the environment says IMPASTO_TUNING=off.
kernels::Tuning first_tuning(vulkan::Device& device);

class Engine {
 public:
  Engine(const vulkan::DeviceOptions& options, const network::Network& network, size_t depth,
         kernels::Element element = kernels::Element::fp32)
      : Engine(std::make_shared<vulkan::Device>(options), network, depth, element) {}
  Engine(std::shared_ptr<vulkan::Device> device, const network::Network& network, size_t depth,
         kernels::Element element = kernels::Element::fp32)
      : device_(std::move(device)),
        library_(*device_, device_->caps(), first_tuning(*device_)),
        weights_(*device_, network, depth, element) {}

  vulkan::Device& device() { return *device_; }
  const std::shared_ptr<vulkan::Device>& shared_device() const { return device_; }
  kernels::Library& library() { return library_; }
  const plan::DeviceNetwork& weights() const { return weights_; }

 private:
  std::shared_ptr<vulkan::Device> device_;
  kernels::Library library_;
  plan::DeviceNetwork weights_;
};

}  // namespace impasto::session
