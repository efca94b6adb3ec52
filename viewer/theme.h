// Colours, spacing and letters: calm, so that the picture is what one sees.
#pragma once

#include <imgui.h>

namespace impasto::viewer {

struct Palette {
  ImVec4 canvas;  // behind the picture
  ImVec4 panel;
  ImVec4 raised;  // what can be pressed
  ImVec4 hovered;
  ImVec4 line;
  ImVec4 text;
  ImVec4 muted;  // still 4.5 : 1 on a panel
  ImVec4 accent;
  ImVec4 on_accent;
  ImVec4 warning;
  ImVec4 curves[6];
};

constexpr float kTextSize = 15;   // pixels before scaling
constexpr float kSmallSize = 13;  // the smallest there is
constexpr float kTitleSize = 22;

struct Fonts {
  ImFont* text = nullptr;
  ImFont* small = nullptr;
  ImFont* title = nullptr;
};

const Palette& palette(bool dark);

// Sets Dear ImGui's style; scale is of the screen.
void apply_theme(bool dark, float scale);

// Letters of the best font that this machine has, in the pixels of the screen. The backend must not have the fonts yet.
Fonts load_fonts(float scale);

inline ImU32 colour(const ImVec4& value, float alpha = 1) {
  return ImGui::ColorConvertFloat4ToU32({value.x, value.y, value.z, value.w * alpha});
}

}  // namespace impasto::viewer
