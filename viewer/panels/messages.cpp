// What has to be said: a line that goes away by itself, and why something could not be done.
#include "ui.h"

#include <algorithm>

namespace impasto::viewer {

void messages(Ui& ui, ImVec2 from, ImVec2 to) {
  if (ui.standing.notices != ui.notices_seen) {
    ui.notices_seen = ui.standing.notices;
    ui.say(ui.standing.notice);
  }
  const bool failed = ui.standing.phase == Phase::failed;
  if (!failed && ImGui::GetTime() > ui.toast_until) return;
  const std::string& text = failed ? ui.standing.error : ui.toast;
  const float wide = std::min(to.x - from.x - ui.px(48), ui.px(560));
  ImGui::SetNextWindowPos({(from.x + to.x) / 2, to.y - ui.px(24)}, ImGuiCond_Always, {0.5f, 1});
  ImGui::SetNextWindowSizeConstraints({0, 0}, {wide, FLT_MAX});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, ui.px(8));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(16), ui.px(12)});
  ImGui::PushStyleColor(ImGuiCol_WindowBg, ui.colours().raised);
  ImGui::Begin("message", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_AlwaysAutoResize | ImGuiWindowFlags_NoMove |
                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoFocusOnAppearing);
  ImGui::PushTextWrapPos(wide - ui.px(16));
  if (failed) ImGui::PushStyleColor(ImGuiCol_Text, ui.colours().warning);
  ImGui::TextUnformatted(text.c_str());
  if (failed) ImGui::PopStyleColor();
  ImGui::PopTextWrapPos();
  if (failed && accent_button(ui, "Close", {0, 0})) ui.painter->stop();
  if (failed) ui.marks.item("close message");
  ui.marks.area("message", ImGui::GetWindowPos(),
                {ImGui::GetWindowPos().x + ImGui::GetWindowWidth(),
                 ImGui::GetWindowPos().y + ImGui::GetWindowHeight()});
  ui.marks.fact("message", text);
  ImGui::End();
  ImGui::PopStyleColor();
  ImGui::PopStyleVar(2);
}

}  // namespace impasto::viewer
