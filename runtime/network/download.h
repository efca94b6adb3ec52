// One file over HTTP or HTTPS through libcurl, continued where an earlier try ended.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace impasto::network {

// False when this program was built without libcurl.
bool can_download();

struct Download {
  std::string url;
  std::filesystem::path part;  // grows by what arrives; what is there already is asked for no more
  uint64_t most = 0;           // bytes; one that grows beyond is given up
  std::function<bool(uint64_t bytes, uint64_t total)>
      progress;  // total is 0 when it is not known; false ends the download
};

enum class DownloadEnd {
  complete,    // as far as the server says
  broken,      // the connection; trying again may help
  refused,     // the server has no such file, or does not keep to the protocol
  interrupted  // by progress
};

struct DownloadResult {
  DownloadEnd end = DownloadEnd::complete;
  std::string reason;  // for people, unless complete
};

// Follows redirects, obeys the proxies of the environment, and gives up a connection over which nothing arrives for a minute. Throws
// Error(input) when the part cannot be written.
DownloadResult download(const Download& task);

}  // namespace impasto::network
