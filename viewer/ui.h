// What the panels of the window share.
#pragma once

#include "advisor.h"
#include "chooser.h"
#include "costs.h"
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
#include <optional>
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
  int zoom_steps = 0;  // asked for by keys and buttons
};

struct Key {
  int key = 0;        // GLFW_KEY_…
  int modifiers = 0;  // GLFW_MOD_…
};

// A run to begin on another device than the one that is open.
struct Move {
  Job job;
  bool continued = false;  // from the picture that there is
};

struct Ui {
  Ui(Model start, const Preferences& remembered, std::filesystem::path marks_file)
      : model(std::move(start)), preferences(remembered), marks(std::move(marks_file)) {}

  Model model;
  Preferences preferences;
  Marks marks;
  View view;
  Chooser chooser;
  Advisor* advisor = nullptr;
  Costs* costs = nullptr;
  Painter* painter = nullptr;
  Renderer* renderer = nullptr;
  Pictures* pictures = nullptr;
  Fonts fonts;
  float scale = 1;     // of lengths
  std::string device;  // that is open, as Job::device
  std::optional<Move> move;

  Standing standing;  // as of this frame
  std::vector<LossPoint> curve;
  int curve_version = -1;
  std::shared_ptr<const Shot> looked_at;  // a snapshot that is shown instead of the result
  NativePicture looked_picture;
  std::vector<Key> keys;                  // pressed since the last frame
  int frames = 0;                         // since the window opened
  int keys_seen = 0;                      // likewise
  float wheel_turned = 0;                 // likewise, in all
  ImVec2 photograph_from, photograph_to;  // where it is shown among the steps
  bool show_help = false;
  bool show_costs = false;
  bool leaving = false;
  std::string copied;  // the last command line, if any
  std::string toast;   // a line that goes away by itself
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
void kernel_costs(Ui& ui);
void messages(Ui& ui, ImVec2 from, ImVec2 to);

// Parts of the side panel, one below the other.
void menu(Ui& ui);
void choices(Ui& ui);
void steering(Ui& ui);

// What both keys and buttons do.
void start_painting(Ui& ui);
void continue_painting(Ui& ui);
void toggle_pause(Ui& ui);
void ask_where_to_save(Ui& ui);
void ask_where_to_save_session(Ui& ui);
void open_session(Ui& ui);
// A session, or pictures: the photograph where there is none or they are dropped on it, then styles.
void take_files(Ui& ui, const std::vector<std::filesystem::path>& files, ImVec2 dropped_at);
void copy_command(Ui& ui);
void measure_costs(Ui& ui);
void enlarge_letters(Ui& ui, int steps);
void choose_content(Ui& ui);
void choose_style(Ui& ui);
void shortcuts(Ui& ui);

// A region without decoration, but for a scroll bar where one is wanted and needed; end with ImGui::End().
void begin_region(const Ui& ui, const char* name, ImVec2 from, ImVec2 to, const ImVec4& background,
                  bool scrolls = false);
// A button in the accent's colour.
bool accent_button(const Ui& ui, const char* label, ImVec2 size);
// "41 s", "3:05 min", "2:10 h".
std::string duration(double seconds);
// Small, muted words.
void caption(const Ui& ui, const char* text);
// Those at the left of a line, of which the next item takes the rest but for `right`.
void row_label(const Ui& ui, const char* text, float right = 0);
// A heading that shows or hides what is below; whether it is shown.
bool fold(Ui& ui, const char* text, const char* mark);

}  // namespace impasto::viewer
