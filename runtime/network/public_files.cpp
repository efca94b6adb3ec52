// Sizes and hashes: Keras applications (keras-applications/vgg19.py, vgg16.py and what they print), PyTorch (torchvision/models/vgg.py),
// MatConvNet's and the authors' pages, neural-style-pt (models/download_models.py).
#include "network/public_files.h"

#include "network/digest.h"

namespace impasto::network {
namespace {

constexpr const char* kOxfordLicense = "CC BY 4.0, Visual Geometry Group, University of Oxford";
constexpr const char* kTorchvisionLicense = "BSD 3-Clause, PyTorch contributors";

const Convention kCaffe = caffe_convention(ChannelOrder::bgr);
const Convention kTorchvision = torchvision_convention(ChannelOrder::rgb);

PublicFile keras(const std::string& model, uint64_t bytes, const char* md5) {
  const std::string name = model + "_weights_tf_dim_ordering_tf_kernels_notop.h5";
  return {model,
          name,
          {"https://storage.googleapis.com/tensorflow/keras-applications/" + model + "/" + name,
           "https://github.com/fchollet/deep-learning-models/releases/download/v0.1/" + name},
          bytes,
          HashKind::md5,
          md5,
          kOxfordLicense,
          kCaffe,
          true};
}

PublicFile torchvision(const std::string& model, const std::string& start, uint64_t bytes, HashKind kind,
                       const char* hash) {
  const std::string name = model + "-" + start + ".pth";
  return {model + "-torchvision",
          name,
          {"https://download.pytorch.org/models/" + name},
          bytes,
          kind,
          hash,
          kTorchvisionLicense,
          kTorchvision,
          true};
}

// The Oxford weights under torchvision's names.
PublicFile neural_style_pt(const std::string& model, const std::string& start) {
  const std::string name = model + "-" + start + ".pth";
  return {model,
          name,
          {"https://web.eecs.umich.edu/~justincj/models/" + name},
          0,
          HashKind::sha256_start,
          start,
          kOxfordLicense,
          kCaffe,
          false};
}

}  // namespace

const std::vector<PublicFile>& public_files() {
  static const std::vector<PublicFile> files{
      keras("vgg19", 80'134'624, "253f8cb515780f3b799900260a226db6"),
      {"vgg19",
       "imagenet-vgg-verydeep-19.mat",
       {"https://www.vlfeat.org/matconvnet/models/imagenet-vgg-verydeep-19.mat"},
       0,
       HashKind::sha256,
       "abdb57167f82a2a1fbab1e1c16ad9373411883f262a1a37ee5db2e6fb0044695",
       kOxfordLicense,
       caffe_convention(ChannelOrder::rgb),
       true},
      {"vgg19",
       "VGG_ILSVRC_19_layers.caffemodel",
       {"http://www.robots.ox.ac.uk/~vgg/software/very_deep/caffe/VGG_ILSVRC_19_layers.caffemodel"},
       0,
       HashKind::md5,
       "b5c644beabd7cf06bdd9065cfd674c97",
       kOxfordLicense,
       kCaffe,
       true},
      keras("vgg16", 58'889'256, "6d6bbae143d832006294945121d1f1fc"),
      torchvision("vgg19", "dcbb9e9d", 574'673'361, HashKind::sha256,
                  "dcbb9e9dad569fff7a846263a77324fc34978fea2bfb039c012d710e1776ae44"),
      torchvision("vgg16", "397923af", 0, HashKind::sha256_start, "397923af"),
      neural_style_pt("vgg19", "d01eb7cb"),
      neural_style_pt("vgg16", "00b39a1b")};
  return files;
}

std::optional<Convention> published_convention(std::span<const std::byte> bytes) {
  if (!has_digests()) return std::nullopt;
  const std::string hash = digest(bytes, DigestKind::sha256);
  for (const PublicFile& file : public_files())
    if (file.kind != HashKind::md5 && hash.starts_with(file.hash)) return file.convention;
  return std::nullopt;
}

}  // namespace impasto::network
