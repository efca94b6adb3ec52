// Tells kinds of weight files apart and calls the right reader.
#include "network/import/weight_file.h"

#include "base/half_float.h"
#include "base/mapped_file.h"
#include "network/import/caffe.h"
#include "network/import/cursor.h"
#include "network/import/hdf5.h"
#include "network/import/matlab.h"
#include "network/import/names.h"
#include "network/import/npz.h"
#include "network/import/refuse.h"
#include "network/import/tensorflow_js.h"
#include "network/import/torch_file.h"
#include "network/import/zip.h"
#include "network/safetensors.h"

#include <algorithm>
#include <list>

namespace impasto::network {
namespace {

bool wanted(std::string_view name) {
  return parse_parameter(name).has_value();
}

bool has_position(const FoundTensor& tensor) {
  const std::optional<ParameterName> name = parse_parameter(tensor.name);
  return name && name->position;
}

bool named_by_keras(const FoundTensor& tensor) {
  return tensor.name.find("block1_conv1") != std::string::npos;
}

// "features.0.weight" is what torchvision calls its own weights and what others call the Oxford ones, so it tells nothing.
WeightFile torch_file(std::vector<FoundTensor> tensors) {
  WeightFile file{"PyTorch state dict", std::move(tensors), KernelLayout::oihw, std::nullopt};
  if (std::none_of(file.tensors.begin(), file.tensors.end(), has_position))
    file.convention = caffe_convention(ChannelOrder::bgr);
  return file;
}

// Keras took the Oxford weights as they are, whatever it then stores them in.
WeightFile keras_file(std::string kind, std::vector<FoundTensor> tensors) {
  WeightFile file{std::move(kind), std::move(tensors), KernelLayout::hwio, std::nullopt};
  if (std::any_of(file.tensors.begin(), file.tensors.end(), named_by_keras))
    file.convention = caffe_convention(ChannelOrder::bgr);
  return file;
}

WeightFile zip_file(std::span<const std::byte> bytes, std::string_view source) {
  const ZipArchive archive(bytes, source);
  const std::vector<std::string> names = archive.names();
  const auto has_end = [&](std::string_view end) {
    return std::any_of(names.begin(), names.end(),
                       [&](const std::string& name) { return name.ends_with(end); });
  };
  if (has_end("data.pkl")) return torch_file(read_torch_zip(archive, source));
  if (has_end(".npy"))
    return {"NumPy archive", read_npz(archive, source, wanted), std::nullopt, std::nullopt};
  refuse_unsupported(source, "is a zip archive, but neither of PyTorch nor of NumPy");
}

WeightFile json_file(const std::filesystem::path& file, std::span<const std::byte> bytes,
                     std::string_view source) {
  std::list<MappedFile> shards;
  return keras_file("TensorFlow.js model",
                    read_tensorflow_js(as_text(bytes), source, [&](const std::string& name) {
                      return shards.emplace_back(file.parent_path() / name).bytes();
                    }));
}

WeightFile safetensors_file(std::span<const std::byte> bytes, std::string_view source) {
  const Safetensors contents = parse_safetensors(bytes, source);
  WeightFile file{"safetensors file", {}, KernelLayout::oihw, std::nullopt};
  for (const auto& [name, stored] : contents.tensors) {
    const Element element = stored.type == ElementType::f32   ? Element::f32
                            : stored.type == ElementType::f16 ? Element::f16
                                                              : Element::bf16;
    file.tensors.push_back({name, element, stored.shape, rows_last(stored.shape), stored.bytes, nullptr});
  }
  if (contents.metadata.count("input_order") != 0) file.convention = convention_of(contents.metadata, source);
  return file;
}

}  // namespace

WeightFile read_weight_file(const std::filesystem::path& file, std::span<const std::byte> bytes) {
  const std::string source = file.string();
  const std::string_view start = as_text(bytes.first(std::min<size_t>(bytes.size(), 16)));
  if (start.starts_with("PK\x03\x04")) return zip_file(bytes, source);
  if (start.starts_with("\x89HDF\r\n\x1a\n"))
    return keras_file("Keras HDF5 file", read_hdf5(bytes, source, wanted));
  if (start.starts_with("MATLAB"))
    return {"MatConvNet file", read_matconvnet(bytes, source), KernelLayout::hwio,
            caffe_convention(ChannelOrder::rgb)};
  if (start.starts_with("\x80\x02")) return torch_file(read_torch_legacy(bytes, source));
  if (start.size() > 8 && start[8] == '{' && little_endian(bytes.data(), 8) < bytes.size())
    return safetensors_file(bytes, source);
  if (start.starts_with('{')) return json_file(file, bytes, source);
  if (file.extension() == ".caffemodel")
    return {"Caffe model", read_caffemodel(bytes, source), KernelLayout::oihw,
            caffe_convention(ChannelOrder::bgr)};
  refuse_unsupported(
      source,
      "is of no kind that is known here (.pth, .h5, .mat, .caffemodel, .npz, model.json, .safetensors)");
}

}  // namespace impasto::network
