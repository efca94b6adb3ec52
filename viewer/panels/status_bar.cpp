// One line on how it goes, with a thread of progress above it.
#include "ui.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace impasto::viewer {
namespace {

std::string words(const Ui& ui) {
  const Progress& p = ui.standing.progress;
  const std::string done = fmt::format("{} of {} iterations", p.iteration, p.iterations);
  switch (ui.standing.phase) {
    case Phase::empty:
      return ui.model.complete() ? "Ready to paint" : "Choose a photograph and a style";
    case Phase::preparing:
      return "Preparing the network and the pictures…";
    case Phase::failed:
      return "It could not be painted";
    case Phase::paused:
      return "Paused after " + done;
    case Phase::done:
      return fmt::format("Done in {}: {}", duration(p.seconds), done);
    case Phase::painting:
      break;
  }
  std::string text = done;
  if (p.scales > 1) text += fmt::format("  ·  scale {} of {}", p.scale + 1, p.scales);
  text += fmt::format("  ·  {} × {}", p.width, p.height);
  if (p.iterations_per_second > 0)
    text += fmt::format("  ·  {:.1f} a second  ·  {} left", p.iterations_per_second, duration(p.eta_seconds));
  return text;
}

}  // namespace

void status_bar(Ui& ui, ImVec2 from, ImVec2 to) {
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(20), 0});
  begin_region(ui, "status", from, to, ui.colours().panel);
  ImGui::PopStyleVar();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Progress& p = ui.standing.progress;
  list.PushClipRect(from, to);
  list.AddRectFilled(from, {to.x, from.y + ui.px(2)}, colour(ui.colours().line));
  if (p.iterations > 0 && ui.has_run())
    list.AddRectFilled(
        from, {from.x + (to.x - from.x) * float(p.iteration) / float(p.iterations), from.y + ui.px(2)},
        colour(ui.colours().accent));
  const bool failed = ui.standing.phase == Phase::failed;
  const std::string text = words(ui);
  const float y = std::round((from.y + to.y - ui.fonts.small->FontSize) / 2) + ui.px(1);
  const float size = ui.fonts.small->FontSize;
  list.AddText(ui.fonts.small, size, {from.x + ui.px(20), y},
               colour(failed ? ui.colours().warning : ui.colours().text), text.c_str());
  std::string right = p.device;
  if (p.device_bytes > 0) right += fmt::format("  ·  {:.0f} MiB", double(p.device_bytes) / (1 << 20));
  right += right.empty() ? "F1 for keys" : "  ·  F1 for keys";
  const auto width = [&](const std::string& line) {
    return ui.fonts.small->CalcTextSizeA(size, FLT_MAX, 0, line.c_str()).x;
  };
  if (width(text) + width(right) + ui.px(60) < to.x - from.x)
    list.AddText(ui.fonts.small, size, {to.x - ui.px(20) - width(right), y}, colour(ui.colours().muted),
                 right.c_str());
  list.PopClipRect();
  ui.marks.area("status", from, to);
  ImGui::End();
}

}  // namespace impasto::viewer
