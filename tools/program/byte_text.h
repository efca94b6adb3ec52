// Amounts of memory for people.
#pragma once

#include <cstdint>
#include <string>

namespace impasto::cli {

// "512 MiB", "3.9 GiB".
std::string byte_text(uint64_t bytes);

}  // namespace impasto::cli
