// Finds the fixtures.
#include "support/fixtures.h"

#include <cstdlib>

namespace impasto::test {

namespace {

std::filesystem::path in_project(const char* path) {
  const char* source = std::getenv("IMPASTO_SOURCE");
  if (source == nullptr) return {};
  const std::filesystem::path full = std::filesystem::path(source) / path;
  return std::filesystem::exists(full) ? full : std::filesystem::path();
}

}  // namespace

std::filesystem::path weight_fixtures() {
  return in_project("tests/fixtures/weights");
}

std::filesystem::path compact_network() {
  return in_project("assets/compact.safetensors");
}

const std::vector<std::string>& exact_fixtures() {
  static const std::vector<std::string> files{"expected.safetensors",
                                              "torch_zip.pth",
                                              "torch_legacy.pth",
                                              "torch_names.pth",
                                              "torch_half.pth",
                                              "torch_bfloat.pth",
                                              "torch_double.pth",
                                              "torch_strided.pth",
                                              "keras_notop.h5",
                                              "keras_top.h5",
                                              "matconvnet.mat",
                                              "matconvnet_old.mat",
                                              "caffe.caffemodel",
                                              "caffe_v1.caffemodel",
                                              "numpy.npz",
                                              "numpy_compressed.npz",
                                              "tensorflow_js_float32/model.json",
                                              "tensorflow_js_float16/model.json"};
  return files;
}

const std::vector<std::string>& quantised_fixtures() {
  static const std::vector<std::string> files{"tensorflow_js_uint8/model.json",
                                              "tensorflow_js_uint16/model.json"};
  return files;
}

}  // namespace impasto::test
