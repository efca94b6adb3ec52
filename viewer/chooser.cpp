// Lists folders and pictures.
#include "chooser.h"

#include "imgui_headers.h"
#include "ui.h"

#include <GLFW/glfw3.h>
#include <algorithm>
#include <cctype>
#include <set>
#include <system_error>

namespace impasto::viewer {
namespace {

namespace fs = std::filesystem;

bool is_listed(const fs::path& file, Chooser::Files files) {
  static const std::set<std::string> pictures{".jpg", ".jpeg", ".png", ".tif", ".tiff",
                                              ".exr", ".webp", ".bmp", ".gif"};
  static const std::set<std::string> sessions{".impasto", ".state"}, recipes{".json"};
  std::string extension = file.extension().string();
  for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return (files == Chooser::Files::pictures   ? pictures
          : files == Chooser::Files::sessions ? sessions
                                              : recipes)
      .contains(extension);
}

}  // namespace

void Chooser::open(const std::string& title, const fs::path& folder, Files files, Chosen chosen) {
  saving_ = false;
  files_ = files;
  typed_.clear();
  show(title, folder, std::move(chosen));
}

void Chooser::save(const std::string& title, const fs::path& folder, const std::string& name, Files files,
                   Chosen chosen) {
  saving_ = true;
  files_ = files;
  typed_ = name;
  show(title, folder, std::move(chosen));
}

void Chooser::show(const std::string& title, const fs::path& folder, Chosen chosen) {
  title_ = title;
  chosen_ = std::move(chosen);
  shown_ = opening_ = true;
  asked_ = false;
  std::error_code ignored;
  enter(fs::is_directory(folder, ignored) ? folder : fs::current_path(ignored));
}

void Chooser::enter(const fs::path& folder) {
  std::error_code error;
  const fs::path whole = fs::weakly_canonical(folder, error);
  folder_ = error ? folder : whole;
  rows_.clear();
  for (fs::directory_iterator at(folder_, fs::directory_options::skip_permission_denied, error), end;
       !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    std::error_code ignored;
    const bool is_folder = at->is_directory(ignored);
    if (name.starts_with(".") || (!is_folder && !is_listed(at->path(), files_))) continue;
    rows_.push_back({name, is_folder});
  }
  std::sort(rows_.begin(), rows_.end(),
            [](const Row& a, const Row& b) { return a.folder != b.folder ? a.folder : a.name < b.name; });
}

void Chooser::accept(Ui& ui, const fs::path& file) {
  std::error_code ignored;
  if (fs::is_directory(file, ignored)) return enter(file);
  if (saving_ && fs::exists(file, ignored) && !asked_) {
    asked_ = true;
    return;
  }
  ui.preferences.folder = folder_.string();
  shown_ = false;
  ImGui::CloseCurrentPopup();
  chosen_(file);
}

void Chooser::list(Ui& ui) {
  const float below = ImGui::GetFrameHeightWithSpacing() * 2 + ImGui::GetStyle().ItemSpacing.y;
  ImGui::BeginChild("files", {0, -below});
  fs::path entered;
  if (folder_.has_parent_path() && folder_ != folder_.root_path() && ImGui::Selectable("..  up"))
    entered = folder_.parent_path();
  for (const Row& row : rows_) {
    const std::string label = row.folder ? row.name + "/" : row.name;
    if (ImGui::Selectable(label.c_str(), typed_ == row.name, ImGuiSelectableFlags_DontClosePopups)) {
      if (row.folder) entered = folder_ / row.name;
      typed_ = row.folder ? (saving_ ? typed_ : "") : row.name;
      asked_ = false;
    }
    ui.marks.item("file " + row.name);
    if (!row.folder && ImGui::IsItemHovered() && ImGui::IsMouseDoubleClicked(0))
      accept(ui, folder_ / row.name);
  }
  ImGui::EndChild();
  if (!entered.empty()) enter(entered);
}

void Chooser::draw(Ui& ui) {
  if (!shown_) return;
  const std::string id = title_ + "###chooser";
  if (opening_) ImGui::OpenPopup(id.c_str());
  const ImVec2 display = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowSize(
      {std::min(display.x - ui.px(40), ui.px(620)), std::min(display.y - ui.px(40), ui.px(520))});
  ImGui::SetNextWindowPos({display.x / 2, display.y / 2}, ImGuiCond_Always, {0.5f, 0.5f});
  if (!ImGui::BeginPopupModal(id.c_str(), &shown_, ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoMove))
    return;
  caption(ui, folder_.string().c_str());
  list(ui);
  if (opening_) ImGui::SetKeyboardFocusHere();
  opening_ = false;
  ImGui::SetNextItemWidth(-1);
  const bool entered = ImGui::InputText("##name", &typed_, ImGuiInputTextFlags_EnterReturnsTrue);
  ui.marks.item("file name");
  ui.marks.fact("typed", typed_);
  if (ImGui::IsItemEdited()) asked_ = false;
  const char* action = asked_ ? "Replace the file that is there" : saving_ ? "Save" : "Open";
  const bool pressed = accent_button(ui, action, {0, 0});
  ui.marks.item("accept");
  ImGui::SameLine();
  const bool cancelled = ImGui::Button("Cancel");
  if (saving_ && files_ == Files::pictures) {
    ImGui::SameLine();
    ImGui::AlignTextToFramePadding();
    caption(ui, ".png, .jpg, .webp, .tif or .exr");
  }
  if (cancelled || ui.take_key(GLFW_KEY_ESCAPE)) {
    shown_ = false;
    ImGui::CloseCurrentPopup();
  } else if ((entered || pressed) && !typed_.empty()) {
    const fs::path typed(typed_);
    accept(ui, typed.is_absolute() ? typed : folder_ / typed);
  }
  ImGui::EndPopup();
}

}  // namespace impasto::viewer
