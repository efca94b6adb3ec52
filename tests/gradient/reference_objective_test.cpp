// The gradient of every recipe's whole objective at 16×16 against central differences.
#include "catch.h"
#include "gradcheck.h"
#include "reference/objective.h"
#include "support/random.h"

#include <algorithm>
#include <cmath>

namespace {

using namespace impasto;
using reference::Array;
using test::random_array;

// VGG-16's layers up to conv5_2 with few channels; weights keep the size of activations about the same through the layers.
reference::Network small_network() {
  const struct {
    const char* name;
    int channels;
  } rows[] = {{"1_1", 4}, {"1_2", 4}, {"2_1", 5}, {"2_2", 5}, {"3_1", 6}, {"3_2", 6},
              {"3_3", 6}, {"4_1", 6}, {"4_2", 6}, {"4_3", 6}, {"5_1", 6}, {"5_2", 6}};
  reference::Network network;
  int inputs = 3;
  uint64_t seed = 20;
  for (const auto& row : rows) {
    const double size = std::sqrt(6.0 / (9 * inputs));
    network.push_back({row.name,
                       {row.channels, inputs, random_array(row.channels, inputs, 9, ++seed, -size, size).data,
                        random_array(1, 1, row.channels, ++seed).data}});
    inputs = row.channels;
  }
  return network;
}

TEST_CASE("gradcheck: the whole objective of every recipe") {
  const reference::Network network = small_network();
  const Array content = random_array(3, 16, 16, 1, 0, 1);
  const Array style = random_array(3, 17, 19, 2, 0, 1);
  const Array picture = random_array(3, 16, 16, 3, 0, 1);
  for (const Recipe& recipe : recipes()) {
    INFO(recipe.name);
    const reference::Targets targets = make_targets(recipe, network, content, style);
    Array gradient = evaluate(recipe, network, targets, picture).gradient;
    // In units of the largest slope, and with a step that is 1e-6 of the network's input, so that no rectifier is crossed.
    double largest = 0;
    for (double value : gradient.data) largest = std::max(largest, std::abs(value));
    REQUIRE(largest > 0);
    for (double& value : gradient.data) value /= largest;
    test::gradcheck([&](const Array& x) { return evaluate(recipe, network, targets, x).total / largest; },
                    picture, gradient, {1e-6 / recipe.input.range, 1e-5, 1e-3});
  }
}

}  // namespace
