// What the panels of the window share.
#pragma once

#include "chooser.h"
#include "draw/renderer.h"
#include "marks.h"
#include "model.h"
#include "painter.h"
#include "pictures.h"
#include "preferences.h"
#include "theme.h"

#include <functional>
#include <imgui.h>
#include <memory>
#include <string>
#include <vector>

namespace impasto::viewer {

// How the result is looked at.
struct View {
  float zoom = 0;             // pixels of the screen a pixel of the picture; 0 fits the picture in
  ImVec2 centre{0.5f, 0.5f};  // of what is seen, in the picture's width and height
  bool wipe = false;
  float wipe_at = 0.5f;  // of the picture's width: left of it the content
  bool style_beside = false;
};

struct Key {
  int key = 0;        // GLFW_KEY_…
  int modifiers = 0;  // GLFW_MOD_…
};

struct Ui {
  Ui(Model start, const Preferences& remembered, std::filesystem::path marks_file)
      : model(std::move(start)), preferences(remembered), marks(std::move(marks_file)) {}

  Model model;
  Preferences preferences;
  Marks marks;
  View view;
  Chooser chooser;
  Painter* painter = nullptr;
  Renderer* renderer = nullptr;
  Pictures* pictures = nullptr;
  Fonts fonts;
  float scale = 1;  // of lengths

  Standing standing;  // as of this frame
  std::vector<LossPoint> curve;
  int curve_version = -1;
  std::shared_ptr<const Shot> looked_at;  // a snapshot that is shown instead of the result
  NativePicture looked_picture;
  std::vector<Key> keys;  // pressed since the last frame
  bool show_help = false;
  bool leaving = false;
  std::string toast;  // a line that goes away by itself
  double toast_until = 0;
  int notices_seen = 0;

  const Palette& colours() const { return palette(preferences.dark); }
  float px(float length) const { return length * scale; }
  bool has_run() const { return standing.phase != Phase::empty; }
  bool running() const { return standing.phase == Phase::painting || standing.phase == Phase::paused; }
  // Whether the key was pressed, and nobody else takes it from here on.
  bool take_key(int key, int modifiers = 0);
  void say(const std::string& text) {
    toast = text;
    toast_until = ImGui::GetTime() + 4;
  }
};

// Each draws its part of the window into the rectangle.
void side_panel(Ui& ui, ImVec2 from, ImVec2 to);
void canvas(Ui& ui, ImVec2 from, ImVec2 to);
void filmstrip(Ui& ui, ImVec2 from, ImVec2 to);
void curves(Ui& ui, ImVec2 from, ImVec2 to);
void status_bar(Ui& ui, ImVec2 from, ImVec2 to);
void help(Ui& ui);
void messages(Ui& ui, ImVec2 from, ImVec2 to);

// What both keys and buttons do.
void start_painting(Ui& ui);
void continue_painting(Ui& ui);
void toggle_pause(Ui& ui);
void ask_where_to_save(Ui& ui);
void ask_where_to_save_session(Ui& ui);
void choose_content(Ui& ui);
void choose_style(Ui& ui);
void shortcuts(Ui& ui);

// A region without decoration; end with ImGui::End().
void begin_region(const Ui& ui, const char* name, ImVec2 from, ImVec2 to, const ImVec4& background);
// A button in the accent's colour.
bool accent_button(const Ui& ui, const char* label, ImVec2 size);
// Small, muted words.
void caption(const Ui& ui, const char* text);

}  // namespace impasto::viewer
