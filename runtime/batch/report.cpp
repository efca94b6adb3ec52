// What became of a batch, for programs and for people.
#include "base/atomic_file.h"
#include "impasto/batch.h"
#include "impasto/error.h"
#include "impasto/image.h"

#include <OpenImageIO/imagebuf.h>
#include <OpenImageIO/imagebufalgo.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <span>

namespace impasto {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kThumbnail = 160;  // pixels of the longest side
constexpr int kMargin = 8;
constexpr int kLabel = 18;  // height of a line of text
constexpr size_t kMostOnSheet = 1000;

struct Row {
  const Job* job;
  const ItemResult* result;
  std::string output;     // as the folder sees it
  std::string thumbnail;  // likewise; empty when there is no picture
  Image small;
};

Image thumbnail_of(const fs::path& file) {
  const Image image = load_image(file);
  const double scale = double(kThumbnail) / std::max(image.width, image.height);
  const auto side = [&](int length) { return std::max(1, static_cast<int>(std::lround(length * scale))); };
  return resample(image, side(image.width), side(image.height), Filter::bicubic);
}

Row row_of(const Job& job, const ItemResult& result, const fs::path& folder) {
  Row row{&job, &result, job.output.lexically_proximate(folder).generic_string(), "", {}};
  std::error_code ignored;
  if (!fs::exists(job.output, ignored)) return row;
  try {
    row.small = thumbnail_of(job.output);
    row.thumbnail = fmt::format("thumbnails/{}.jpg", result.index + 1);
    SaveOptions options;
    options.overwrite = true;
    save_image(folder / row.thumbnail, row.small, options);
  } catch (const Error&) {
    row.thumbnail.clear();  // somebody else's file of that name need not be a picture
  }
  return row;
}

Json json_of(const Row& row) {
  const ItemResult& result = *row.result;
  return {{"index", result.index + 1},
          {"output", row.output},
          {"status", status_name(result.status)},
          {"message", result.message},
          {"code", result.code},
          {"resumed", result.resumed},
          {"iterations", result.run.iterations},
          {"width", result.run.width},
          {"height", result.run.height},
          {"losses",
           {{"content", result.run.losses.content},
            {"style", result.run.losses.style},
            {"tv", result.run.losses.tv},
            {"temporal", result.run.losses.temporal},
            {"total", result.run.losses.total}}},
          {"seconds", result.run.seconds},
          {"flicker", result.flicker ? Json(*result.flicker) : Json(nullptr)},
          {"device", result.run.device},
          {"job", Json::parse(job_to_json(*row.job))}};
}

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '&':
        result += "&amp;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

// Of a link: what a file may be called but an address may not.
std::string address(const std::string& path) {
  std::string result;
  for (const unsigned char c : path)
    result += std::isalnum(c) || std::string_view("/-_.~").find(char(c)) != std::string_view::npos
                  ? std::string(1, char(c))
                  : fmt::format("%{:02X}", c);
  return result;
}

std::string html_row(const Row& row) {
  const ItemResult& result = *row.result;
  const std::string picture = row.thumbnail.empty()
                                  ? ""
                                  : fmt::format("<a href=\"{}\"><img src=\"{}\" alt=\"\"></a>",
                                                address(row.output), address(row.thumbnail));
  return fmt::format(
      "<tr class=\"{}\"><td>{}</td><td>{}<br><small>{}, {}; {}, style weight {:g}, content weight {:g}, seed "
      "{}</small></td><td>{}{}</td>"
      "<td>{}x{}</td><td>{}</td><td>{:.6g}</td><td>{:.6g}</td><td>{:.6g}</td><td>{:.1f}</td></tr>\n",
      status_name(result.status), picture, escaped(row.output), escaped(row.job->content.filename().string()),
      escaped(row.job->styles.at(0).file.filename().string()), escaped(row.job->recipe.name),
      job_recipe(*row.job).style_weight, row.job->recipe.content_weight, row.job->seed,
      status_name(result.status), result.message.empty() ? "" : ": " + escaped(result.message),
      result.run.width, result.run.height, result.run.iterations, result.run.losses.total,
      result.run.losses.content, result.run.losses.style, result.run.seconds);
}

std::string html_of(const std::vector<Row>& rows) {
  std::string text =
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Impasto: a "
      "batch</title><style>\n"
      "body{font:14px sans-serif;margin:2em}table{border-collapse:collapse}td,th{padding:6px "
      "10px;text-align:left;border-bottom:1px solid "
      "#ddd;vertical-align:top}img{max-width:160px;display:block}.failed{background:#fdecea}small{color:#666}"
      "</style></head><body>\n"
      "<table><tr><th></th><th>item</th><th>status</th><th>size</th><th>iterations</th><th>total</"
      "th><th>content</th><th>style</th>"
      "<th>seconds</th></tr>\n";
  for (const Row& row : rows) text += html_row(row);
  return text + "</table></body></html>\n";
}

void write_text(const fs::path& file, const std::string& text) {
  write_file(file, std::as_bytes(std::span(text)), true);
}

// Without a font that the picture library finds there are no labels.
void write_label(OIIO::ImageBuf& sheet, int x, int y, const std::string& text) {
  constexpr std::array kFonts{"DejaVuSans", "LiberationSans-Regular", "NotoSans-Regular", "DroidSans",
                              "Arial"};
  constexpr size_t kMostLetters = 26;  // in the width of a cell
  const std::string shortened = text.size() <= kMostLetters ? text : text.substr(0, kMostLetters - 1) + "…";
  const std::array<float, 3> black{0, 0, 0};
  for (const char* font : kFonts) {
    if (OIIO::ImageBufAlgo::render_text(sheet, x, y, shortened, 11, font,
                                        OIIO::cspan<float>(black.data(), 3)))
      return;
    static_cast<void>(sheet.geterror());
  }
}

void write_sheet(const std::vector<Row>& rows, const fs::path& file) {
  std::vector<const Row*> shown;
  shown.reserve(std::min(rows.size(), kMostOnSheet));
  for (const Row& row : rows)
    if (!row.thumbnail.empty() && shown.size() < kMostOnSheet) shown.push_back(&row);
  if (shown.empty()) return;
  const int columns = std::min<int>(static_cast<int>(std::ceil(std::sqrt(double(shown.size())))), 12);
  const int lines = (static_cast<int>(shown.size()) + columns - 1) / columns;
  const int cell_width = kThumbnail + kMargin, cell_height = kThumbnail + kLabel + kMargin;
  OIIO::ImageBuf sheet(OIIO::ImageSpec(columns * cell_width + kMargin, lines * cell_height + kMargin, 3,
                                       OIIO::TypeDesc::FLOAT));
  const std::array<float, 3> white{1, 1, 1};
  OIIO::ImageBufAlgo::fill(sheet, OIIO::cspan<float>(white.data(), 3));
  for (size_t i = 0; i < shown.size(); ++i) {
    const Image& small = shown[i]->small;
    const int x = kMargin + int(i) % columns * cell_width, y = kMargin + int(i) / columns * cell_height;
    const int left = x + (kThumbnail - small.width) / 2, top = y + (kThumbnail - small.height) / 2;
    sheet.set_pixels(OIIO::ROI(left, left + small.width, top, top + small.height, 0, 1, 0, 3),
                     OIIO::TypeDesc::FLOAT, small.rgb.data());
    write_label(sheet, x, y + kThumbnail + kLabel - 5, fs::path(shown[i]->output).stem().string());
  }
  Image picture;
  picture.width = sheet.spec().width;
  picture.height = sheet.spec().height;
  picture.rgb.resize(size_t(picture.width) * size_t(picture.height) * 3);
  sheet.get_pixels(sheet.roi(), OIIO::TypeDesc::FLOAT, picture.rgb.data());
  SaveOptions options;
  options.overwrite = true;
  save_image(file, picture, options);
}

}  // namespace

const char* status_name(ItemStatus status) {
  static constexpr std::array kNames{"done", "existed", "taken", "failed", "interrupted", "left"};
  return kNames[static_cast<size_t>(status)];
}

void write_batch_report(const std::vector<Job>& jobs, const std::vector<ItemResult>& results,
                        const fs::path& folder) {
  std::error_code ignored;  // what is wrong shows when a file is made
  fs::create_directories(folder / "thumbnails", ignored);
  std::vector<Row> rows;
  rows.reserve(results.size());
  for (const ItemResult& result : results) rows.push_back(row_of(jobs.at(result.index), result, folder));
  Json items = Json::array();
  for (const Row& row : rows) items.push_back(json_of(row));
  write_text(folder / "report.json",
             Json{{"items", items}}.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  write_text(folder / "report.html", html_of(rows));
  write_sheet(rows, folder / "contact-sheet.png");
}

}  // namespace impasto
