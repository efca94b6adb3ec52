// Gram matrices of styles, computed once for each style and size.
#pragma once

#include "plan/targets.h"

#include <functional>
#include <map>
#include <string>

namespace impasto::session {

class GramCache {
 public:
  // The matrices under that key; computed when they are not there.
  const plan::Grams& get(const std::string& key, const std::function<plan::Grams()>& compute) {
    const auto found = known_.find(key);
    if (found != known_.end()) return found->second;
    if (known_.size() >= kMost) known_.clear();  // a batch goes through style after style
    return known_.emplace(key, compute()).first->second;
  }

 private:
  static constexpr size_t kMost = 32;  // a few megabytes each
  std::map<std::string, plan::Grams> known_;
};

}  // namespace impasto::session
