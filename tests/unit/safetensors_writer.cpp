// Written safetensors files are read back as they were meant.
#include "network/safetensors_writer.h"

#include "catch.h"
#include "impasto/error.h"
#include "network/safetensors.h"
#include "support/files.h"
#include "support/weights.h"

#include <limits>

using namespace impasto;
using namespace impasto::network;

TEST_CASE("What is written is read back, in order and aligned") {
  const test::TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "a.safetensors";
  const float tiny = std::numeric_limits<float>::denorm_min();
  const std::vector<TensorToWrite> tensors{
      {"b", {2, 1}, {1.5f, -tiny}}, {"a\"\n", {}, {3}}, {"empty", {0, 4}, {}}};
  const std::map<std::string, std::string> metadata{{"model", "vgg19"}, {"note", "\"ü\""}};
  write_safetensors(file, tensors, metadata, false);
  const SafetensorsFile read(file);
  CHECK(read.contents().metadata == metadata);
  REQUIRE(read.contents().tensors.size() == 3);
  for (const TensorToWrite& tensor : tensors) {
    CHECK(read.contents().tensors.at(tensor.name).shape == tensor.shape);
    CHECK(read.contents().tensors.at(tensor.name).floats() == tensor.values);
  }
  const std::string bytes = test::read_text(file);
  CHECK((bytes.size() - 12) % 8 == 0);
}

TEST_CASE("A file without tensors is written, and an existing one kept") {
  const test::TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "a.safetensors";
  write_safetensors(file, {}, {}, false);
  CHECK(SafetensorsFile(file).contents().tensors.empty());
  CHECK_THROWS_AS(write_safetensors(file, {{"a", {1}, {1}}}, {}, false), Error);
  CHECK(SafetensorsFile(file).contents().tensors.empty());
  write_safetensors(file, {{"a", {1}, {1}}}, {}, true);
  CHECK(SafetensorsFile(file).contents().tensors.size() == 1);
}
