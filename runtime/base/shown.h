// Text from outside, fit to stand in a one-line message.
#pragma once

#include <string>
#include <string_view>

namespace impasto {

// At most 64 bytes of it, cut between characters, control characters replaced by '?'.
std::string shown(std::string_view text);

}  // namespace impasto
