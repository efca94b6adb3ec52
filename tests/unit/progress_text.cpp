// What people and machines are told about a run, snapshots' names, and NumPy's format.
#include "progress_text.h"

#include "byte_text.h"
#include "catch.h"
#include "impasto/error.h"
#include "npy.h"
#include "progress_printer.h"
#include "snapshots.h"
#include "support/weights.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>

using namespace impasto;
using namespace impasto::cli;
using test::contains;

namespace {

Progress halfway() {
  Progress progress;
  progress.iteration = 50;
  progress.iterations = 100;
  progress.width = 64;
  progress.height = 48;
  progress.losses.total = 1234.5;
  progress.iterations_per_second = 0.5;
  progress.eta_seconds = 100;
  return progress;
}

}  // namespace

TEST_CASE("Durations are written as clocks are") {
  CHECK(duration_text(0) == "0:00");
  CHECK(duration_text(59.6) == "1:00");
  CHECK(duration_text(3723) == "1:02:03");
  CHECK(duration_text(-1) == "-");
  CHECK(duration_text(std::numeric_limits<double>::quiet_NaN()) == "-");
  CHECK(duration_text(std::numeric_limits<double>::infinity()) == "-");
}

TEST_CASE("The bar fits every terminal") {
  const Progress progress = halfway();
  CHECK_THAT(bar_line(progress, 200),
             contains("[##########..........] 50/100  2 s/it  1:40 left  total 1234"));
  for (const int columns : {-1, 0, 1, 2, 40, 80})
    CHECK(bar_line(progress, columns).size() <= size_t(std::max(columns - 1, 1)));
  Progress empty;
  CHECK_THAT(bar_line(empty, 80), contains("[....................] 0/0"));
}

TEST_CASE("A line of the log names the scale when there are several") {
  Progress progress = halfway();
  CHECK_THAT(plain_line(progress), contains("iteration 50/100  64x48  total 1234.5"));
  progress.scales = 2;
  CHECK_THAT(plain_line(progress), contains("64x48 (1/2)"));
}

TEST_CASE("Where no rate is known, nothing is said of the time that is left") {
  Progress progress = halfway();
  progress.iterations_per_second = progress.eta_seconds = 0;
  CHECK_THAT(plain_line(progress), contains("  - it/s  - left"));
  CHECK_THAT(bar_line(progress, 200), contains("  - it/s  - left"));
  progress.iteration = progress.iterations;
  CHECK_THAT(plain_line(progress), contains("  0:00 left"));
}

TEST_CASE("A JSON line has the promised fields and stays JSON when a loss is not a number") {
  Progress progress = halfway();
  progress.losses.style = std::numeric_limits<double>::quiet_NaN();
  const std::string line = progress_json(progress);
  CHECK(line.find('\n') == std::string::npos);
  const nlohmann::json json = nlohmann::json::parse(line);
  CHECK(json.at("event") == "progress");
  for (const char* field : {"iteration", "iterations", "scale", "content", "style", "tv", "total", "seconds",
                            "eta_seconds", "iterations_per_second", "device_bytes"})
    CHECK(json.contains(field));
  CHECK(json.at("style").is_null());
}

TEST_CASE("The style of progress follows flag, quiet and terminal") {
  CHECK(progress_style("auto", false, true) == ProgressStyle::bar);
  CHECK(progress_style("auto", false, false) == ProgressStyle::lines);
  CHECK(progress_style("auto", true, true) == ProgressStyle::none);
  CHECK(progress_style("json", true, true) == ProgressStyle::json);
  CHECK(progress_style("none", false, true) == ProgressStyle::none);
  CHECK_THROWS_WITH(progress_style("bra", false, true), contains("nearest is \"bar\""));
}

TEST_CASE("Snapshots stand beside the result and are not overwritten") {
  CHECK(snapshot_file("dir/result.png", 100) == std::filesystem::path("dir/result_100.png"));
  CHECK(snapshot_file("a.b.jpg", 1) == "a.b_1.jpg");
  const test::TemporaryFolder folder;
  Job job;
  job.output = folder.path() / "result.png";
  job.save_every = 10;
  CHECK_NOTHROW(check_snapshots(job, 30));
  test::write_bytes(folder.path() / "result_30.png", "");  // the result's own place, no snapshot
  CHECK_NOTHROW(check_snapshots(job, 30));
  test::write_bytes(folder.path() / "result_20.png", "");
  CHECK_THROWS_WITH(check_snapshots(job, 30), contains("result_20.png"));
  job.overwrite = true;
  CHECK_NOTHROW(check_snapshots(job, 30));
}

TEST_CASE("Snapshots are taken as the job says and where the recipe's authors do") {
  Job job;
  job.recipe = find_recipe("adam-tv");
  CHECK(is_snapshot(job, 9000));
  CHECK_FALSE(is_snapshot(job, 8000));
  job.save_every = 8000;
  CHECK(is_snapshot(job, 8000));
  CHECK(is_snapshot(job, 9000));
  const test::TemporaryFolder folder;
  job.output = folder.path() / "result.png";
  test::write_bytes(folder.path() / "result_9000.png", "");
  CHECK_NOTHROW(check_snapshots(job, 9000));
  CHECK_THROWS_WITH(check_snapshots(job, 9001), contains("result_9000.png"));
}

TEST_CASE("A NumPy file has an aligned header of version 1.0") {
  const std::string bytes = npy_bytes(1, 2, {1, 2, 3, 4, 5, -2});
  REQUIRE(bytes.size() % 64 == 6 * 4);
  CHECK(bytes.substr(0, 8) == std::string("\x93NUMPY\x01\x00", 8));
  const size_t header = static_cast<unsigned char>(bytes[8]) + 256u * static_cast<unsigned char>(bytes[9]);
  CHECK(10 + header + 24 == bytes.size());
  CHECK(bytes[10 + header - 1] == '\n');
  CHECK_THAT(bytes, contains("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 3), }"));
  CHECK(bytes.substr(bytes.size() - 4) == std::string("\0\0\0\xc0", 4));
}

TEST_CASE("Bytes are written in binary units") {
  CHECK(byte_text(0) == "0 B");
  CHECK(byte_text(1023) == "1023 B");
  CHECK(byte_text(1536) == "1.5 KiB");
  CHECK(byte_text(uint64_t{200} << 30) == "200 GiB");
}
