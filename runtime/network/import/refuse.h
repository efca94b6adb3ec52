// How every importer refuses a file: one line that names it.
#pragma once

#include <string>
#include <string_view>

namespace impasto::network {

// Throws Error(input): the file contradicts itself or ends too early.
[[noreturn]] void refuse_damaged(std::string_view source, const std::string& what);

// Throws Error(input): the file may be good, but is not of the kind that is read here.
[[noreturn]] void refuse_unsupported(std::string_view source, const std::string& what);

}  // namespace impasto::network
