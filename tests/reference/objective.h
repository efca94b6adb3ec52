// The whole objective of a recipe in double precision: losses and d total / d picture.
#pragma once

#include "impasto/recipe.h"
#include "reference/array.h"
#include "reference/convolution.h"
#include "reference/loss.h"

#include <map>
#include <string>
#include <vector>

namespace impasto::reference {

struct Layer {
  std::string name;  // "1_1" of conv1_1 and relu1_1; a pooling stands between blocks
  Kernel kernel;
};

// A VGG; its first layer reads the planes in the order that the recipe feeds.
using Network = std::vector<Layer>;

// What a style picture and a content picture leave behind.
struct Targets {
  std::map<std::string, Matrix> style;  // by the layer's name in the recipe
  std::map<std::string, Array> content;
};

struct Losses {
  double content = 0;
  double style = 0;
  double tv = 0;
  double total = 0;
  Array gradient;  // d total / d picture, RGB
};

// Pictures are RGB in [0,1]. Asserts that the network has the recipe's layers.
Targets make_targets(const Recipe& recipe, const Network& network, const Array& content, const Array& style);
Losses evaluate(const Recipe& recipe, const Network& network, const Targets& targets, const Array& picture);

}  // namespace impasto::reference
