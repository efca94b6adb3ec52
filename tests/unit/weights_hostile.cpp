// Weight files that end early, have flipped bits or want to run code: each is refused with one line, or read.
#include "catch.h"
#include "impasto/error.h"
#include "network/import/assemble.h"
#include "network/import/pickle.h"
#include "network/import/weight_file.h"
#include "support/files.h"
#include "support/fixtures.h"
#include "support/random.h"
#include "support/skip.h"

using namespace impasto;
using namespace impasto::network;
using test::contains;

namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

// True when it is read; the message must be good when it is not.
bool reads(const std::filesystem::path& name, std::string_view text) {
  try {
    const WeightFile file = read_weight_file(name, bytes_of(text));
    assemble_network(file.tensors, std::nullopt, KernelLayout::hwio, name.string());
    return true;
  } catch (const Error& error) {
    const std::string what = error.what();
    const bool good = error.kind() == ErrorKind::input && what.find('\n') == std::string::npos &&
                      what.starts_with(name.parent_path().string());
    if (!good) FAIL("refused with \"" << what << "\"");
    return false;
  }
}

std::string refusal_of_pickle(const std::string& pickle) {
  Cursor cursor(bytes_of(pickle), "input");
  try {
    read_pickle(cursor);
  } catch (const Error& error) {
    return error.what();
  }
  FAIL("accepted");
  return {};
}

// The values of a pickle's root, which must be whole numbers.
std::vector<int64_t> numbers_of(const std::string& pickle) {
  Cursor cursor(bytes_of(pickle), "input");
  const PickleResult result = read_pickle(cursor);
  std::vector<int64_t> numbers;
  for (const uint32_t item : result.at(result.root).items) numbers.push_back(result.at(item).number);
  return numbers;
}

}  // namespace

TEST_CASE("A file cut anywhere is refused") {
  IMPASTO_REQUIRE_FIXTURES();
  for (const std::string& fixture : test::exact_fixtures()) {
    INFO(fixture);
    const std::filesystem::path path = test::weight_fixtures() / fixture;
    const std::string text = test::read_text(path);
    REQUIRE(reads(path, text));
    size_t accepted = 0, last = 0;
    for (size_t length = 0; length < text.size(); ++length)
      if (reads(path, std::string_view(text).substr(0, length))) ++accepted, last = length;
    // What stands behind the last tensor is missed by nobody: HDF5's free space, MATLAB's other variables. A Caffe model is as long as
    // it is: without its last layer it is a smaller network.
    INFO(accepted << " of " << text.size() << " accepted, the last with " << last << " bytes");
    const bool caffe = path.extension() == ".caffemodel";
    CHECK((accepted == 0 || caffe || path.extension() == ".h5" || path.extension() == ".mat"));
  }
}

TEST_CASE("A file with flipped bits is refused or read") {
  IMPASTO_REQUIRE_FIXTURES();
  constexpr int kFlips = 400;
  test::Random random(7);
  for (const std::string& fixture : test::exact_fixtures()) {
    INFO(fixture);
    const std::filesystem::path path = test::weight_fixtures() / fixture;
    const std::string text = test::read_text(path);
    int refused = 0;
    for (int i = 0; i < kFlips; ++i) {
      std::string flipped = text;
      for (int k = 0; k <= i % 3; ++k) {
        char& c = flipped[static_cast<size_t>(random.below(static_cast<int>(text.size())))];
        c = static_cast<char>(c ^ (1 << random.below(8)));
      }
      refused += reads(path, flipped) ? 0 : 1;
    }
    CHECK(refused > 0);
  }
}

TEST_CASE("A pickle is read without its memo, its metadata and its protocol mattering") {
  CHECK(numbers_of(std::string("\x80\x02(K\x01M\x02\x01J\xff\xff\xff\xff\x88\x89\x8a\x01\x80t.", 20)) ==
        std::vector<int64_t>{1, 258, -1, 1, 0, -128});
  const std::string holds_itself("]q\x00(h\x00K\x05\x65.", 10);
  CHECK(numbers_of(holds_itself).size() == 2);
}

TEST_CASE("A pickle that wants to run something is refused by what it wants") {
  CHECK_THAT(refusal_of_pickle("cos\nsystem\n(U\x04"
                               "echotR."),
             contains("\"os.system\""));
  CHECK_THAT(refusal_of_pickle("cbuiltins\neval\n."), contains("\"builtins.eval\""));
  CHECK_THAT(refusal_of_pickle("ctorch\nload\n."), contains("\"torch.load\""));
  CHECK_THAT(refusal_of_pickle("\x8c\x02os\x8c\x06system\x93."), contains("\"os.system\""));
  CHECK_THAT(refusal_of_pickle("(ios\nsystem\n."), contains("opcode 0x69"));
  CHECK_THAT(refusal_of_pickle("(cos\n"), contains("does not end"));
  CHECK_THAT(refusal_of_pickle("ctorch\nFloatStorage\n)R."), contains("calls \"torch.FloatStorage\""));
  CHECK_THAT(refusal_of_pickle("ccollections\nOrderedDict\n(K\x01tR."), contains("OrderedDict arguments"));
  CHECK_THAT(refusal_of_pickle("ccollections\nOrderedDict\n}b."), contains("sets the state"));
  CHECK_THAT(refusal_of_pickle("\x80\x09."), contains("protocol 9"));
}

TEST_CASE("A pickle that contradicts itself is refused") {
  for (const char* pickle : {".", "0", "t.", "(.", "K\x01K\x02.", "h\x07.", "K\x01R.", "K\x01s.",
                             "}K\x01\x61.", "](K\x01\x75.", "}(K\x01u.", "NQ.", "X\xff\xff\xff\xff"}) {
    INFO(pickle);
    CHECK_THAT(refusal_of_pickle(pickle), contains("input: "));
  }
}

TEST_CASE("A model.json cannot reach outside of its folder") {
  IMPASTO_REQUIRE_FIXTURES();
  const std::filesystem::path path = test::weight_fixtures() / "tensorflow_js_float32/model.json";
  for (const char* shard : {"../keras_top.h5", "/etc/passwd", "a/b", "..", "", "c:evil"}) {
    const std::string text =
        std::string(R"({"weightsManifest":[{"paths":[")") + shard + R"("],"weights":[]}]})";
    INFO(text);
    CHECK_THROWS_WITH(read_weight_file(path, bytes_of(text)), contains("no plain name"));
  }
}
