// What a picture is painted with (size, network, recipe, device, precision, memory), and what each choice would need.
#include "byte_text.h"
#include "impasto/weights.h"
#include "ui.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace impasto::viewer {
namespace {

constexpr std::array kSizes{128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096, kOwnSize};
constexpr std::array<uint64_t, 9> kBudgets{kFreeMemory, 128ull << 20, 256ull << 20, 512ull << 20, 1ull << 30,
                                           2ull << 30,  4ull << 30,   8ull << 30,   16ull << 30};

struct Choice {
  std::string text;
  bool chosen = false;
  std::function<void(Job&)> apply;
  std::string about;  // when it is pointed at
};

std::string short_needs(const Estimate& estimate) {
  std::string text = cli::byte_text(estimate.device_bytes);
  if (estimate.seconds > 0) text += ", " + duration(std::ceil(estimate.seconds));
  return text;
}

// At the right of a choice what it would need; where it cannot be, why, when it is pointed at.
void show_needs(Ui& ui, const Choice& choice) {
  Job wanted = ui.model.job;
  choice.apply(wanted);
  const auto needs = ui.advisor->needs(painting_job(wanted));
  const bool cannot = needs && !needs->error.empty();
  const std::string text = !needs ? "…" : cannot ? "not possible" : short_needs(needs->estimate);
  const ImVec2 from = ImGui::GetItemRectMin(), to = ImGui::GetItemRectMax();
  const float size = ui.fonts.small->FontSize;
  const ImVec2 words = ui.fonts.small->CalcTextSizeA(size, FLT_MAX, 0, text.c_str());
  ImGui::GetWindowDrawList()->AddText(
      ui.fonts.small, size, {to.x - words.x - ui.px(6), std::round((from.y + to.y - words.y) / 2)},
      colour(cannot ? ui.colours().warning : ui.colours().muted), text.c_str());
  if (cannot && ImGui::IsItemHovered()) ImGui::SetTooltip("%s", needs->error.c_str());
}

// choices: asked for while the list is open.
void chooser(Ui& ui, const char* name, const char* mark, const std::string& now,
             std::vector<Choice> (*choices)(const Ui&)) {
  row_label(ui, name);
  ImGui::SetNextWindowSizeConstraints({ui.px(340), 0}, {ui.px(460), ui.px(420)});
  if (!ImGui::BeginCombo((std::string("##") + mark).c_str(), now.c_str())) return ui.marks.item(mark);
  for (const Choice& choice : choices(ui)) {
    if (ImGui::Selectable(choice.text.c_str(), choice.chosen)) choice.apply(ui.model.job);
    ui.marks.item(fmt::format("{} {}", mark, choice.text));
    if (!choice.about.empty() && ImGui::IsItemHovered()) ImGui::SetTooltip("%s", choice.about.c_str());
    if (ui.model.complete() && ImGui::IsItemVisible()) show_needs(ui, choice);
  }
  ImGui::EndCombo();
}

std::string size_text(int size) {
  return size == kRecipeSizes ? "as the recipe has it"
         : size == kOwnSize   ? "as the photograph"
                              : fmt::format("{} px", size);
}

std::vector<Choice> sizes(const Ui& ui) {
  std::vector<Choice> choices;
  choices.reserve(kSizes.size());
  for (const int size : kSizes)
    choices.push_back(
        {size_text(size), size == ui.model.job.size, [size](Job& job) { job.size = size; }, ""});
  return choices;
}

std::string network_text(const std::string& model) {
  return model == kBestModel ? "the best there is" : std::filesystem::path(model).filename().string();
}

std::vector<Choice> networks(const Ui& ui) {
  const auto choice = [&](const std::string& name, const std::string& about) {
    return Choice{network_text(name), ui.model.job.model == name, [name](Job& job) { job.model = name; },
                  about};
  };
  std::vector<Choice> choices{
      choice(std::string(kBestModel), "The full VGG-19 when it is installed, else the compact one")};
  for (const InstalledWeights& weights : list_installed()) choices.push_back(choice(weights.name, ""));
  return choices;
}

std::vector<Choice> offered_recipes(const Ui& ui) {
  std::vector<Choice> choices;
  const OfferedRecipe& now = ui.model.usual_recipe();
  for (const OfferedRecipe& offered : ui.model.recipes())
    choices.push_back({offered.label, offered.label == now.label,
                       [recipe = offered.recipe](Job& job) { job.recipe = recipe; }, offered.recipe.summary});
  return choices;
}

std::vector<Choice> devices(const Ui& ui) {
  const std::vector<DeviceInfo> known = ui.advisor->devices();
  const std::string& now = ui.model.job.device;
  std::vector<Choice> choices{{"the best there is", now.empty(), [](Job& job) { job.device.clear(); }, ""}};
  for (const DeviceInfo& device : known) {
    const auto same = [&](const DeviceInfo& other) { return other.name == device.name; };
    const bool alone = std::count_if(known.begin(), known.end(), same) == 1;
    const std::string selector = alone ? device.name : std::to_string(device.index);
    choices.push_back(
        {alone ? device.name : fmt::format("{}: {}", device.index, device.name), now == selector,
         [selector](Job& job) { job.device = selector; },
         fmt::format("{}, {}, {}", device.type, cli::byte_text(device.memory_bytes), device.driver)});
  }
  return choices;
}

const char* precision_text(Precision precision) {
  constexpr const char* kNames[] = {"automatic", "fp32", "fp16"};
  return kNames[static_cast<size_t>(precision)];
}

std::vector<Choice> precisions(const Ui& ui) {
  const auto choice = [&](Precision precision, const char* about) {
    return Choice{precision_text(precision), ui.model.job.precision == precision,
                  [precision](Job& job) { job.precision = precision; }, about};
  };
  return {choice(Precision::automatic, "fp16 where that makes a picture fit, else fp32"),
          choice(Precision::fp32, ""),
          choice(Precision::fp16, "Half the memory for nearly the same picture")};
}

std::string budget_text(uint64_t budget) {
  return budget == kFreeMemory ? "all that is free" : cli::byte_text(budget);
}

std::vector<Choice> budgets(const Ui& ui) {
  std::vector<Choice> choices;
  choices.reserve(kBudgets.size());
  for (const uint64_t budget : kBudgets)
    choices.push_back({budget_text(budget), ui.model.job.memory_budget == budget,
                       [budget](Job& job) { job.memory_budget = budget; }, ""});
  return choices;
}

std::string long_needs(const Estimate& estimate) {
  std::string text = fmt::format("Needs {} of {}", cli::byte_text(estimate.device_bytes),
                                 cli::byte_text(estimate.budget_bytes));
  const StageEstimate& last = estimate.stages.back();
  if (estimate.precision == Precision::fp16) text += ", in fp16";
  if (last.tile > 0) text += fmt::format(", in tiles of {} px", last.tile);
  if (last.optimizer_on_host) text += ", and some of the computer's";
  if (estimate.seconds > 0) text += ", about " + duration(std::ceil(estimate.seconds));
  return text;
}

// What is chosen would need.
void needed(Ui& ui) {
  const auto needs = ui.advisor->needs(painting_job(ui.model.job));
  const bool cannot = needs && !needs->error.empty();
  const std::string text = !needs ? "Planning…" : cannot ? needs->error : long_needs(needs->estimate);
  ImGui::PushFont(ui.fonts.small);
  ImGui::PushStyleColor(ImGuiCol_Text, cannot ? ui.colours().warning : ui.colours().muted);
  ImGui::PushTextWrapPos(0);
  ImGui::TextUnformatted(text.c_str());
  ImGui::PopTextWrapPos();
  ImGui::PopStyleColor();
  ImGui::PopFont();
  ui.marks.item("needs");
  ui.marks.fact("needs", text);
}

}  // namespace

void choices(Ui& ui) {
  const Job& job = ui.model.job;
  chooser(ui, "Size", "size", size_text(job.size), sizes);
  chooser(ui, "Network", "network", network_text(job.model), networks);
  chooser(ui, "Recipe", "recipe", ui.model.usual_recipe().label, offered_recipes);
  if (fold(ui, "Device and memory", "machine")) {
    chooser(ui, "Device", "device", job.device.empty() ? "the best there is" : job.device, devices);
    chooser(ui, "Precision", "precision", precision_text(job.precision), precisions);
    chooser(ui, "Memory", "memory", budget_text(job.memory_budget), budgets);
  }
  if (ui.model.complete()) needed(ui);
}

}  // namespace impasto::viewer
