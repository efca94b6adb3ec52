// Collects a frame's marks and writes them as JSON.
#include "marks.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>
#include <system_error>

namespace impasto::viewer {
namespace {

constexpr std::chrono::milliseconds kBetween{50};

}  // namespace

void Marks::begin() {
  areas_.clear();
  texts_.clear();
  numbers_.clear();
}

void Marks::item(const std::string& name) {
  area(name, ImGui::GetItemRectMin(), ImGui::GetItemRectMax());
}
void Marks::area(const std::string& name, ImVec2 from, ImVec2 to) {
  if (!file_.empty()) areas_[name] = {from.x, from.y, to.x, to.y};
}
void Marks::fact(const std::string& name, const std::string& value) {
  texts_[name] = value;
}
void Marks::fact(const std::string& name, double value) {
  numbers_[name] = value;
}

void Marks::write() {
  const auto now = std::chrono::steady_clock::now();
  if (file_.empty() || now - last_ < kBetween) return;
  nlohmann::json json;
  for (const auto& [name, at] : areas_) json["areas"][name] = {at.x, at.y, at.z, at.w};
  for (const auto& [name, text] : texts_) json[name] = text;
  for (const auto& [name, number] : numbers_)
    json[name] = std::isfinite(number) ? nlohmann::json(number) : nlohmann::json(nullptr);
  const std::string text = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  if (text == written_) return;
  // By rename, so that it is read whole; without waiting for the medium, because nobody needs it there.
  const std::filesystem::path fresh = file_.string() + ".new";
  std::ofstream(fresh, std::ios::binary) << text;
  std::error_code ignored;
  std::filesystem::rename(fresh, file_, ignored);
  written_ = text;
  last_ = now;
}

}  // namespace impasto::viewer
