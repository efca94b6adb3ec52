// File names made of what an item is: "{content}-{style}.png".
#pragma once

#include <string>
#include <vector>

namespace impasto::batch {

struct Value {
  std::string key;
  std::string text;
};

// The pattern with every {key} replaced; "strength" is enough for "style-strength". flag: where the pattern came from. Throws Error(usage)
// for a key that there is none of, with the nearest.
std::string filled(const std::string& flag, const std::string& pattern, const std::vector<Value>& values);

}  // namespace impasto::batch
