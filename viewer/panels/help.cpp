// The list of keys.
#include "ui.h"

#include <array>

namespace impasto::viewer {
namespace {

struct Row {
  const char* key;
  const char* what;
};

constexpr std::array<Row, 24> kRows{{{"Space", "Paint, pause and resume"},
                                     {"→ or .", "One iteration, while paused"},
                                     {"Ctrl Enter", "Start again from the beginning"},
                                     {"Ctrl O", "Choose the photograph"},
                                     {"Ctrl Shift O", "Add a style"},
                                     {"Ctrl S", "Save the picture"},
                                     {"Ctrl Shift S", "Save the session; impasto --resume goes on from it"},
                                     {"Ctrl L", "Open a session"},
                                     {"Ctrl C", "Copy the command line that paints this"},
                                     {"Ctrl Z", "Undo a setting"},
                                     {"Ctrl Shift Z, Ctrl Y", "Redo"},
                                     {"K", "Keep a snapshot"},
                                     {"W", "Wipe between photograph and painting"},
                                     {"S", "Show the style beside"},
                                     {"F or 0", "Fit the picture in"},
                                     {"1", "Pixel for pixel"},
                                     {"+ and −", "Larger and smaller"},
                                     {"Wheel, drag", "Zoom and move"},
                                     {"Double click", "Pixel for pixel there, and back"},
                                     {"T", "Dark or light"},
                                     {"Ctrl + or −", "Larger or smaller letters"},
                                     {"Escape", "Close, or back to now"},
                                     {"Ctrl Q", "Leave"},
                                     {"F1 or ?", "This list"}}};

}  // namespace

void help(Ui& ui) {
  if (!ui.show_help) return;
  const ImVec2 display = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos({display.x / 2, display.y / 2}, ImGuiCond_Always, {0.5f, 0.5f});
  ImGui::SetNextWindowSize({ui.px(540), 0});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, ui.px(10));
  ImGui::Begin("Keys", &ui.show_help,
               ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoCollapse |
                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoTitleBar);
  ImGui::PushFont(ui.fonts.title);
  ImGui::TextUnformatted("Keys");
  ImGui::PopFont();
  for (const Row& row : kRows) {
    ImGui::TextColored(ui.colours().accent, "%s", row.key);
    ImGui::SameLine(ui.px(160));
    ImGui::TextUnformatted(row.what);
  }
  ui.marks.area("help", ImGui::GetWindowPos(),
                {ImGui::GetWindowPos().x + ImGui::GetWindowWidth(),
                 ImGui::GetWindowPos().y + ImGui::GetWindowHeight()});
  ImGui::End();
  ImGui::PopStyleVar();
}

}  // namespace impasto::viewer
