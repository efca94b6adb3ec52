// The few file operations that the standard library lacks, made alike on POSIX and Windows.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <system_error>

namespace impasto::platform {

// A file descriptor; kNoFile when there is none.
using FileHandle = int;
constexpr FileHandle kNoFile = -1;

// Creates a file that must not exist yet, for writing bytes. On failure returns kNoFile and sets error.
FileHandle create_new_file(const std::filesystem::path& file, std::error_code& error);

// Opens a file, made when it is not there, and locks it against other processes and other calls of this until it is closed. On failure
// returns kNoFile and sets error: resource_unavailable_try_again when it is locked.
FileHandle lock_file(const std::filesystem::path& file, std::error_code& error);

std::error_code write_all(FileHandle handle, std::span<const std::byte> bytes);

// Asks the system to put the file's bytes on the medium.
std::error_code sync_file(FileHandle handle);

std::error_code close_file(FileHandle handle);

// Makes a rename in this folder survive a power failure, where the system lets one ask for that.
void sync_folder(const std::filesystem::path& folder);

// Renames within one folder. With replace off, an existing target is kept and the error is file_exists; that
// is decided by the system in one step wherever it can.
std::error_code rename_file(const std::filesystem::path& from, const std::filesystem::path& to, bool replace);

// The program or shared library that this code was loaded from, links resolved; empty when the system does not say.
std::filesystem::path own_file();

}  // namespace impasto::platform
