// The list of kernels by what they cost in an iteration.
#include "ui.h"

#include <fmt/format.h>

#include <algorithm>

namespace impasto::viewer {
namespace {

constexpr int kLargest = 512;  // pixels a side: shares hardly change from there on, and nobody wants to wait
constexpr int kIterations = 3;
constexpr size_t kMostRows = 14;  // dearest first

BenchRequest request_for(const Ui& ui) {
  const Job& job = ui.model.job;
  BenchRequest request;
  request.sizes = {
      std::clamp(std::max(ui.standing.progress.width, ui.standing.progress.height), 64, kLargest)};
  request.model = job.model;
  request.device = job.device;
  request.recipe = job.recipe;
  request.precision = job.precision;
  request.iterations = kIterations;
  return request;
}

void row(Ui& ui, const std::string& name, double ms, double share, const std::string& calls) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float bar = at.x + ui.px(270), middle = at.y + ImGui::GetTextLineHeight() / 2;
  ImGui::GetWindowDrawList()->AddRectFilled(
      {bar, middle - ui.px(5)}, {bar + std::max(ui.px(1), ui.px(180) * float(share)), middle + ui.px(5)},
      colour(ui.colours().accent), ui.px(2));
  const std::string time = fmt::format("{:.2f} ms", ms);
  ImGui::TextUnformatted(name.c_str());
  ImGui::SameLine(ui.px(270) - ImGui::CalcTextSize(time.c_str()).x);
  ImGui::TextUnformatted(time.c_str());
  ImGui::SameLine(ui.px(470));
  ImGui::TextColored(ui.colours().muted, "%s", calls.c_str());
}

void table(Ui& ui, const BenchReport& report) {
  const BenchRow& measured = report.rows.front();
  double total = 0, rest = 0;
  for (const BenchKernel& kernel : measured.kernels) total += kernel.ms;
  caption(ui, fmt::format("{} px a side, {}, {}: an iteration takes {:.1f} ms", measured.size, measured.model,
                          report.device, measured.iteration_ms)
                  .c_str());
  ImGui::Dummy({0, ui.px(4)});
  for (size_t i = 0; i < measured.kernels.size(); ++i) {
    const BenchKernel& kernel = measured.kernels[i];
    if (i < kMostRows)
      row(ui, kernel.name, kernel.ms, kernel.ms / total, fmt::format("× {}", kernel.calls));
    else
      rest += kernel.ms;
  }
  if (rest > 0) row(ui, "all others", rest, rest / total, "");
}

}  // namespace

void measure_costs(Ui& ui) {
  ui.show_costs = true;
  if (ui.standing.phase == Phase::painting) ui.painter->pause();  // it would be measured with the rest
  ui.costs->measure(request_for(ui));
}

void kernel_costs(Ui& ui) {
  ui.costs->update();
  if (!ui.show_costs) return;
  const ImVec2 display = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos({display.x / 2, display.y / 2}, ImGuiCond_Always, {0.5f, 0.5f});
  ImGui::SetNextWindowSize({ui.px(540), 0});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, ui.px(10));
  ImGui::Begin("Costs", &ui.show_costs,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings);
  ImGui::PushFont(ui.fonts.title);
  ImGui::TextUnformatted("What each kernel costs");
  ImGui::PopFont();
  if (ui.costs->measuring()) {
    ImGui::TextUnformatted("Measuring… The painting is paused.");
  } else if (!ui.costs->error().empty()) {
    ImGui::PushTextWrapPos(0);
    ImGui::TextColored(ui.colours().warning, "%s", ui.costs->error().c_str());
    ImGui::PopTextWrapPos();
  } else if (ui.costs->report() && !ui.costs->report()->rows.empty()) {
    table(ui, *ui.costs->report());
  }
  if (ImGui::Button("Close")) ui.show_costs = false;
  ui.marks.item("close costs");
  if (!ui.costs->measuring())
    ui.marks.area("costs", ImGui::GetWindowPos(),
                  {ImGui::GetWindowPos().x + ImGui::GetWindowWidth(),
                   ImGui::GetWindowPos().y + ImGui::GetWindowHeight()});
  ImGui::End();
  ImGui::PopStyleVar();
}

}  // namespace impasto::viewer
