// The picture: fitted in or as large as one likes, moved by dragging, wiped against the photograph, with the style beside it.
#include "ui.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace impasto::viewer {
namespace {

constexpr float kMostZoom = 32;
constexpr float kLeastZoom = 0.02f;
constexpr float kWheelStep = 1.25f;
constexpr float kStep = 1.5f;  // of keys and buttons
constexpr float kMargin = 24;

struct Placed {
  ImVec2 from, to;
  float zoom = 1;
};

const NativePicture& shown(Ui& ui) {
  if (ui.looked_at && ui.looked_picture.buffer != VK_NULL_HANDLE) return ui.looked_picture;
  if (ui.standing.picture.buffer != VK_NULL_HANDLE) return ui.standing.picture;
  static const NativePicture none;
  return ui.model.job.content.empty() ? none : ui.pictures->get(ui.model.job.content).picture;
}

Placed place(const View& view, const NativePicture& picture, ImVec2 from, ImVec2 to) {
  const float width = static_cast<float>(picture.width), height = static_cast<float>(picture.height);
  Placed placed;
  const float fit = std::min((to.x - from.x) / width, (to.y - from.y) / height);
  placed.zoom = view.zoom > 0 ? view.zoom : fit;
  const ImVec2 middle{(from.x + to.x) / 2, (from.y + to.y) / 2};
  const ImVec2 centre = view.zoom > 0 ? view.centre : ImVec2{0.5f, 0.5f};
  placed.from = {std::round(middle.x - centre.x * width * placed.zoom),
                 std::round(middle.y - centre.y * height * placed.zoom)};
  placed.to = {placed.from.x + width * placed.zoom, placed.from.y + height * placed.zoom};
  return placed;
}

// The point of the picture under the mouse stays there.
void zoom_to(View& view, const Placed& placed, float zoom, ImVec2 from, ImVec2 to, ImVec2 mouse) {
  const ImVec2 size{placed.to.x - placed.from.x, placed.to.y - placed.from.y};
  const ImVec2 at{(mouse.x - placed.from.x) / size.x, (mouse.y - placed.from.y) / size.y};
  const float grown = zoom / placed.zoom;
  const ImVec2 middle{(from.x + to.x) / 2, (from.y + to.y) / 2};
  view.centre = {at.x + (middle.x - mouse.x) / (size.x * grown),
                 at.y + (middle.y - mouse.y) / (size.y * grown)};
  view.zoom = zoom;
}

void navigate(Ui& ui, const Placed& placed, ImVec2 from, ImVec2 to) {
  View& view = ui.view;
  const ImGuiIO& io = ImGui::GetIO();
  if (ImGui::IsItemHovered() && io.MouseWheel != 0) {
    const float zoom = std::clamp(placed.zoom * std::pow(kWheelStep, io.MouseWheel), kLeastZoom, kMostZoom);
    zoom_to(view, placed, zoom, from, to, io.MousePos);
  }
  if (const int steps = std::exchange(view.zoom_steps, 0); steps != 0) {
    const float zoom = std::clamp(placed.zoom * std::pow(kStep, float(steps)), kLeastZoom, kMostZoom);
    zoom_to(view, placed, zoom, from, to, {(from.x + to.x) / 2, (from.y + to.y) / 2});
  }
  if (ImGui::IsItemHovered() && ImGui::IsMouseDoubleClicked(0)) {
    if (view.zoom > 0)
      view.zoom = 0;
    else
      zoom_to(view, placed, 1, from, to, io.MousePos);
  }
  if (!ImGui::IsItemActive() || !ImGui::IsMouseDragging(0, 0)) return;
  const float x = io.MouseDelta.x / (placed.to.x - placed.from.x);
  const float y = io.MouseDelta.y / (placed.to.y - placed.from.y);
  if (view.wipe && view.zoom == 0) {
    view.wipe_at = std::clamp((io.MousePos.x - placed.from.x) / (placed.to.x - placed.from.x), 0.0f, 1.0f);
  } else {
    if (view.zoom == 0) view.zoom = placed.zoom;
    view.centre = {std::clamp(view.centre.x - x, 0.0f, 1.0f), std::clamp(view.centre.y - y, 0.0f, 1.0f)};
  }
}

void label(const Ui& ui, ImDrawList& list, ImVec2 at, const char* text, bool right) {
  const ImVec2 size = ui.fonts.small->CalcTextSizeA(ui.fonts.small->FontSize, FLT_MAX, 0, text);
  const ImVec2 pad{ui.px(8), ui.px(4)};
  const ImVec2 from{right ? at.x - size.x - 2 * pad.x : at.x, at.y};
  list.AddRectFilled(from, {from.x + size.x + 2 * pad.x, from.y + size.y + 2 * pad.y}, IM_COL32(0, 0, 0, 170),
                     ui.px(4));
  list.AddText(ui.fonts.small, ui.fonts.small->FontSize, {from.x + pad.x, from.y + pad.y},
               IM_COL32(240, 238, 234, 255), text);
}

// Left of the line the photograph, right of it what is painted.
void draw_wipe(Ui& ui, ImDrawList& list, const NativePicture& picture, const Placed& placed, ImVec2 from,
               ImVec2 to) {
  const NativePicture& content = ui.pictures->get(ui.model.job.content).picture;
  const float x = std::round(placed.from.x + ui.view.wipe_at * (placed.to.x - placed.from.x));
  list.PushClipRect(from, {std::min(x, to.x), to.y}, true);
  ui.renderer->add(list, content, placed.from, placed.to);
  label(ui, list, {std::max(from.x, placed.from.x) + ui.px(12), std::max(from.y, placed.from.y) + ui.px(12)},
        "Photograph", false);
  list.PopClipRect();
  list.PushClipRect({std::max(x, from.x), from.y}, to, true);
  ui.renderer->add(list, picture, placed.from, placed.to);
  label(ui, list, {std::min(to.x, placed.to.x) - ui.px(12), std::max(from.y, placed.from.y) + ui.px(12)},
        "Painting", true);
  list.PopClipRect();
  const float middle = (std::max(from.y, placed.from.y) + std::min(to.y, placed.to.y)) / 2;
  list.AddLine({x, std::max(from.y, placed.from.y)}, {x, std::min(to.y, placed.to.y)},
               IM_COL32(255, 255, 255, 230), ui.px(2));
  list.AddCircleFilled({x, middle}, ui.px(9), IM_COL32(255, 255, 255, 240));
  list.AddTriangleFilled({x - ui.px(2), middle - ui.px(4)}, {x - ui.px(2), middle + ui.px(4)},
                         {x - ui.px(6), middle}, IM_COL32(30, 30, 30, 255));
  list.AddTriangleFilled({x + ui.px(2), middle - ui.px(4)}, {x + ui.px(6), middle},
                         {x + ui.px(2), middle + ui.px(4)}, IM_COL32(30, 30, 30, 255));
  ui.marks.area("wipe handle", {x - ui.px(9), middle - ui.px(9)}, {x + ui.px(9), middle + ui.px(9)});
}

void draw_style(Ui& ui, ImDrawList& list, ImVec2 from, ImVec2 to) {
  if (ui.model.job.styles.empty()) return;
  const NativePicture& style = ui.pictures->get(ui.model.job.styles[0].file).picture;
  if (style.buffer == VK_NULL_HANDLE) return;
  const Placed placed = place(View{}, style, from, to);
  ui.renderer->add(list, style, placed.from, placed.to);
  label(ui, list, {placed.from.x + ui.px(12), placed.from.y + ui.px(12)}, "Style", false);
  ui.marks.area("style beside", placed.from, placed.to);
}

void welcome(Ui& ui, ImDrawList& list, ImVec2 from, ImVec2 to) {
  const char* title = ui.standing.phase == Phase::failed ? "It could not be painted"
                                                         : "A photograph, painted like a painting";
  const char* text = "Drop two pictures here, or choose them on the left.";
  const ImVec2 middle{(from.x + to.x) / 2, (from.y + to.y) / 2};
  const auto centred = [&](ImFont* font, const char* words, float y, const ImVec4& ink) {
    const ImVec2 size = font->CalcTextSizeA(font->FontSize, FLT_MAX, 0, words);
    list.AddText(font, font->FontSize, {std::round(middle.x - size.x / 2), y}, colour(ink), words);
  };
  centred(ui.fonts.title, title, middle.y - ui.px(34), ui.colours().text);
  centred(ui.fonts.text, text, middle.y + ui.px(4), ui.colours().muted);
}

bool chip(Ui& ui, const char* text, const char* mark, bool on) {
  ImGui::PushStyleColor(ImGuiCol_Button, on ? ui.colours().accent : ui.colours().raised);
  ImGui::PushStyleColor(ImGuiCol_Text, on ? ui.colours().on_accent : ui.colours().text);
  const bool pressed = ImGui::Button(text);
  ImGui::PopStyleColor(2);
  ui.marks.item(mark);
  ImGui::SameLine();
  return pressed;
}

void toolbar(Ui& ui, float zoom, ImVec2 from, ImVec2 to) {
  ImGui::SetCursorScreenPos({from.x + ui.px(16), from.y + ui.px(12)});
  ImGui::PushFont(ui.fonts.small);
  if (chip(ui, "Fit", "fit", ui.view.zoom == 0)) ui.view.zoom = 0;
  if (chip(ui, "1:1", "one to one", ui.view.zoom == 1)) ui.view.zoom = 1;
  if (chip(ui, "−", "zoom out", false)) ui.view.zoom_steps -= 1;
  if (chip(ui, "+", "zoom in", false)) ui.view.zoom_steps += 1;
  if (chip(ui, "Wipe", "wipe", ui.view.wipe)) ui.view.wipe = !ui.view.wipe;
  if (chip(ui, "Style beside", "style", ui.view.style_beside)) ui.view.style_beside = !ui.view.style_beside;
  const char* save = "Save…";
  const float saved_at =
      to.x - ui.px(16) - ImGui::CalcTextSize(save).x - 2 * ImGui::GetStyle().FramePadding.x;
  const float left = saved_at - ImGui::GetCursorScreenPos().x;  // in a small window only what fits
  if (left > ui.px(60)) {
    ImGui::AlignTextToFramePadding();
    ImGui::TextColored(ui.colours().muted, "%.0f %%", double(zoom) * 100);
  }
  ImGui::SetCursorScreenPos({saved_at, from.y + ui.px(12)});
  const bool picture = ui.running() || ui.standing.phase == Phase::done;
  if (left > 0 && picture && chip(ui, save, "save", false)) ask_where_to_save(ui);
  ImGui::PopFont();
}

}  // namespace

void canvas(Ui& ui, ImVec2 from, ImVec2 to) {
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  begin_region(ui, "canvas", from, to, ui.colours().canvas);
  ImGui::PopStyleVar();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const NativePicture& picture = shown(ui);
  const float bar = ui.px(48);
  ImVec2 inside{from.x + ui.px(kMargin), from.y + bar}, end{to.x - ui.px(kMargin), to.y - ui.px(kMargin)};
  if (ui.view.style_beside) {
    const float middle = std::round((inside.x + end.x) / 2);
    draw_style(ui, list, {middle + ui.px(8), inside.y}, end);
    end.x = middle - ui.px(8);
  }
  float zoom = 1;
  if (picture.buffer == VK_NULL_HANDLE) {
    welcome(ui, list, inside, end);
  } else {
    ImGui::SetCursorScreenPos({from.x, from.y + bar});
    ImGui::InvisibleButton("picture", {end.x - from.x, to.y - from.y - bar});
    const Placed placed = place(ui.view, picture, inside, end);
    zoom = placed.zoom;
    navigate(ui, placed, inside, end);
    const ImVec2 clip_from{from.x, from.y + bar}, clip_to{ui.view.style_beside ? end.x : to.x, to.y};
    list.PushClipRect(clip_from, clip_to, true);
    if (ui.view.wipe && !ui.model.job.content.empty() && ui.has_run())
      draw_wipe(ui, list, picture, placed, clip_from, clip_to);
    else
      ui.renderer->add(list, picture, placed.from, placed.to);
    list.PopClipRect();
    ui.marks.area("picture", placed.from, placed.to);
  }
  toolbar(ui, zoom, from, to);
  ui.marks.area("canvas", from, to);
  ImGui::End();
}

}  // namespace impasto::viewer
