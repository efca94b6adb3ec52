// What compilers for graphics cards make of the kernels: each fits a card's registers, from 2016's to today's, with some to spare. `-s` prints
// what each needs.
#include "base/resample_weights.h"
#include "cards/absent_card.h"
#include "catch.h"
#include "kernels/matrix_convolution.h"
#include "kernels/probe.h"
#include "kernels/resample.h"
#include "session/stage.h"
#include "support/job.h"
#include "support/skip.h"

#include <fmt/format.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace impasto::test {
namespace {

constexpr size_t kLayers = 14;  // to conv5_2, the deepest that a recipe compares

session::StageInputs pictures() {
  const auto shared = [](Image image) { return std::make_shared<const Image>(std::move(image)); };
  const Image content = small_picture(48, 40, 1);
  const session::Guide guide{content, std::vector<float>(48 * 40, 1)};
  return {shared(content), {shared(small_picture(32, 44, 2))}, {1}, guide};
}

// Everything that a recipe records, with each product there is.
void compile(const Recipe& recipe, const network::Network& network, kernels::Element element, int tile) {
  session::Engine engine(absent_card_options(), network, session::depth_of(network, recipe), element);
  const auto record = [&](const kernels::Tuning& tuning) {
    engine.library().set_tuning(tuning);
    const session::StageRun run(engine, recipe, pictures(), {{tile}});
  };
  for (const kernels::GemmKernel& kernel : kernels::gemm_kernels(engine.device().caps()))
    record({{{0, kernel.name}}, {}});
  if (engine.weights().matrices())
    for (const kernels::MatrixKernel& kernel : kernels::kMatrixKernels) record({{}, {{0, kernel.name}}});
}

// What is between stages, and in `bench`.
void compile_the_rest() {
  vulkan::Device device(absent_card_options());
  kernels::Library library(device);
  vulkan::Recorder recorder(device);
  kernels::Context context{library, recorder};
  const vulkan::Buffer buffer(device, uint64_t{1} << 24, vulkan::MemoryKind::device);
  const kernels::ResampleAxis axis =
      kernels::resample_axis(resample_weights(4, 8, Filter::bicubic), 4, buffer.all().part(0, 4096));
  const auto room = [&](uint64_t at) { return buffer.all().part(at, 4096); };
  kernels::resample(context, room(4096), room(8192), room(12288), axis, axis, 3);
  for (const auto kind : {kernels::ProbeKind::vectors, kernels::ProbeKind::matrices})
    if (kind == kernels::ProbeKind::vectors || kernels::has_matrix_convolution(device.caps()))
      kernels::probe(context, kind, {1, 0.5f, 1.0f}, buffer.all());
  recorder.finish();
}

// Those that no recipe, device or build has a use for: a variant of halves is made of every shader that reads or writes tensors.
bool may_be_missing(std::string_view shader) {
  const auto has = [&](std::string_view part) { return shader.find(part) != std::string_view::npos; };
  return has(".texel") || has("_subgroup") || has(".halves") || has("/matrix_");
}

// An invocation has 128 on Intel's cards, and spills the rest; where there are more than that, a compiler orders loads so that it uses some of them.
constexpr uint64_t kVectorRegisters = 144;
// Intel's compiler keeps a few of an output transform's 24 texels of four in memory, beside the 36 that it reads.
constexpr uint64_t kIntelSpills = 8;

void check_registers(const CompiledKernel& kernel, bool intel) {
  const auto has = [&](std::string_view part) { return kernel.shader.find(part) != std::string::npos; };
  if (intel && has(".8x8")) return;  // a card runs it only where it was measured to be faster
  CHECK(spilled(kernel) <= (intel ? kIntelSpills : 0));
  const auto registers = kernel.statistics.find("VGPRs");        // as AMD's driver has them
  if (registers != kernel.statistics.end() && !has("/matrix_"))  // whose sums are in registers by design
    CHECK(registers->second <= kVectorRegisters);
}

TEST_CASE("no kernel needs more registers than a card has") {
  if (!has_absent_card()) {
    skip("no driver that compiles for a card that is not there, or one that does not know the card named");
    return;
  }
  const JobFolder folder(kLayers);
  const network::Network network(folder.file("vgg19.safetensors"));
  for (const Recipe& recipe : recipes())
    for (const OptimizerKind optimizer : {OptimizerKind::adam, OptimizerKind::lbfgs})
      for (const auto element : {kernels::Element::fp32, kernels::Element::fp16})
        compile(with_optimizer(recipe, optimizer), network, element, 0);
  Recipe other = load_recipe("impasto");
  compile(other, network, kernels::Element::fp32, 16);
  other.padding = PaddingKind::replicate;
  other.temporal_weight = 1;
  other.style_layers.push_back({"relu1_2", 1});  // whose map is stored, and pooled apart
  for (const PoolingKind pooling : {PoolingKind::average, PoolingKind::max}) {
    other.pooling = pooling;
    compile(other, network, kernels::Element::fp32, 0);
  }
  compile_the_rest();

  constexpr uint32_t kIntel = 0x8086;
  const bool intel = vulkan::enumerate_devices().front().vendor_id == kIntel;
  std::set<std::string, std::less<>> seen;
  for (const CompiledKernel& kernel : compiled_kernels()) {
    seen.insert(kernel.shader);
    std::string all;
    for (const auto& [what, amount] : kernel.statistics) all += fmt::format("{} {}, ", what, amount);
    INFO(kernel.shader << ": " << all);
    check_registers(kernel, intel);
  }
  for (const kernels::Shader& shader : kernels::shaders()) {
    CAPTURE(shader.name);
    CHECK((seen.count(shader.name) == 1 || may_be_missing(shader.name)));
  }
}

}  // namespace
}  // namespace impasto::test
