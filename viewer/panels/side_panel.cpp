// The numbered steps: photograph, style, paint.
#include "samples.h"
#include "ui.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace impasto::viewer {
namespace {

void heading(Ui& ui, int number, const char* text) {
  ImGui::Dummy({0, ui.px(6)});
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float radius = ui.px(11), height = ImGui::GetTextLineHeight();
  list.AddCircleFilled({at.x + radius, at.y + height / 2}, radius, colour(ui.colours().raised), 24);
  const std::string digit = std::to_string(number);
  const ImVec2 size = ui.fonts.small->CalcTextSizeA(ui.fonts.small->FontSize, FLT_MAX, 0, digit.c_str());
  list.AddText(ui.fonts.small, ui.fonts.small->FontSize,
               {std::round(at.x + radius - size.x / 2), std::round(at.y + height / 2 - size.y / 2)},
               colour(ui.colours().accent), digit.c_str());
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + 2 * radius + ui.px(10));
  ImGui::TextUnformatted(text);
  ImGui::Dummy({0, ui.px(2)});
}

// A picture that fills the square, cropped.
void square(Ui& ui, const NativePicture& picture, ImVec2 from, float side) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 to{from.x + side, from.y + side};
  list.AddRectFilled(from, to, colour(ui.colours().raised), ui.px(6));
  if (picture.buffer == VK_NULL_HANDLE) return;
  const float zoom = side / static_cast<float>(std::min(picture.width, picture.height));
  const float width = static_cast<float>(picture.width) * zoom,
              height = static_cast<float>(picture.height) * zoom;
  const ImVec2 at{from.x + (side - width) / 2, from.y + (side - height) / 2};
  list.PushClipRect(from, to, true);
  ui.renderer->add(list, picture, at, {at.x + width, at.y + height});
  list.PopClipRect();
}

// One picture as a row; true when it is pressed.
bool picture_row(Ui& ui, const std::filesystem::path& file, const char* mark) {
  const float side = ui.px(56);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const bool pressed = ImGui::InvisibleButton(mark, {width, side});
  ui.marks.item(mark);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (ImGui::IsItemHovered())
    list.AddRectFilled(at, {at.x + width, at.y + side}, colour(ui.colours().raised), ui.px(6));
  const FilePicture& picture = ui.pictures->get(file);
  square(ui, picture.picture, at, side);
  const float text = at.x + side + ui.px(12);
  list.PushClipRect(at, {at.x + width, at.y + side}, true);
  list.AddText({text, at.y + ui.px(8)}, colour(ui.colours().text), file.filename().string().c_str());
  const std::string below = !picture.error.empty() ? "cannot be read"
                            : picture.width == 0   ? "reading…"
                                                   : fmt::format("{} × {}", picture.width, picture.height);
  list.AddText(ui.fonts.small, ui.fonts.small->FontSize, {text, at.y + ui.px(31)},
               colour(picture.error.empty() ? ui.colours().muted : ui.colours().warning), below.c_str());
  list.PopClipRect();
  if (!picture.error.empty() && ImGui::IsItemHovered()) ImGui::SetTooltip("%s", picture.error.c_str());
  return pressed;
}

// A place to drop a picture on, or to press.
bool drop_place(Ui& ui, const char* text, const char* mark) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImVec2 size{ImGui::GetContentRegionAvail().x, ui.px(56)};
  const bool pressed = ImGui::InvisibleButton(mark, size);
  ui.marks.item(mark);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 to{at.x + size.x, at.y + size.y};
  if (ImGui::IsItemHovered()) list.AddRectFilled(at, to, colour(ui.colours().raised), ui.px(6));
  list.AddRect(at, to, colour(ui.colours().muted, 0.6f), ui.px(6), 0, ui.px(1));
  const ImVec2 words = ImGui::CalcTextSize(text);
  list.AddText({std::round(at.x + (size.x - words.x) / 2), std::round(at.y + (size.y - words.y) / 2)},
               colour(ui.colours().muted), text);
  return pressed;
}

struct Square {
  ImVec2 at;
  bool pressed = false, pointed_at = false;
};

Square square_button(Ui& ui, const std::string& mark, float side) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const bool pressed = ImGui::InvisibleButton(mark.c_str(), {side, side});
  ui.marks.item(mark);
  return {at, pressed, ImGui::IsItemHovered()};
}

void highlight(Ui& ui, const Square& button, float side, const std::string& words) {
  if (!button.pointed_at) return;
  ImGui::GetWindowDrawList()->AddRect(button.at, {button.at.x + side, button.at.y + side},
                                      colour(ui.colours().accent), ui.px(4), 0, ui.px(2));
  ImGui::SetTooltip("%s", words.c_str());
}

void plus(Ui& ui, float side) {
  const Square button = square_button(ui, "add style", side);
  const ImVec2 middle{button.at.x + side / 2, button.at.y + side / 2};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(button.at, {button.at.x + side, button.at.y + side}, colour(ui.colours().raised),
                     ui.px(6));
  const float arm = ui.px(7);
  list.AddLine({middle.x - arm, middle.y}, {middle.x + arm, middle.y}, colour(ui.colours().text), ui.px(2));
  list.AddLine({middle.x, middle.y - arm}, {middle.x, middle.y + arm}, colour(ui.colours().text), ui.px(2));
  highlight(ui, button, side, "Add a style");
  if (button.pressed) choose_style(ui);
}

// The pictures that ship, as a row of squares; before them, where wanted, one that adds another.
void samples(Ui& ui, const char* kind, bool adds,
             const std::function<void(const std::filesystem::path&)>& chosen) {
  const auto& files = sample_pictures(kind);
  const float gap = ui.px(6), count = float(files.size() + (adds ? 1 : 0));
  const float side = std::min(ui.px(52), (ImGui::GetContentRegionAvail().x - gap * (count - 1)) / count);
  if (adds) plus(ui, side);
  for (size_t i = 0; i < files.size(); ++i) {
    if (adds || i > 0) ImGui::SameLine(0, gap);
    const Square button = square_button(ui, "sample " + files[i].stem().string(), side);
    square(ui, ui.pictures->get(files[i]).picture, button.at, side);
    highlight(ui, button, side, files[i].stem().string());
    if (button.pressed) chosen(files[i]);
  }
}

void content_step(Ui& ui) {
  heading(ui, 1, "Photograph");
  if (!ui.model.job.content.empty()) {
    if (picture_row(ui, ui.model.job.content, "content")) choose_content(ui);
    ui.photograph_from = ImGui::GetItemRectMin();
    ui.photograph_to = ImGui::GetItemRectMax();
    return;
  }
  if (drop_place(ui, "Drop or choose a picture", "content")) choose_content(ui);
  samples(ui, "photographs", false, [&](const auto& file) { ui.model.job.content = file; });
}

// Below a style of several: its weight, and what share of all weights that is.
void share(Ui& ui, StyleInput& style, size_t index) {
  const auto& styles = ui.model.job.styles;
  const double sum = std::accumulate(styles.begin(), styles.end(), 0.0,
                                     [](double s, const StyleInput& each) { return s + each.weight; });
  auto weight = static_cast<float>(style.weight);
  ImGui::SetNextItemWidth(-1);
  const std::string id = "##share" + std::to_string(index);
  const std::string shown = fmt::format("{:.0f} %%", 100 * style.weight / sum);
  if (ImGui::SliderFloat(id.c_str(), &weight, 0.05f, 1, shown.c_str())) style.weight = double(weight);
  ui.marks.item("share " + std::to_string(index));
}

void style_step(Ui& ui) {
  heading(ui, 2, ui.model.job.styles.size() > 1 ? "Styles" : "Style");
  auto& styles = ui.model.job.styles;
  size_t removed = styles.size();
  for (size_t i = 0; i < styles.size(); ++i) {
    const std::string mark = "style " + std::to_string(i);
    if (picture_row(ui, styles[i].file, mark.c_str())) removed = i;
    if (ImGui::IsItemHovered()) ImGui::SetTooltip("Press to remove this style");
    if (styles.size() > 1) share(ui, styles[i], i);
  }
  if (removed < styles.size()) styles.erase(styles.begin() + std::ptrdiff_t(removed));
  if (styles.empty() && drop_place(ui, "Drop or choose a picture", "add style")) choose_style(ui);
  samples(ui, "styles", !styles.empty(), [&](const auto& file) {
    if (styles.size() < 2)
      styles.assign(1, {file, 1});
    else
      styles.push_back({file, 1});
  });
}

// Pause, step and so on, beside each other.
void transport(Ui& ui) {
  const float gap = ImGui::GetStyle().ItemSpacing.x, width = (ImGui::GetContentRegionAvail().x - 2 * gap) / 3;
  ImGui::BeginDisabled(ui.standing.phase != Phase::paused);
  if (ImGui::Button("Step", {width, 0})) ui.painter->step();
  ImGui::EndDisabled();
  ui.marks.item("step");
  ImGui::SameLine();
  if (ImGui::Button("Restart", {width, 0})) start_painting(ui);
  ui.marks.item("restart");
  ImGui::SameLine();
  if (ImGui::Button("Stop", {width, 0})) ui.painter->stop();
  ui.marks.item("stop");
}

void go_step(Ui& ui) {
  heading(ui, 3, "Paint");
  choices(ui);
  const ImVec2 wide{-FLT_MIN, ui.px(42)};
  const Phase phase = ui.standing.phase;
  const bool steered = ui.has_run() && steered_job(ui.standing.job, ui.model.job);
  const bool busy = ui.running() || phase == Phase::done;
  if (busy && !steered) {
    const auto needs = ui.advisor->needs(painting_job(ui.model.job));
    ImGui::BeginDisabled(needs && !needs->error.empty());  // the run that is there would be lost for nothing
    if (accent_button(ui, "Continue with these settings", wide)) continue_painting(ui);
    ImGui::EndDisabled();
  } else if (phase == Phase::painting) {
    if (accent_button(ui, "Pause", wide)) ui.painter->pause();
  } else if (phase == Phase::paused) {
    if (accent_button(ui, "Resume", wide)) ui.painter->resume();
  } else if (phase == Phase::preparing) {
    ImGui::BeginDisabled();
    ImGui::Button("Preparing…", wide);
    ImGui::EndDisabled();
  } else if (phase == Phase::done) {
    if (accent_button(ui, "Save the picture…", wide)) ask_where_to_save(ui);
  } else {
    ImGui::BeginDisabled(!ui.model.complete());
    if (accent_button(ui, "Paint", wide)) start_painting(ui);
    ImGui::EndDisabled();
  }
  ui.marks.item("go");
  if (busy) transport(ui);
}

}  // namespace

void side_panel(Ui& ui, ImVec2 from, ImVec2 to) {
  begin_region(ui, "side", from, to, ui.colours().panel, true);
  ui.marks.area("side", from, to);
  menu(ui);
  content_step(ui);
  style_step(ui);
  go_step(ui);
  steering(ui);
  ImGui::End();
}

}  // namespace impasto::viewer
