// Two palettes and one style.
#include "theme.h"

#include "font_file.h"

namespace impasto::viewer {
namespace {

ImVec4 rgb(int hex) {
  return {float(hex >> 16 & 255) / 255, float(hex >> 8 & 255) / 255, float(hex & 255) / 255, 1};
}

const Palette kDark{
    rgb(0x131416),
    rgb(0x1c1e21),
    rgb(0x2a2d32),
    rgb(0x373b42),
    rgb(0x31343a),
    rgb(0xe9e6e1),
    rgb(0xa5a7ab),
    rgb(0xe2a54e),
    rgb(0x1d1404),
    rgb(0xf0806a),
    {rgb(0xe9e6e1), rgb(0x6fb3e0), rgb(0xe2a54e), rgb(0x8fc27a), rgb(0xc792c9), rgb(0x7fc4b8)}};
const Palette kLight{
    rgb(0xdad7d1),
    rgb(0xf4f2ee),
    rgb(0xe4e1da),
    rgb(0xd6d2c9),
    rgb(0xcbc7be),
    rgb(0x23221f),
    rgb(0x5c5a55),
    rgb(0xa35a12),
    rgb(0xffffff),
    rgb(0xb3301a),
    {rgb(0x23221f), rgb(0x1d6aa3), rgb(0xa35a12), rgb(0x3d7a29), rgb(0x8a3f8d), rgb(0x1f7a6c)}};

}  // namespace

const Palette& palette(bool dark) {
  return dark ? kDark : kLight;
}

void apply_theme(bool dark, float scale) {
  const Palette& p = palette(dark);
  ImGuiStyle style;
  style.WindowPadding = {20, 18};
  style.FramePadding = {10, 6};
  style.ItemSpacing = {8, 8};
  style.ItemInnerSpacing = {8, 6};
  style.WindowRounding = 0;
  style.ChildRounding = style.FrameRounding = style.PopupRounding = style.GrabRounding = 6;
  style.WindowBorderSize = style.FrameBorderSize = 0;
  style.PopupBorderSize = 1;
  style.ScrollbarSize = 10;
  style.GrabMinSize = 14;
  style.ScaleAllSizes(scale);
  ImVec4* c = style.Colors;
  const ImVec4 clear{0, 0, 0, 0};
  c[ImGuiCol_Text] = p.text;
  c[ImGuiCol_TextDisabled] = p.muted;
  c[ImGuiCol_WindowBg] = p.panel;
  c[ImGuiCol_ChildBg] = clear;
  c[ImGuiCol_PopupBg] = p.panel;
  c[ImGuiCol_Border] = p.line;
  c[ImGuiCol_FrameBg] = p.raised;
  c[ImGuiCol_FrameBgHovered] = c[ImGuiCol_FrameBgActive] = p.hovered;
  c[ImGuiCol_Button] = p.raised;
  c[ImGuiCol_ButtonHovered] = c[ImGuiCol_ButtonActive] = p.hovered;
  c[ImGuiCol_Header] = p.raised;
  c[ImGuiCol_HeaderHovered] = c[ImGuiCol_HeaderActive] = p.hovered;
  c[ImGuiCol_SliderGrab] = c[ImGuiCol_SliderGrabActive] = c[ImGuiCol_CheckMark] = p.accent;
  c[ImGuiCol_Separator] = p.line;
  c[ImGuiCol_ScrollbarBg] = clear;
  c[ImGuiCol_ScrollbarGrab] = p.hovered;
  c[ImGuiCol_ScrollbarGrabHovered] = c[ImGuiCol_ScrollbarGrabActive] = p.muted;
  c[ImGuiCol_TextSelectedBg] = {p.accent.x, p.accent.y, p.accent.z, 0.35f};
  c[ImGuiCol_ModalWindowDimBg] = {0, 0, 0, 0.5f};
  c[ImGuiCol_TitleBg] = c[ImGuiCol_TitleBgActive] = p.panel;
  c[ImGuiCol_NavHighlight] = p.accent;
  ImGui::GetStyle() = style;
}

Fonts load_fonts(float scale) {
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  atlas.Clear();
  const std::string file = find_font_file();
  static const ImWchar kRanges[] = {0x20, 0x24f, 0x370, 0x3ff, 0x400, 0x4ff, 0x2000, 0x22ff, 0};
  const auto load = [&](float size) {
    ImFontConfig config;
    config.OversampleH = 2;
    config.OversampleV = 1;
    config.PixelSnapH = true;
    config.SizePixels = size * scale;
    ImFont* font =
        file.empty() ? nullptr : atlas.AddFontFromFileTTF(file.c_str(), size * scale, &config, kRanges);
    return font != nullptr ? font : atlas.AddFontDefault(&config);
  };
  return {load(kTextSize), load(kSmallSize), load(kTitleSize)};
}

}  // namespace impasto::viewer
