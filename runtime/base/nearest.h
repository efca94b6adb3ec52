// The name somebody probably meant, for error messages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace impasto {

// Edits (insertion, deletion, substitution, swap of neighbours) that turn one into the other; ASCII case is
// ignored.
int edit_distance(std::string_view a, std::string_view b);

// The candidate with the smallest distance, the first of equals; empty without candidates.
std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace impasto
