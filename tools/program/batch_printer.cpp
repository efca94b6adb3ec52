// A line for each item that has ended, and where the others are in between.
#include "batch_printer.h"

#include "progress_text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>

namespace impasto::cli {
namespace {

using Json = nlohmann::ordered_json;

void print_json(const Json& json) {
  fmt::print(stdout, "{}\n", json.dump(-1, ' ', false, Json::error_handler_t::replace));
  std::fflush(stdout);
}

}  // namespace

BatchPrinter::BatchPrinter(ProgressStyle style, const std::vector<Job>& jobs)
    : style_(style), jobs_(&jobs), line_(style == ProgressStyle::json || style == ProgressStyle::none) {}

void BatchPrinter::start() {
  if (style_ == ProgressStyle::json) print_json({{"event", "batch"}, {"items", jobs_->size()}});
}

void BatchPrinter::update(size_t index, const Progress& progress) {
  const std::string output = (*jobs_)[index].output.string();
  if (style_ == ProgressStyle::json) {
    Json json = Json::parse(progress_json(progress));
    json["item"] = index + 1;
    json["output"] = output;
    print_json(json);
  }
  line_.show(fmt::format("{} of {} items, {}  {}", ended_, jobs_->size(), output, plain_line(progress)));
}

void BatchPrinter::ended(const ItemResult& result) {
  ended_++;
  const std::string output = (*jobs_)[result.index].output.string();
  if (style_ == ProgressStyle::json)
    print_json({{"event", "item"},
                {"item", result.index + 1},
                {"items", jobs_->size()},
                {"output", output},
                {"status", status_name(result.status)},
                {"message", result.message},
                {"code", result.code},
                {"resumed", result.resumed},
                {"iterations", result.run.iterations},
                {"total", result.run.losses.total},
                {"seconds", result.run.seconds},
                {"flicker", result.flicker ? Json(*result.flicker) : Json(nullptr)}});
  if (style_ == ProgressStyle::none && result.status != ItemStatus::failed) return;
  line_.clear();
  const std::string message = result.message.empty() ? "" : ": " + result.message;
  if (style_ != ProgressStyle::json || result.status == ItemStatus::failed)
    fmt::print(stderr, "[{}/{}] {} {}{}{}\n", ended_, jobs_->size(), output, status_name(result.status),
               message, result.flicker ? fmt::format(", flicker {:.2f}", *result.flicker) : "");
}

void BatchPrinter::done(const std::vector<ItemResult>& results) {
  line_.clear();
  if (style_ != ProgressStyle::json) return;
  Json counts = Json::object();
  for (int status = 0; status <= static_cast<int>(ItemStatus::left); status++)
    counts[status_name(ItemStatus(status))] =
        std::count_if(results.begin(), results.end(),
                      [&](const ItemResult& result) { return result.status == ItemStatus(status); });
  print_json({{"event", "batch_done"}, {"items", results.size()}, {"counts", counts}});
}

void BatchPrinter::failed(const Error& error) {
  line_.clear();
  if (style_ == ProgressStyle::json)
    print_json({{"event", "error"}, {"message", error.what()}, {"code", error.exit_code()}});
}

}  // namespace impasto::cli
