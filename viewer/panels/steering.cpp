// What steers a run: strength of the style, weights, layers. A change is in the next iteration.
#include "ui.h"

#include <fmt/format.h>

namespace impasto::viewer {
namespace {

constexpr float kStrengthReach = 32, kWeightReach = 100, kRateReach = 10;

// A slider with what it has at its right. True when it was moved; a double click asks for the usual value.
bool slider(Ui& ui, const char* name, const std::string& mark, float& value, float low, float high,
            bool& usual, const std::string& shown, ImGuiSliderFlags flags = ImGuiSliderFlags_Logarithmic) {
  const float right = ui.px(56);
  row_label(ui, name, right);
  const bool moved = ImGui::SliderFloat(("##" + mark).c_str(), &value, low, high, "", flags);
  ui.marks.item(mark);
  usual = ImGui::IsItemHovered() && ImGui::IsMouseDoubleClicked(0);
  if (ImGui::IsItemHovered() && !ImGui::IsItemActive())
    ImGui::SetTooltip("Double click: as the recipe has it");
  ImGui::PushFont(ui.fonts.small);
  ImGui::SameLine(ImGui::GetWindowContentRegionMax().x - ImGui::CalcTextSize(shown.c_str()).x);
  ImGui::TextUnformatted(shown.c_str());
  ImGui::PopFont();
  return moved;
}

// A number as a multiple of what it usually is.
void factor(Ui& ui, const char* name, const char* mark, double usual, double& value, float reach) {
  const double unit = usual > 0 ? usual : 1;
  auto times = static_cast<float>(value / unit);
  bool reset = false;
  if (slider(ui, name, mark, times, 1 / reach, reach, reset, fmt::format("× {:.3g}", times)))
    value = double(times) * unit;
  if (reset) value = usual;
}

void smoothness(Ui& ui, const Recipe& usual, Recipe& recipe) {
  const double most = usual.tv_weight > 0 ? usual.tv_weight * 100 : 1;
  auto smooth = static_cast<float>(recipe.tv_weight / most);
  bool reset = false;
  const std::string shown = usual.tv_weight > 0 ? fmt::format("× {:.3g}", recipe.tv_weight / usual.tv_weight)
                                                : fmt::format("{:.3g}", recipe.tv_weight);
  if (slider(ui, "Smoothness", "tv weight", smooth, 0, 1, reset, shown))
    recipe.tv_weight = double(smooth) * most;
  if (reset) recipe.tv_weight = usual.tv_weight;
}

void layers(Ui& ui, const char* mark, std::vector<LayerWeight>& now, const std::vector<LayerWeight>& usual) {
  for (size_t i = 0; i < now.size(); ++i) {
    const double recipes_own = i < usual.size() ? usual[i].weight : 1;
    const double base = recipes_own > 0 ? recipes_own : 1;
    auto times = static_cast<float>(now[i].weight / base);
    bool reset = false;
    if (slider(ui, now[i].layer.c_str(), fmt::format("{} {}", mark, now[i].layer), times, 0, 4, reset,
               fmt::format("× {:.3g}", times), ImGuiSliderFlags_None))
      now[i].weight = double(times) * base;
    if (reset) now[i].weight = recipes_own;
  }
}

}  // namespace

void steering(Ui& ui) {
  ImGui::Dummy({0, ui.px(2)});
  ImGui::Separator();
  ImGui::Dummy({0, ui.px(2)});
  Job& job = ui.model.job;
  const Recipe usual = with_optimizer(ui.model.usual_recipe().recipe, job.recipe.optimizer.kind);
  factor(ui, "Style", "style strength", 1, job.style_strength, kStrengthReach);
  factor(ui, "Photograph", "content weight", usual.content_weight, job.recipe.content_weight, kWeightReach);
  smoothness(ui, usual, job.recipe);
  factor(ui, "Step size", "learning rate", usual.optimizer.learning_rate, job.recipe.optimizer.learning_rate,
         kRateReach);
  if (!fold(ui, "Layers", "layers")) return;
  caption(ui, "Of the style");
  layers(ui, "style layer", job.recipe.style_layers, usual.style_layers);
  caption(ui, "Of the photograph");
  layers(ui, "content layer", job.recipe.content_layers, usual.content_layers);
}

}  // namespace impasto::viewer
