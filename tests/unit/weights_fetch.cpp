// Fetching from servers that break off, lie, serve something else or send elsewhere.
#include "catch.h"
#include "impasto/error.h"
#include "network/digest.h"
#include "network/download.h"
#include "network/fetch.h"
#include "support/files.h"
#include "support/fixtures.h"
#include "support/http_server.h"
#include "support/skip.h"
#include "support/weights.h"

#include <algorithm>
#include <mutex>

#define IMPASTO_REQUIRE_SERVER()                                                         \
  IMPASTO_REQUIRE_FIXTURES();                                                            \
  if (!network::can_download() || !network::has_digests() || !test::has_http_server()) { \
    impasto::test::skip("this build has no libcurl, no libcrypto or no test server");    \
    return;                                                                              \
  }

using namespace impasto;
using test::contains;
using test::HttpAnswer;
using test::HttpRequest;
using test::serve;

namespace {

namespace fs = std::filesystem;

std::string content() {
  return test::read_text(test::weight_fixtures() / "keras_notop.h5");
}

network::PublicFile public_file(const std::vector<std::string>& urls) {
  const std::string bytes = content();
  network::PublicFile file;
  file.model = "vgg16";
  file.name = "weights.h5";
  file.urls = urls;
  file.license = "free";
  file.bytes = bytes.size();
  file.hash = network::digest(std::as_bytes(std::span(bytes)), network::DigestKind::sha256);
  return file;
}

// One server, one folder, and what the server was asked.
struct Setting {
  std::mutex mutex;
  std::vector<HttpRequest> requests;
  test::TemporaryFolder folder;
  test::HttpServer server;

  explicit Setting(const std::function<HttpAnswer(const HttpRequest&, size_t)>& answer)
      : server([this, answer](const HttpRequest& request) {
          const std::lock_guard lock(mutex);
          requests.push_back(request);
          return answer(request, requests.size());
        }) {}

  fs::path installed() const { return folder.path() / "vgg16.safetensors"; }
  fs::path part() const { return folder.path() / "weights.h5.part"; }

  fs::path fetch(const network::PublicFile& file, const FetchOptions& options = {}) {
    return network::fetch({file}, folder.path(), options);
  }
  fs::path fetch_from(const std::vector<std::string>& paths) {
    std::vector<std::string> urls;
    urls.reserve(paths.size());
    for (const std::string& path : paths) urls.push_back(server.url(path));
    return fetch(public_file(urls));
  }

  // Nothing but the installed file may be left.
  void check_installed() const {
    CHECK(verify_weights(installed()).convention == "caffe-bgr-mean");
    CHECK(verify_weights(installed()).license == "free");
    CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) == 1);
  }
};

}  // namespace

TEST_CASE("A good server gives the file at once, and no server is asked again") {
  IMPASTO_REQUIRE_SERVER();
  Setting setting([](const HttpRequest& request, size_t) { return serve(content(), request); });
  CHECK(setting.fetch_from({"/a"}) == setting.installed());
  setting.check_installed();
  CHECK(setting.fetch_from({"/a"}) == setting.installed());
  CHECK(setting.requests.size() == 1);
  CHECK(!setting.requests[0].has_range);
}

TEST_CASE("A connection that breaks off is continued where it broke") {
  IMPASTO_REQUIRE_SERVER();
  Setting setting([](const HttpRequest& request, size_t number) {
    HttpAnswer answer = serve(content(), request);
    if (number > 2) return answer;
    answer.claimed_length = static_cast<int64_t>(answer.body.size());
    answer.body.resize(answer.body.size() / 2);
    return answer;
  });
  setting.fetch_from({"/a"});
  setting.check_installed();
  REQUIRE(setting.requests.size() == 3);
  CHECK(setting.requests[1].range_start == content().size() / 2);
  CHECK(setting.requests[2].range_start > setting.requests[1].range_start);
}

TEST_CASE("A server that always breaks off leaves the start for the next time") {
  IMPASTO_REQUIRE_SERVER();
  bool breaks = true;
  Setting setting([&](const HttpRequest& request, size_t) {
    HttpAnswer answer = serve(content(), request);
    if (!breaks) return answer;
    answer.claimed_length = static_cast<int64_t>(answer.body.size());
    answer.body.resize(answer.body.size() / 4);
    return answer;
  });
  CHECK_THROWS_WITH(setting.fetch_from({"/a"}), contains("vgg16 could not be fetched") && contains("/a"));
  CHECK(!fs::exists(setting.installed()));
  REQUIRE(fs::exists(setting.part()));
  const uint64_t before = fs::file_size(setting.part());
  const size_t asked = setting.requests.size();
  breaks = false;
  setting.fetch_from({"/a"});
  setting.check_installed();
  CHECK(setting.requests.at(asked).range_start == before);
}

TEST_CASE("A server that knows no ranges sends the whole again") {
  IMPASTO_REQUIRE_SERVER();
  Setting setting([](const HttpRequest&, size_t number) {
    HttpAnswer answer{200, {}, content()};
    answer.claimed_length = static_cast<int64_t>(answer.body.size());
    if (number == 1) answer.body.resize(100);
    return answer;
  });
  setting.fetch_from({"/a"});
  setting.check_installed();
}

TEST_CASE("A wrong file gets no name, and the next mirror is asked") {
  IMPASTO_REQUIRE_SERVER();
  Setting setting([](const HttpRequest& request, size_t) {
    std::string bytes = content();
    if (request.path == "/wrong") bytes[100] ^= 1;
    return serve(bytes, request);
  });
  CHECK_THROWS_WITH(setting.fetch_from({"/wrong"}), contains("has the hash"));
  CHECK(fs::is_empty(setting.folder.path()));
  setting.fetch_from({"/wrong", "/right"});
  setting.check_installed();
}

TEST_CASE("A start that belongs to another file is thrown away") {
  IMPASTO_REQUIRE_SERVER();
  const std::string leftover =
      GENERATE(std::string(100, 'x'), std::string(18976, 'x'), std::string(30000, 'x'));
  Setting setting([](const HttpRequest& request, size_t) { return serve(content(), request); });
  test::write_bytes(setting.part(), leftover);
  INFO(leftover.size());
  setting.fetch_from({"/a"});
  setting.check_installed();
}

TEST_CASE("Lies about the length are found") {
  IMPASTO_REQUIRE_SERVER();
  Setting setting([](const HttpRequest& request, size_t) {
    HttpAnswer answer = serve(content(), request);
    if (request.path == "/short") answer.claimed_length = 100;
    if (request.path == "/long") answer.claimed_length = static_cast<int64_t>(answer.body.size()) + 100;
    if (request.path == "/endless") answer.body += std::string(100'000, 'x');
    if (request.path == "/silent") answer.sends_length = false;
    return answer;
  });
  CHECK_THROWS_WITH(setting.fetch_from({"/short"}), contains("has 100 bytes instead of 18976"));
  CHECK_THROWS_WITH(setting.fetch_from({"/endless"}), contains("sends more than 18976 bytes"));
  fs::remove(setting.part());
  setting.fetch_from({"/silent"});
  setting.check_installed();
  fs::remove(setting.installed());
  setting.fetch_from({"/long"});  // all of it came
  setting.check_installed();
}

TEST_CASE("Redirects are followed, but not for ever and not to files") {
  IMPASTO_REQUIRE_SERVER();
  Setting setting([](const HttpRequest& request, size_t) -> HttpAnswer {
    if (request.path == "/there") return serve(content(), request);
    if (request.path == "/here") return {302, {"Location: /there"}, "look there"};
    if (request.path == "/file") return {302, {"Location: file:///etc/passwd"}, ""};
    return {302, {"Location: /loop"}, ""};
  });
  setting.fetch_from({"/here"});
  setting.check_installed();
  fs::remove(setting.installed());
  CHECK_THROWS_WITH(setting.fetch_from({"/loop"}), contains("redirect"));
  CHECK_THROWS_AS(setting.fetch_from({"/file"}), Error);
  CHECK(fs::is_empty(setting.folder.path()));
}

TEST_CASE("A missing file and a missing server are said so") {
  IMPASTO_REQUIRE_SERVER();
  Setting setting([](const HttpRequest&, size_t) { return HttpAnswer{404, {}, "not here"}; });
  CHECK_THROWS_WITH(setting.fetch_from({"/a"}), contains("404"));
  CHECK(setting.requests.size() == 1);
  CHECK_THROWS_AS(setting.fetch(public_file({"http://127.0.0.1:1/a"})), Error);
  CHECK(fs::is_empty(setting.folder.path()));
}

TEST_CASE("Progress is told and can stop the download, which goes on later") {
  IMPASTO_REQUIRE_SERVER();
  Setting setting([](const HttpRequest& request, size_t) { return serve(content(), request); });
  const network::PublicFile file = public_file({setting.server.url("/a")});
  FetchOptions options;
  options.progress = [](const FetchProgress& progress) {
    CHECK(progress.total == 18976);
    return false;
  };
  try {
    setting.fetch(file, options);
    FAIL("went on");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::interrupted);
  }
  CHECK(!fs::exists(setting.installed()));
  uint64_t most = 0;
  options.progress = [&](const FetchProgress& progress) {
    most = std::max(most, progress.bytes);
    return true;
  };
  setting.fetch(file, options);
  setting.check_installed();
  CHECK((most == 0 || most == 18976));  // nothing is told when all had come already
}

TEST_CASE("A file that somebody downloaded by hand is taken when it is the right one") {
  IMPASTO_REQUIRE_SERVER();
  Setting setting([](const HttpRequest&, size_t) { return HttpAnswer{404, {}, ""}; });
  std::string bytes = content();
  bytes[0] ^= 1;
  test::write_bytes(setting.folder.path() / "weights.h5", bytes);
  CHECK_THROWS_WITH(setting.fetch_from({"/a"}), contains("weights.h5 has the hash"));
  CHECK(fs::exists(setting.folder.path() / "weights.h5"));
  test::write_bytes(setting.folder.path() / "weights.h5", content());
  setting.fetch_from({"/a"});
  setting.check_installed();
  CHECK(setting.requests.empty());
}

TEST_CASE("Hashes of the published kinds are compared") {
  IMPASTO_REQUIRE_SERVER();
  Setting setting([](const HttpRequest& request, size_t) { return serve(content(), request); });
  const std::string bytes = content();
  network::PublicFile file = public_file({setting.server.url("/a")});
  file.bytes = 0;
  file.kind = network::HashKind::sha256_start;
  file.hash.resize(8);
  setting.fetch(file);
  setting.check_installed();
  fs::remove(setting.installed());
  file.kind = network::HashKind::md5;
  CHECK_THROWS_WITH(setting.fetch(file), contains("has the hash"));
  file.hash = network::digest(std::as_bytes(std::span(bytes)), network::DigestKind::md5);
  setting.fetch(file);
  setting.check_installed();
}

TEST_CASE("Digests are those of the standards") {
  IMPASTO_REQUIRE_SERVER();
  const std::string text = "abc";  // FIPS 180-4 and RFC 1321
  CHECK(network::digest(std::as_bytes(std::span(text)), network::DigestKind::sha256) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(network::digest(std::as_bytes(std::span(text)), network::DigestKind::md5) ==
        "900150983cd24fb0d6963f7d28e17f72");
}

TEST_CASE("The list of public files makes sense") {
  for (const network::PublicFile& file : network::public_files()) {
    INFO(file.name);
    const size_t digits = file.kind == network::HashKind::sha256 ? 64
                          : file.kind == network::HashKind::md5  ? 32
                                                                 : 8;
    CHECK(file.hash.size() == digits);
    CHECK(file.hash.find_first_not_of("0123456789abcdef") == std::string::npos);
    CHECK(!file.license.empty());
    REQUIRE(!file.urls.empty());
    for (const std::string& url : file.urls) CHECK(url.ends_with("/" + file.name));
  }
  CHECK_THROWS_WITH(fetch_weights("vgg91"), contains("\"vgg91\"") && contains("nearest is \"vgg19\""));
}
