// Gets a public weight file, checks it and installs it.
#pragma once

#include "impasto/weights.h"
#include "network/public_files.h"

#include <filesystem>
#include <vector>

namespace impasto::network {

// The first of these files, all of one model, that can be had, imported as folder/<model>.safetensors, unless that is there already. A
// download that breaks off is tried again a few times and left as folder/<file>.part for the next call; a file gets its name only with
// the right size and hash. Throws as fetch_weights does, with what each mirror did.
std::filesystem::path fetch(const std::vector<PublicFile>& files, const std::filesystem::path& folder,
                            const FetchOptions& options);

}  // namespace impasto::network
