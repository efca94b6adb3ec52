// Folders that the environment names.
#pragma once

#include <filesystem>

namespace impasto {

// Empty when the variable is not set.
std::filesystem::path environment_path(const char* name);

// "impasto" in the folder that the variable names, in LOCALAPPDATA, or in ~/<below home>, whichever is set first; empty when none is.
std::filesystem::path user_folder(const char* variable, const char* below_home);

}  // namespace impasto
