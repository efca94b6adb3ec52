// SHA-256 and MD5, from libcrypto; a program built without it has none.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace impasto::network {

enum class DigestKind { sha256, md5 };

bool has_digests();

// Hexadecimal, lower case. Must not be called without has_digests(). Throws Error(input) when the library refuses the kind.
std::string digest(std::span<const std::byte> bytes, DigestKind kind);

}  // namespace impasto::network
