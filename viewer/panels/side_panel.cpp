// The numbered steps (photograph, style, go) and, once there is something to steer, what steers it.
#include "impasto/weights.h"
#include "samples.h"
#include "ui.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace impasto::viewer {
namespace {

constexpr std::array kSizes{128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096};

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

// The pictures that ship, as a row of squares.
void samples(Ui& ui, const char* kind, const std::function<void(const std::filesystem::path&)>& chosen) {
  const auto& files = sample_pictures(kind);
  if (files.empty()) return;
  const float gap = ui.px(6);
  const float side = std::min(
      ui.px(52), (ImGui::GetContentRegionAvail().x - gap * float(files.size() - 1)) / float(files.size()));
  for (size_t i = 0; i < files.size(); ++i) {
    if (i > 0) ImGui::SameLine(0, gap);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const std::string name = "sample " + files[i].stem().string();
    if (ImGui::InvisibleButton(name.c_str(), {side, side})) chosen(files[i]);
    ui.marks.item(name);
    square(ui, ui.pictures->get(files[i]).picture, at, side);
    if (!ImGui::IsItemHovered()) continue;
    ImGui::GetWindowDrawList()->AddRect(at, {at.x + side, at.y + side}, colour(ui.colours().accent), ui.px(4),
                                        0, ui.px(2));
    ImGui::SetTooltip("%s", files[i].stem().string().c_str());
  }
}

void content_step(Ui& ui) {
  heading(ui, 1, "Photograph");
  if (!ui.model.job.content.empty()) {
    if (picture_row(ui, ui.model.job.content, "content")) choose_content(ui);
    return;
  }
  if (drop_place(ui, "Drop or choose a picture", "content")) choose_content(ui);
  samples(ui, "photographs", [&](const auto& file) { ui.model.job.content = file; });
}

// Below a style of several: its share.
void share(Ui& ui, StyleInput& style, size_t index) {
  auto weight = static_cast<float>(style.weight);
  ImGui::SetNextItemWidth(-1);
  const std::string id = "##share" + std::to_string(index);
  if (ImGui::SliderFloat(id.c_str(), &weight, 0.05f, 1, "share %.2f")) style.weight = double(weight);
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
  if (styles.empty()) {
    if (drop_place(ui, "Drop or choose a picture", "add style")) choose_style(ui);
  } else {
    if (ImGui::Button("Add a style…")) choose_style(ui);
    ui.marks.item("add style");
  }
  if (styles.size() < 2) samples(ui, "styles", [&](const auto& file) { styles.assign(1, {file, 1}); });
}

std::string size_text(int size) {
  return size == kRecipeSizes ? "as it was"
         : size == kOwnSize   ? "as the photograph"
                              : fmt::format("{} px", size);
}

void size_and_network(Ui& ui) {
  const float half = (ImGui::GetContentRegionAvail().x - ImGui::GetStyle().ItemSpacing.x) / 2;
  ImGui::SetNextItemWidth(half);
  if (ImGui::BeginCombo("##size", size_text(ui.model.job.size).c_str())) {
    for (const int size : kSizes) {
      if (ImGui::Selectable(fmt::format("{} px", size).c_str(), size == ui.model.job.size))
        ui.model.job.size = size;
      ui.marks.item(fmt::format("size {}", size));
    }
    ImGui::EndCombo();
  }
  ui.marks.item("size");
  ImGui::SameLine();
  ImGui::SetNextItemWidth(half);
  std::string& model = ui.model.job.model;
  if (ImGui::BeginCombo("##model", model == kBestModel ? "best network" : model.c_str())) {
    if (ImGui::Selectable("best network", model == kBestModel)) model = kBestModel;
    for (const InstalledWeights& weights : list_installed())
      if (ImGui::Selectable(weights.name.c_str(), model == weights.name)) model = weights.name;
    ImGui::EndCombo();
  }
  ui.marks.item("network");
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
  size_and_network(ui);
  const ImVec2 wide{-1, ui.px(42)};
  const Phase phase = ui.standing.phase;
  const bool steered = ui.has_run() && (can_steer(ui.standing.job, ui.model.painting_job()) ||
                                        can_steer(ui.standing.job, ui.model.continuing_job()));
  const bool busy = ui.running() || phase == Phase::done;
  if (busy && !steered) {
    if (accent_button(ui, "Continue with these settings", wide)) continue_painting(ui);
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

// A name, and at the right the value that the slider below it has.
void slider_caption(Ui& ui, const char* name, const std::string& value) {
  const float right = ImGui::GetCursorPosX() + ImGui::GetContentRegionAvail().x;
  caption(ui, name);
  ImGui::SameLine(right -
                  ui.fonts.small->CalcTextSizeA(ui.fonts.small->FontSize, FLT_MAX, 0, value.c_str()).x);
  ImGui::PushFont(ui.fonts.small);
  ImGui::TextUnformatted(value.c_str());
  ImGui::PopFont();
}

// A weight as a multiple of what the recipe has.
void weight(Ui& ui, const char* name, const char* mark, double usual, double& value, float reach) {
  auto times = static_cast<float>(usual > 0 ? value / usual : value);
  slider_caption(ui, name, fmt::format("× {:.3g}", times));
  ImGui::SetNextItemWidth(-1);
  const std::string id = std::string("##") + mark;
  if (ImGui::SliderFloat(id.c_str(), &times, 1 / reach, reach, "", ImGuiSliderFlags_Logarithmic))
    value = double(times) * (usual > 0 ? usual : 1);
  ui.marks.item(mark);
  if (ImGui::IsItemHovered() && ImGui::IsMouseDoubleClicked(0)) value = usual;
}

void layers(Ui& ui, const char* mark, std::vector<LayerWeight>& now, const std::vector<LayerWeight>& usual) {
  for (size_t i = 0; i < now.size(); ++i) {
    const double base = i < usual.size() && usual[i].weight > 0 ? usual[i].weight : 1;
    auto times = static_cast<float>(now[i].weight / base);
    ImGui::SetNextItemWidth(-1);
    const std::string id = fmt::format("##{}{}", mark, i), format = now[i].layer + "  × %.2f";
    if (ImGui::SliderFloat(id.c_str(), &times, 0, 4, format.c_str())) now[i].weight = double(times) * base;
    ui.marks.item(fmt::format("{} {}", mark, now[i].layer));
  }
}

void steering(Ui& ui) {
  ImGui::Dummy({0, ui.px(2)});
  ImGui::Separator();
  ImGui::Dummy({0, ui.px(2)});
  Recipe& recipe = ui.model.job.recipe;
  const Recipe& named = find_recipe(recipe.name.empty() ? kDefaultRecipe : recipe.name);
  const Recipe usual = with_optimizer(named, recipe.optimizer.kind);
  weight(ui, "Style", "style weight", usual.style_weight, recipe.style_weight, 100);
  weight(ui, "Likeness to the photograph", "content weight", usual.content_weight, recipe.content_weight,
         100);
  const double most = usual.tv_weight > 0 ? usual.tv_weight * 100 : 1;
  auto smooth = static_cast<float>(recipe.tv_weight / most);
  slider_caption(ui, "Smoothness", fmt::format("{:.3g}", recipe.tv_weight));
  ImGui::SetNextItemWidth(-1);
  if (ImGui::SliderFloat("##tv", &smooth, 0, 1, "", ImGuiSliderFlags_Logarithmic))
    recipe.tv_weight = double(smooth) * most;
  ui.marks.item("tv weight");
  weight(ui, "Step size", "learning rate", usual.optimizer.learning_rate, recipe.optimizer.learning_rate, 10);
  if (!ImGui::CollapsingHeader("Layers")) return;
  caption(ui, "Style");
  layers(ui, "style layer", recipe.style_layers, usual.style_layers);
  caption(ui, "Photograph");
  layers(ui, "content layer", recipe.content_layers, usual.content_layers);
}

}  // namespace

void side_panel(Ui& ui, ImVec2 from, ImVec2 to) {
  begin_region(ui, "side", from, to, ui.colours().panel);
  ImGui::PushFont(ui.fonts.title);
  ImGui::TextUnformatted("Impasto");
  ImGui::PopFont();
  content_step(ui);
  style_step(ui);
  go_step(ui);
  steering(ui);
  ImGui::End();
}

}  // namespace impasto::viewer
