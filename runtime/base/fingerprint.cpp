// SHA-1 as the picture library has it.
#include "base/fingerprint.h"

#include "base/mapped_file.h"

#include <OpenImageIO/hash.h>

namespace impasto {

std::string fingerprint(std::span<const std::byte> bytes) {
  OIIO::SHA1 hash(bytes.data(), bytes.size());
  return hash.digest();
}

std::string file_fingerprint(const std::filesystem::path& file) {
  return fingerprint(MappedFile(file).bytes());
}

}  // namespace impasto
