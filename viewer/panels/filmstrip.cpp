// Snapshots along the run: press one to look at it, and go on from there.
#include "byte_text.h"
#include "ui.h"

#include <algorithm>

namespace impasto::viewer {
namespace {

void frame(Ui& ui, const std::shared_ptr<const Shot>& shot, float side) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const NativePicture& picture = shot->thumbnail;
  const float width = side * static_cast<float>(picture.width) / static_cast<float>(picture.height);
  const std::string mark = "snapshot " + std::to_string(shot->snapshot.iteration);
  ImGui::PushID(shot.get());
  if (ImGui::InvisibleButton(mark.c_str(), {width, side})) ui.looked_at = shot;
  ImGui::PopID();
  ui.marks.item(mark);
  ui.renderer->add(list, picture, at, {at.x + width, at.y + side});
  const bool looked = ui.looked_at == shot;
  if (looked || ImGui::IsItemHovered())
    list.AddRect(at, {at.x + width, at.y + side}, colour(ui.colours().accent), 0, 0, ui.px(looked ? 3 : 2));
  const std::string number = std::to_string(shot->snapshot.iteration);
  const ImVec2 size = ui.fonts.small->CalcTextSizeA(ui.fonts.small->FontSize, FLT_MAX, 0, number.c_str());
  list.AddRectFilled({at.x, at.y + side - size.y - ui.px(4)}, {at.x + size.x + ui.px(10), at.y + side},
                     IM_COL32(0, 0, 0, 170));
  list.AddText(ui.fonts.small, ui.fonts.small->FontSize, {at.x + ui.px(5), at.y + side - size.y - ui.px(2)},
               IM_COL32(240, 238, 234, 255), number.c_str());
  ImGui::SameLine(0, ui.px(6));
}

// What can be done with the snapshot that is looked at.
void actions(Ui& ui) {
  if (ImGui::Button("Go on from here")) {
    ui.painter->go_back(ui.looked_at);
    ui.looked_at.reset();
    return;
  }
  ui.marks.item("branch");
  ImGui::SameLine();
  if (ImGui::Button("Save it…")) ask_where_to_save(ui);
  ui.marks.item("save snapshot");
  ImGui::SameLine();
  if (ImGui::Button("Back to now")) ui.looked_at.reset();
  ui.marks.item("back");
}

}  // namespace

void filmstrip(Ui& ui, ImVec2 from, ImVec2 to) {
  begin_region(ui, "filmstrip", from, to, ui.colours().panel);
  ImGui::PushFont(ui.fonts.small);
  ImGui::AlignTextToFramePadding();
  if (ui.looked_at) {
    actions(ui);
  } else {
    const std::string words = ui.standing.shots.empty()
                                  ? "Snapshots appear here"
                                  : "Snapshots, " + cli::byte_text(bytes_of(ui.standing.shots));
    caption(ui, words.c_str());
    if (ui.running()) {
      ImGui::SameLine();
      if (ImGui::Button("Keep this one")) ui.painter->keep_snapshot();
      ui.marks.item("keep");
    }
  }
  ImGui::PopFont();
  ImGui::BeginChild("frames", {0, 0}, false, ImGuiWindowFlags_HorizontalScrollbar);
  const float side = std::max(ui.px(32), ImGui::GetContentRegionAvail().y - ui.px(4));
  for (const auto& shot : ui.standing.shots) frame(ui, shot, side);
  ImGui::EndChild();
  ImGui::End();
}

}  // namespace impasto::viewer
