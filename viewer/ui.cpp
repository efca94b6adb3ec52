// What buttons and keys do, and the few things that every panel draws with.
#include "ui.h"

#include "base/atomic_file.h"
#include "command_text.h"
#include "impasto/error.h"
#include "impasto/session.h"

#include <fmt/format.h>

#include <GLFW/glfw3.h>
#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

namespace impasto::viewer {
namespace {

constexpr const char* kSessionExtension = ".impasto";

void begin(Ui& ui, const Job& job, bool continued) {
  ui.looked_at.reset();
  ui.advisor->forget();
  if (job.device == ui.device)
    ui.painter->start(job, continued);
  else
    ui.move = Move{job, continued};
}

// A command line cannot hold a recipe, only name it.
void ask_where_to_save_recipe(Ui& ui) {
  const Recipe recipe = ui.model.usual_recipe().recipe;
  ui.chooser.save("Save the recipe, which the command line names", ui.preferences.folder,
                  (recipe.name.empty() ? "recipe" : recipe.name) + ".json", Chooser::Files::recipes,
                  [&ui, recipe](const std::filesystem::path& file) {
                    try {
                      const std::string text = recipe_to_json(recipe);
                      write_file(file, std::as_bytes(std::span(text)), true);
                      ui.model.keep_usual_recipe(file.string());
                      copy_command(ui);
                    } catch (const Error& error) {
                      ui.say(error.what());
                    }
                  });
}

// Goes on with what a file holds, on the device that is open.
void take_session(Ui& ui, const std::filesystem::path& file) {
  try {
    Job job = read_checkpoint(file).job;
    job.device = ui.device;
    Job resumed = job;
    job.resume.clear();
    job.checkpoint.clear();
    resumed.checkpoint.clear();
    ui.model.take(job);
    begin(ui, resumed, false);
  } catch (const Error& error) {
    ui.say(error.what());
  }
}

}  // namespace

bool Ui::take_key(int key, int modifiers) {
  const auto found = std::find_if(keys.begin(), keys.end(), [&](const Key& pressed) {
    return pressed.key == key && pressed.modifiers == modifiers;
  });
  if (found == keys.end()) return false;
  keys.erase(found);
  return true;
}

void begin_region(const Ui&, const char* name, ImVec2 from, ImVec2 to, const ImVec4& background,
                  bool scrolls) {
  ImGui::SetNextWindowPos(from);
  ImGui::SetNextWindowSize({to.x - from.x, to.y - from.y});
  ImGui::PushStyleColor(ImGuiCol_WindowBg, background);
  constexpr ImGuiWindowFlags kPlain = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                      ImGuiWindowFlags_NoSavedSettings |
                                      ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoNavFocus;
  ImGui::Begin(name, nullptr, scrolls ? kPlain & ~ImGuiWindowFlags_NoScrollbar : kPlain);
  ImGui::PopStyleColor();
}

bool accent_button(const Ui& ui, const char* label, ImVec2 size) {
  const Palette& p = ui.colours();
  const ImVec4 lighter{p.accent.x * 0.92f + 0.08f, p.accent.y * 0.92f + 0.08f, p.accent.z * 0.92f + 0.08f, 1};
  ImGui::PushStyleColor(ImGuiCol_Button, p.accent);
  ImGui::PushStyleColor(ImGuiCol_ButtonHovered, lighter);
  ImGui::PushStyleColor(ImGuiCol_ButtonActive, lighter);
  ImGui::PushStyleColor(ImGuiCol_Text, p.on_accent);
  const bool pressed = ImGui::Button(label, size);
  ImGui::PopStyleColor(4);
  return pressed;
}

std::string duration(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0) return "-";
  const int whole = int(std::lround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  return whole < 3600 ? fmt::format("{}:{:02} min", whole / 60, whole % 60)
                      : fmt::format("{}:{:02} h", whole / 3600, whole / 60 % 60);
}

void caption(const Ui& ui, const char* text) {
  ImGui::PushFont(ui.fonts.small);
  ImGui::PushStyleColor(ImGuiCol_Text, ui.colours().muted);
  ImGui::TextUnformatted(text);
  ImGui::PopStyleColor();
  ImGui::PopFont();
}

void row_label(const Ui& ui, const char* text, float right) {
  ImGui::AlignTextToFramePadding();
  caption(ui, text);
  ImGui::SameLine(ui.px(112));
  ImGui::SetNextItemWidth(right > 0 ? -right : -FLT_MIN);
}

bool fold(Ui& ui, const char* text, const char* mark) {
  ImGui::Dummy({0, ui.px(1)});
  ImGui::PushStyleColor(ImGuiCol_Header, ui.colours().panel);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {0, ui.px(3)});
  const bool open =
      ImGui::TreeNodeEx(text, ImGuiTreeNodeFlags_NoTreePushOnOpen | ImGuiTreeNodeFlags_SpanAvailWidth);
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();
  ui.marks.item(mark);
  return open;
}

void start_painting(Ui& ui) {
  if (!ui.model.complete()) return ui.say("Choose a photograph and a style first");
  begin(ui, painting_job(ui.model.job), false);
}

void continue_painting(Ui& ui) {
  begin(ui, continuing_job(ui.model.job), true);
}

void toggle_pause(Ui& ui) {
  if (ui.standing.phase == Phase::painting) ui.painter->pause();
  if (ui.standing.phase == Phase::paused) ui.painter->resume();
  if (!ui.has_run() || ui.standing.phase == Phase::failed) start_painting(ui);
}

void ask_where_to_save(Ui& ui) {
  if (!ui.running() && ui.standing.phase != Phase::done) return ui.say("There is no picture to save yet");
  const std::string name = ui.model.job.content.stem().string() + "_" +
                           (ui.model.job.styles.empty() ? "" : ui.model.job.styles[0].file.stem().string()) +
                           ".png";
  const auto shot = ui.looked_at;
  ui.chooser.save(shot ? "Save this snapshot" : "Save the picture", ui.preferences.folder, name,
                  Chooser::Files::pictures, [&ui, shot](const std::filesystem::path& file) {
                    if (shot)
                      ui.painter->save_snapshot(shot, file, true);
                    else
                      ui.painter->save(file, true);
                  });
}

void ask_where_to_save_session(Ui& ui) {
  if (!ui.running() && ui.standing.phase != Phase::done) return ui.say("There is no session to save yet");
  ui.chooser.save("Save the session", ui.preferences.folder,
                  ui.model.job.content.stem().string() + kSessionExtension, Chooser::Files::sessions,
                  [&ui](const std::filesystem::path& file) { ui.painter->save_session(file); });
}

void open_session(Ui& ui) {
  ui.chooser.open("Open a session", ui.preferences.folder, Chooser::Files::sessions,
                  [&ui](const std::filesystem::path& file) { take_session(ui, file); });
}

void take_files(Ui& ui, const std::vector<std::filesystem::path>& files, ImVec2 dropped_at) {
  bool photograph = ui.model.job.content.empty() ||
                    (dropped_at.x >= ui.photograph_from.x && dropped_at.x < ui.photograph_to.x &&
                     dropped_at.y >= ui.photograph_from.y && dropped_at.y < ui.photograph_to.y);
  for (const std::filesystem::path& file : files) {
    ui.preferences.folder = file.parent_path().string();
    if (file.extension() == kSessionExtension)
      take_session(ui, file);
    else if (std::exchange(photograph, false))
      ui.model.job.content = file;
    else
      ui.model.job.styles.push_back({file, 1});
  }
}

void copy_command(Ui& ui) {
  if (ui.model.usual_recipe().flag.empty()) return ask_where_to_save_recipe(ui);
  ui.copied = command_text(ui.model.job, ui.model.usual_recipe());
  ImGui::SetClipboardText(ui.copied.c_str());
  const bool same = painting_job(ui.model.job).recipe.stages == ui.model.job.recipe.stages;
  ui.say(same ? "Copied the command line" : "Copied the command line; it does not begin with small pictures");
}

void enlarge_letters(Ui& ui, int steps) {
  const float letters = ui.preferences.letters + 0.25f * float(steps);
  ui.preferences.letters = std::clamp(letters, kSmallestLetters, kLargestLetters);
}

void choose_content(Ui& ui) {
  ui.chooser.open("Choose the photograph", ui.preferences.folder, Chooser::Files::pictures,
                  [&ui](const std::filesystem::path& file) { ui.model.job.content = file; });
}

void choose_style(Ui& ui) {
  ui.chooser.open("Choose a style", ui.preferences.folder, Chooser::Files::pictures,
                  [&ui](const std::filesystem::path& file) {
                    ui.model.job.styles.push_back({file, 1});
                  });
}

void shortcuts(Ui& ui) {
  if (ui.chooser.shown() || ImGui::GetIO().WantTextInput) return;
  const int control = GLFW_MOD_CONTROL;
  if (ui.take_key(GLFW_KEY_SPACE)) toggle_pause(ui);
  if (ui.take_key(GLFW_KEY_ENTER, control)) start_painting(ui);
  if (ui.take_key(GLFW_KEY_RIGHT) || ui.take_key(GLFW_KEY_PERIOD)) ui.painter->step();
  if (ui.take_key(GLFW_KEY_S, control)) ask_where_to_save(ui);
  if (ui.take_key(GLFW_KEY_S, control | GLFW_MOD_SHIFT)) ask_where_to_save_session(ui);
  if (ui.take_key(GLFW_KEY_O, control)) choose_content(ui);
  if (ui.take_key(GLFW_KEY_O, control | GLFW_MOD_SHIFT)) choose_style(ui);
  if (ui.take_key(GLFW_KEY_L, control)) open_session(ui);
  if (ui.take_key(GLFW_KEY_Z, control)) ui.model.undo();
  if (ui.take_key(GLFW_KEY_Z, control | GLFW_MOD_SHIFT) || ui.take_key(GLFW_KEY_Y, control)) ui.model.redo();
  if (ui.take_key(GLFW_KEY_W)) ui.view.wipe = !ui.view.wipe;
  if (ui.take_key(GLFW_KEY_S)) ui.view.style_beside = !ui.view.style_beside;
  if (ui.take_key(GLFW_KEY_K)) ui.painter->keep_snapshot();
  if (ui.take_key(GLFW_KEY_F) || ui.take_key(GLFW_KEY_0)) ui.view.zoom = 0;
  if (ui.take_key(GLFW_KEY_1)) ui.view.zoom = 1;
  if (ui.take_key(GLFW_KEY_EQUAL) || ui.take_key(GLFW_KEY_KP_ADD)) ui.view.zoom_steps += 1;
  if (ui.take_key(GLFW_KEY_MINUS) || ui.take_key(GLFW_KEY_KP_SUBTRACT)) ui.view.zoom_steps -= 1;
  if (ui.take_key(GLFW_KEY_EQUAL, control)) enlarge_letters(ui, 1);
  if (ui.take_key(GLFW_KEY_MINUS, control)) enlarge_letters(ui, -1);
  if (ui.take_key(GLFW_KEY_T)) ui.preferences.dark = !ui.preferences.dark;
  if (ui.take_key(GLFW_KEY_F1) || ui.take_key(GLFW_KEY_SLASH, GLFW_MOD_SHIFT)) ui.show_help = !ui.show_help;
  if (ui.take_key(GLFW_KEY_Q, control)) ui.leaving = true;
  if (ui.take_key(GLFW_KEY_C, control)) copy_command(ui);
  if (ui.take_key(GLFW_KEY_ESCAPE)) {
    if (ui.show_help || ui.show_costs)
      ui.show_help = ui.show_costs = false;
    else
      ui.looked_at.reset();
  }
}

}  // namespace impasto::viewer
