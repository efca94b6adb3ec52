// Talks to libcurl.
#include "network/download.h"

#include "impasto/error.h"

#include <fmt/format.h>

#ifdef IMPASTO_HAS_FETCH
#include <curl/curl.h>
#endif

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <system_error>

namespace impasto::network {

#ifdef IMPASTO_HAS_FETCH

namespace {

constexpr long kMaxRedirects = 8;
constexpr long kConnectSeconds = 30;
constexpr long kSilentSeconds = 60;
constexpr long kPartialContent = 206;
constexpr long kRangeNotSatisfiable = 416;
constexpr long kFirstError = 400;
constexpr long kFirstServerError = 500;

using Handle = std::unique_ptr<CURL, void (*)(CURL*)>;

// What the callbacks see. They must not throw through C.
struct Transfer {
  const Download& task;
  CURL* curl;
  std::ofstream out;
  uint64_t start = 0;    // bytes that were there
  uint64_t written = 0;  // bytes of the file so far
  bool began = false;
  bool interrupted = false;
  bool too_long = false;
  bool unwritable = false;
};

long status_of(CURL* curl) {
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  return status;
}

// A server that ignores the range sends the whole file.
void begin(Transfer& transfer) {
  transfer.began = true;
  const bool continues = transfer.start > 0 && status_of(transfer.curl) == kPartialContent;
  transfer.written = continues ? transfer.start : 0;
  transfer.out.open(transfer.task.part,
                    continues ? std::ios::binary | std::ios::app : std::ios::binary | std::ios::trunc);
}

size_t on_data(const char* data, size_t size, size_t count, void* user) {
  Transfer& transfer = *static_cast<Transfer*>(user);
  const size_t bytes = size * count;
  if (!transfer.began) begin(transfer);
  transfer.too_long = bytes > transfer.task.most - std::min(transfer.task.most, transfer.written);
  if (transfer.too_long) return 0;
  transfer.out.write(data, static_cast<std::streamsize>(bytes));
  transfer.unwritable = !transfer.out;
  transfer.written += bytes;
  return transfer.unwritable ? 0 : bytes;
}

int on_progress(void* user, curl_off_t total, curl_off_t, curl_off_t, curl_off_t) {
  Transfer& transfer = *static_cast<Transfer*>(user);
  if (!transfer.began || !transfer.task.progress) return 0;
  const uint64_t before =
      transfer.written >= transfer.start && status_of(transfer.curl) == kPartialContent ? transfer.start : 0;
  const uint64_t whole = total > 0 ? before + static_cast<uint64_t>(total) : 0;
  transfer.interrupted = !transfer.task.progress(transfer.written, whole);
  return transfer.interrupted ? 1 : 0;
}

void restrict_protocols(CURL* curl) {
#if LIBCURL_VERSION_NUM >= 0x075500
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
#else
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
#endif
}

void set_options(CURL* curl, Transfer& transfer, char* words) {
  restrict_protocols(curl);
  curl_easy_setopt(curl, CURLOPT_URL, transfer.task.url.c_str());
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, words);
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(curl, CURLOPT_MAXREDIRS, kMaxRedirects);
  curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, kSilentSeconds);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "impasto");
  curl_easy_setopt(curl, CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(transfer.start));
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_data);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &transfer);
}

bool worth_another_try(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
      return true;
    default:
      return false;
  }
}

void remove_part(const std::filesystem::path& part) {
  std::error_code ignored;
  std::filesystem::remove(part, ignored);
}

DownloadResult result_of(CURLcode code, Transfer& transfer, const char* words) {
  const long status = status_of(transfer.curl);
  if (transfer.interrupted) return {DownloadEnd::interrupted, "interrupted"};
  if (transfer.too_long)
    return {DownloadEnd::refused, fmt::format("sends more than {} bytes", transfer.task.most)};
  if (code == CURLE_OK) return {DownloadEnd::complete, ""};
  const std::string reason = words[0] != '\0' ? words : curl_easy_strerror(code);
  if (code == CURLE_RANGE_ERROR || status == kRangeNotSatisfiable) {
    remove_part(transfer.task.part);  // what is there is no start of this file
    return {DownloadEnd::broken, "cannot continue what was downloaded before"};
  }
  if (status >= kFirstServerError || worth_another_try(code)) return {DownloadEnd::broken, reason};
  if (status >= kFirstError) return {DownloadEnd::refused, fmt::format("answers with status {}", status)};
  return {DownloadEnd::refused, reason};
}

}  // namespace

bool can_download() {
  return true;
}

DownloadResult download(const Download& task) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  const Handle curl(curl_easy_init(), curl_easy_cleanup);
  if (ready != CURLE_OK || !curl) return {DownloadEnd::refused, "libcurl does not start"};
  std::error_code error;
  const uintmax_t there = std::filesystem::file_size(task.part, error);
  Transfer transfer{task, curl.get(), {}, error ? 0 : there};
  std::array<char, CURL_ERROR_SIZE> words{};
  set_options(curl.get(), transfer, words.data());
  const CURLcode code = curl_easy_perform(curl.get());
  transfer.out.close();
  if (transfer.unwritable || (transfer.began && !transfer.out))
    throw Error(ErrorKind::input, fmt::format("cannot write '{}'; is its disk full?", task.part.string()));
  return result_of(code, transfer, words.data());
}

#else

bool can_download() {
  return false;
}

DownloadResult download(const Download&) {
  return {DownloadEnd::refused, "built without libcurl"};
}

#endif

}  // namespace impasto::network
