// Files that appear whole or not at all.
#include "base/atomic_file.h"

#include "catch.h"
#include "impasto/error.h"
#include "impasto/image.h"
#include "support/files.h"
#include "support/picture_file.h"
#include "support/weights.h"

#include <string_view>

#if __has_include(<sys/resource.h>)
#include <csignal>
#include <sys/resource.h>
#endif

using namespace impasto;
using namespace impasto::test;

namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

}  // namespace

TEST_CASE("Nothing is there under the name before the commit, everything after it") {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "a.bin";
  AtomicFile atomic(file, false);
  atomic.write(bytes_of("one "));
  atomic.write({});
  atomic.write(bytes_of("two"));
  CHECK_FALSE(std::filesystem::exists(file));
  CHECK(entries(folder.path()).size() == 1);
  atomic.commit();
  CHECK(read_text(file) == "one two");
  CHECK(entries(folder.path()) == std::vector<std::string>{"a.bin"});
}

TEST_CASE("Without a commit nothing stays") {
  const TemporaryFolder folder;
  write_bytes(folder.path() / "a.bin", "old");
  {
    AtomicFile atomic(folder.path() / "a.bin", true);
    atomic.write(bytes_of("new"));
  }
  CHECK(read_text(folder.path() / "a.bin") == "old");
  CHECK(entries(folder.path()).size() == 1);
}

TEST_CASE("A file that appears in the meantime is kept") {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "a.bin";
  AtomicFile atomic(file, false);
  atomic.write(bytes_of("new"));
  write_bytes(file, "precious");
  CHECK_THAT(refusal(ErrorKind::input, [&] { atomic.commit(); }), contains("already exists"));
  CHECK(read_text(file) == "precious");
  CHECK(entries(folder.path()) == std::vector<std::string>{"a.bin"});
}

TEST_CASE("The folder and the kind of the target are checked at once") {
  const TemporaryFolder folder;
  write_bytes(folder.path() / "file", "x");
  const auto refuse = [](const std::filesystem::path& file) {
    return refusal(ErrorKind::input, [&] { const AtomicFile atomic(file, true); });
  };
  CHECK_THAT(refuse(folder.path() / "no" / "a"), contains("does not exist"));
  CHECK_THAT(refuse(folder.path() / "file" / "a"), contains("does not exist"));
  CHECK_THAT(refuse(folder.path()), contains("folder"));
  CHECK_THAT(refuse("/dev/null"), contains("not a regular file"));
  CHECK_THAT(refuse(folder.path() / std::string(400, 'x')), contains("too long"));
  CHECK(entries(folder.path()).size() == 1);
}

#if __has_include(<sys/resource.h>)
TEST_CASE("Where no more bytes can be written, the error is clear and nothing stays") {
  const TemporaryFolder folder;
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit tight{200, before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_FSIZE, &tight) == 0);
  std::string what;
  try {
    save_image(folder.path() / "a.png", coloured_noise(64, 64, 1));
  } catch (const Error& error) {
    what = error.what();
  }
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  CHECK_THAT(what, contains("no file this large"));
  CHECK(entries(folder.path()).empty());
}
#endif
