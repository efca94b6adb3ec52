// Hashes through OpenSSL's EVP interface.
#include "network/digest.h"

#include "impasto/error.h"

#include <fmt/format.h>

#ifdef IMPASTO_HAS_FETCH
#include <openssl/evp.h>
#endif

#include <array>
#include <cassert>

namespace impasto::network {

#ifdef IMPASTO_HAS_FETCH

bool has_digests() {
  return true;
}

std::string digest(std::span<const std::byte> bytes, DigestKind kind) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> result{};
  unsigned size = 0;
  const EVP_MD* algorithm = kind == DigestKind::sha256 ? EVP_sha256() : EVP_md5();
  if (EVP_Digest(bytes.data(), bytes.size(), result.data(), &size, algorithm, nullptr) != 1)
    throw Error(ErrorKind::input,
                "libcrypto refuses to compute a hash here; import a file that you have checked yourself");
  std::string text;
  for (unsigned i = 0; i < size; ++i) text += fmt::format("{:02x}", result[i]);
  return text;
}

#else

bool has_digests() {
  return false;
}

std::string digest(std::span<const std::byte>, DigestKind) {
  assert(false && "built without libcrypto");
  return {};
}

#endif

}  // namespace impasto::network
