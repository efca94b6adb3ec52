// The name, undo and redo, and a menu of what else can be done: everything that a key does can be done with the mouse.
#include "ui.h"

namespace impasto::viewer {
namespace {

bool entry(Ui& ui, const char* text, const char* key, bool possible = true) {
  const bool chosen = ImGui::MenuItem(text, key, false, possible);
  ui.marks.item(std::string("menu ") + text);
  return chosen;
}

void entries(Ui& ui) {
  const bool picture = ui.running() || ui.standing.phase == Phase::done;
  if (entry(ui, "Open a session…", "Ctrl L")) open_session(ui);
  if (entry(ui, "Save the session…", "Ctrl Shift S", picture)) ask_where_to_save_session(ui);
  if (entry(ui, "Save the picture…", "Ctrl S", picture)) ask_where_to_save(ui);
  if (entry(ui, "Copy the command line", "Ctrl C", ui.model.complete())) copy_command(ui);
  ImGui::Separator();
  if (entry(ui, "What each kernel costs", "", ui.has_run())) measure_costs(ui);
  if (entry(ui, ui.preferences.dark ? "Light colours" : "Dark colours", "T"))
    ui.preferences.dark = !ui.preferences.dark;
  if (entry(ui, "Larger letters", "Ctrl +")) enlarge_letters(ui, 1);
  if (entry(ui, "Smaller letters", "Ctrl −", ui.preferences.letters > 1)) enlarge_letters(ui, -1);
  if (entry(ui, "Keys", "F1")) ui.show_help = true;
  ImGui::Separator();
  if (entry(ui, "Leave", "Ctrl Q")) ui.leaving = true;
}

bool small_button(Ui& ui, const char* text, const char* mark, bool possible) {
  ImGui::BeginDisabled(!possible);
  const bool pressed = ImGui::Button(text);
  ImGui::EndDisabled();
  ui.marks.item(mark);
  return pressed;
}

}  // namespace

void menu(Ui& ui) {
  ImGui::PushFont(ui.fonts.title);
  ImGui::TextUnformatted("Impasto");
  ImGui::PopFont();
  ImGui::PushFont(ui.fonts.small);
  const ImGuiStyle& style = ImGui::GetStyle();
  float width = 2 * style.ItemSpacing.x;
  for (const char* text : {"Undo", "Redo", "Menu"})
    width += ImGui::CalcTextSize(text).x + 2 * style.FramePadding.x;
  ImGui::SameLine(ImGui::GetWindowContentRegionMax().x - width);
  if (small_button(ui, "Undo", "undo", ui.model.can_undo())) ui.model.undo();
  ImGui::SameLine();
  if (small_button(ui, "Redo", "redo", ui.model.can_redo())) ui.model.redo();
  ImGui::SameLine();
  if (small_button(ui, "Menu", "menu", true)) ImGui::OpenPopup("menu");
  ImGui::PopFont();
  ImGui::SetNextWindowSizeConstraints({ui.px(260), 0}, {FLT_MAX, FLT_MAX});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(12), ui.px(10)});
  if (ImGui::BeginPopup("menu")) {
    entries(ui);
    ImGui::EndPopup();
  }
  ImGui::PopStyleVar();
}

}  // namespace impasto::viewer
