// Mirrors one after the other, each with a few tries.
#include "network/fetch.h"

#include "base/mapped_file.h"
#include "base/nearest.h"
#include "base/shown.h"
#include "impasto/error.h"
#include "network/digest.h"
#include "network/download.h"
#include "network/installed.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cassert>

namespace impasto::network {
namespace {

namespace fs = std::filesystem;

constexpr int kTries = 4;
constexpr uint64_t kMostBytes = uint64_t{2} << 30;  // when no size was published

// Empty when the file is what was published.
std::string difference(const PublicFile& wanted, const fs::path& file) {
  const MappedFile map(file);
  if (wanted.bytes != 0 && map.bytes().size() != wanted.bytes)
    return fmt::format("has {} bytes instead of {}", map.bytes().size(), wanted.bytes);
  const std::string hash =
      digest(map.bytes(), wanted.kind == HashKind::md5 ? DigestKind::md5 : DigestKind::sha256);
  const bool same =
      wanted.kind == HashKind::sha256_start ? hash.starts_with(wanted.hash) : hash == wanted.hash;
  return same ? "" : fmt::format("has the hash {} instead of {}", hash, wanted.hash);
}

void check_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error || !fs::is_directory(folder, error))
    throw Error(ErrorKind::input,
                fmt::format("{}: is no folder and cannot be made one; set IMPASTO_WEIGHTS_DIR to another",
                            folder.string()));
}

uint64_t size_of(const fs::path& file) {
  std::error_code error;
  const uintmax_t size = fs::file_size(file, error);
  return error ? 0 : size;
}

void remove_file(const fs::path& file) {
  std::error_code ignored;
  fs::remove(file, ignored);
}

struct Task {
  const PublicFile& wanted;
  fs::path part;
  fs::path file;
  const FetchOptions& options;
};

// Gives the part its name, or removes it and says what is wrong with it.
std::string accept_part(const Task& task) {
  std::string wrong = difference(task.wanted, task.part);
  if (!wrong.empty()) {
    remove_file(task.part);
    return wrong;
  }
  std::error_code error;
  fs::rename(task.part, task.file, error);
  if (error)
    throw Error(ErrorKind::input, fmt::format("cannot write '{}': {}", task.file.string(), error.message()));
  return "";
}

DownloadResult download_from(const Task& task, const std::string& url) {
  const auto tell = [&](uint64_t bytes, uint64_t total) {
    return !task.options.progress ||
           task.options.progress({url, bytes, task.wanted.bytes != 0 ? task.wanted.bytes : total});
  };
  DownloadResult result =
      download({url, task.part, task.wanted.bytes != 0 ? task.wanted.bytes : kMostBytes, tell});
  if (result.end == DownloadEnd::interrupted)
    throw Error(ErrorKind::interrupted,
                fmt::format("interrupted; the next fetch continues {}", task.part.string()));
  return result;
}

// Empty when it has given the file. A part from before may be of another file, so a wrong whole is tried once more from its start.
std::string try_mirror(const Task& task, const std::string& url) {
  std::string reason;
  for (int i = 0; i < kTries; ++i) {
    const uint64_t before = size_of(task.part);
    const bool whole = before != 0 && before == task.wanted.bytes;
    const DownloadResult result = whole ? DownloadResult{} : download_from(task, url);
    if (result.end == DownloadEnd::complete) {
      reason = accept_part(task);
      if (reason.empty() || before == 0) return reason;
    } else {
      reason = result.reason;
      if (result.end == DownloadEnd::refused) return reason;
    }
  }
  return reason;
}

// False, with reasons, when no mirror has it.
bool get(const Task& task, std::vector<std::string>& reasons) {
  if (size_of(task.file) != 0) {
    const std::string wrong = difference(task.wanted, task.file);
    if (!wrong.empty()) reasons.push_back(fmt::format("{} {}", task.file.string(), wrong));
    return wrong.empty();
  }
  for (const std::string& url : task.wanted.urls) {
    const std::string reason = try_mirror(task, url);
    if (reason.empty()) return true;
    reasons.push_back(fmt::format("{}: {}", url, reason));
  }
  return false;
}

// A download is no more use once it is imported.
void install(const Task& task, const fs::path& installed) {
  const Convention& convention = task.wanted.convention;
  ImportOptions options;
  options.order = convention.order;
  options.preprocessing = convention == caffe_convention(convention.order)
                              ? WeightsPreprocessing::caffe
                              : WeightsPreprocessing::torchvision;
  options.license = task.wanted.license;
  import_weights(task.file, installed, options);
  remove_file(task.file);
}

void check_can_download() {
  if (!can_download() || !has_digests())
    throw Error(ErrorKind::input,
                "this program was built without libcurl and libcrypto and fetches nothing; download a file "
                "yourself and run impasto weights import");
}

}  // namespace

fs::path fetch(const std::vector<PublicFile>& files, const fs::path& folder, const FetchOptions& options) {
  assert(!files.empty());
  fs::path installed = folder / weights_file_name(files.front().model);
  std::error_code ignored;
  if (fs::is_regular_file(installed, ignored)) return installed;
  check_can_download();
  check_folder(folder);
  std::vector<std::string> reasons;
  for (const PublicFile& file : files) {
    const Task task{file, folder / (file.name + ".part"), folder / file.name, options};
    if (!get(task, reasons)) continue;
    install(task, installed);
    return installed;
  }
  throw Error(ErrorKind::input, fmt::format("{} could not be fetched ({}); check the connection, or download "
                                            "a file yourself and run impasto weights import",
                                            files.front().model, fmt::join(reasons, "; ")));
}

}  // namespace impasto::network

namespace impasto {

std::vector<WeightsSource> fetchable_weights() {
  std::vector<WeightsSource> sources;
  for (const network::PublicFile& file : network::public_files())
    if (file.fetched)
      sources.push_back({file.model, file.urls.front(), file.bytes, file.license,
                         network::convention_name(file.convention)});
  return sources;
}

std::filesystem::path fetch_weights(const std::string& name, const FetchOptions& options) {
  std::vector<network::PublicFile> files;
  std::vector<std::string> names;
  for (const network::PublicFile& file : network::public_files()) {
    if (!file.fetched) continue;
    if (file.model == name) files.push_back(file);
    names.push_back(file.model);
  }
  if (files.empty())
    throw Error(ErrorKind::usage,
                fmt::format("there is nothing to fetch called \"{}\"; the nearest is \"{}\"", shown(name),
                            nearest_name(name, names)));
  std::filesystem::path folder = options.folder;
  for (const InstalledWeights& installed : list_installed())
    if (folder.empty() && installed.name == name) return installed.file;
  if (folder.empty() && !network::weights_folders().empty()) folder = network::weights_folders().front();
  if (folder.empty())
    throw Error(ErrorKind::input, "there is no folder for weights; set IMPASTO_WEIGHTS_DIR");
  return network::fetch(files, folder, options);
}

}  // namespace impasto
