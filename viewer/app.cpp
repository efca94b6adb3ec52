// The window's loop: events in, panels, a frame out; and a new device when the old one is lost.
#include "app.h"

#include "draw/picture_buffer.h"
#include "imgui_headers.h"
#include "impasto/error.h"
#include "ui.h"
#include "window.h"

#include <fmt/core.h>

#include <GLFW/glfw3.h>
#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>

namespace impasto::viewer {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kFrameSeconds = 1 / 60.0;  // no faster
constexpr double kRestSeconds = 0.2;        // between frames when nothing happens
constexpr int kSettlingFrames = 4;          // after the last thing that happened
constexpr int kMostLosses = 3;              // of the device

NativeDevice open_device(const Options& options, const Window& window) {
  NativeDeviceOptions wanted;
  wanted.device = options.job.device;
  wanted.instance_extensions = window.instance_extensions();
  wanted.device_extensions = {VK_KHR_SWAPCHAIN_EXTENSION_NAME};
  wanted.validation = options.validation;
  wanted.on_message = [](std::string_view text) { fmt::print(stderr, "validation: {}\n", text); };
  return NativeDevice(wanted);
}

struct ImGuiContextScope {
  explicit ImGuiContextScope(const Window& window) {
    ImGui::CreateContext();
    ImGui::GetIO().IniFilename = nullptr;
    ImGui::GetIO().ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
    ImGui_ImplGlfw_InitForVulkan(window.handle(), true);
  }
  ~ImGuiContextScope() {
    ImGui_ImplGlfw_Shutdown();
    ImGui::DestroyContext();
  }
};

// Everything that lives and dies with a device.
struct Screen {
  Screen(const Options& options, const Window& window)
      : device(open_device(options, window)),
        surface(device, window),
        renderer(device, surface.handle()),
        pictures(device, Window::wake),
        painter(device, Window::wake) {}

  NativeDevice device;
  Surface surface;
  Renderer renderer;
  Pictures pictures;
  Painter painter;
};

void take_dropped(Ui& ui, const std::vector<std::filesystem::path>& files) {
  for (const std::filesystem::path& file : files) {
    if (ui.model.job.content.empty())
      ui.model.job.content = file;
    else
      ui.model.job.styles.push_back({file, 1});
    ui.preferences.folder = file.parent_path().string();
  }
}

void lay_out(Ui& ui) {
  const ImVec2 all = ImGui::GetIO().DisplaySize;
  const float side = ui.px(320), status = ui.px(34), strip = ui.px(168), line = std::max(1.0f, ui.px(1));
  const float right = std::min(ui.px(520), (all.x - side) / 2);
  const float bottom = all.y - status, middle = bottom - (ui.has_run() ? strip : 0);
  ImDrawList& behind = *ImGui::GetBackgroundDrawList();
  behind.AddRectFilled({0, 0}, all, colour(ui.colours().line));
  side_panel(ui, {0, 0}, {side, bottom});
  canvas(ui, {side + line, 0}, {all.x, middle});
  if (ui.has_run()) {
    filmstrip(ui, {side + line, middle + line}, {all.x - right, bottom});
    curves(ui, {all.x - right + line, middle + line}, {all.x, bottom});
  }
  status_bar(ui, {0, bottom}, all);
  messages(ui, {side, 0}, {all.x, middle});
  help(ui);
  ui.chooser.draw(ui);
}

const char* phase_name(Phase phase) {
  constexpr const char* kNames[] = {"empty", "preparing", "painting", "paused", "done", "failed"};
  return kNames[static_cast<size_t>(phase)];
}

void note_facts(Ui& ui, double frame_ms, double frames) {
  ui.marks.fact("frame", frames);
  const Standing& now = ui.standing;
  ui.marks.fact("phase", phase_name(now.phase));
  ui.marks.fact("iteration", now.progress.iteration);
  ui.marks.fact("iterations", now.progress.iterations);
  ui.marks.fact("width", now.progress.width);
  ui.marks.fact("total", now.progress.losses.total);
  ui.marks.fact("style", now.progress.losses.style);
  ui.marks.fact("content", now.progress.losses.content);
  ui.marks.fact("style_weight", ui.model.job.recipe.style_weight);
  ui.marks.fact("content_weight", ui.model.job.recipe.content_weight);
  ui.marks.fact("points", double(ui.curve.size()));
  ui.marks.fact("zoom", double(ui.view.zoom));
  ui.marks.fact("frame_ms", frame_ms);
}

// A steerable change is in the next iteration.
void steer(Ui& ui) {
  if (!ui.has_run() || ui.standing.phase == Phase::failed) return;
  for (const Job& wanted : {ui.model.painting_job(), ui.model.continuing_job()})
    if (can_steer(ui.standing.job, wanted) && !(wanted == ui.standing.job)) return ui.painter->steer(wanted);
}

void look_at(Ui& ui, const std::shared_ptr<const Shot>& before, const NativeDevice& device) {
  if (ui.looked_at == before) return;
  ui.looked_picture = ui.looked_at ? upload(device, ui.looked_at->snapshot.picture) : NativePicture{};
}

class Loop {
 public:
  Loop(const Options& options, Window& window, Ui& ui) : options_(options), window_(window), ui_(ui) {}

  // True when the window was closed, false when the device was lost.
  bool run(Screen& screen) {
    screen_ = &screen;
    ui_.painter = &screen.painter;
    ui_.renderer = &screen.renderer;
    ui_.pictures = &screen.pictures;
    ui_.curve_version = -1;
    ui_.looked_at.reset();
    int settling = kSettlingFrames;
    while (!window_.closing() && !ui_.leaving) {
      wait(settling > 0 ? kFrameSeconds : kRestSeconds);
      settling = happened() ? kSettlingFrames : std::max(0, settling - 1);
      frame();
      if (ui_.standing.device_lost) return false;
    }
    return true;
  }

 private:
  void wait(double seconds) {
    window_.wait(seconds);
    const auto earliest = last_frame_ + std::chrono::duration_cast<Clock::duration>(
                                            std::chrono::duration<double>(kFrameSeconds));
    std::this_thread::sleep_until(earliest);
    last_frame_ = Clock::now();
  }

  bool happened() {
    Events events = window_.take_events();
    const ImGuiIO& io = ImGui::GetIO();
    const bool any =
        !events.keys.empty() || !events.dropped.empty() || io.MouseWheel != 0 || ImGui::IsAnyMouseDown();
    ui_.keys = std::move(events.keys);
    take_dropped(ui_, events.dropped);
    return any;
  }

  void frame() {
    const auto begun = Clock::now();
    refresh_style();
    ui_.standing = screen_->painter.standing();
    screen_->painter.read_curve(ui_.curve, ui_.curve_version);
    const auto looked = ui_.looked_at;
    screen_->renderer.new_frame();
    ImGui_ImplGlfw_NewFrame();
    ImGui::NewFrame();
    ui_.marks.begin();
    shortcuts(ui_);
    lay_out(ui_);
    ui_.model.settle(ImGui::IsAnyItemActive());
    steer(ui_);
    ImGui::Render();
    int width = 0, height = 0;
    window_.framebuffer_size(width, height);
    if (width > 0 && height > 0)
      screen_->renderer.draw(ImGui::GetDrawData(), uint32_t(width), uint32_t(height));
    look_at(ui_, looked, screen_->device);
    note_facts(ui_, std::chrono::duration<double, std::milli>(Clock::now() - begun).count(), ++frames_);
    ui_.marks.write();
  }

  void refresh_style() {
    if (styled_ && dark_ == ui_.preferences.dark) return;
    styled_ = true;
    dark_ = ui_.preferences.dark;
    apply_theme(dark_, ui_.scale);
  }

  const Options& options_;
  Window& window_;
  Ui& ui_;
  Screen* screen_ = nullptr;
  Clock::time_point last_frame_{};
  int frames_ = 0;
  bool styled_ = false, dark_ = true;
};

Job first_job(const Options& options, const Preferences& preferences) {
  Job job = options.job.resume.empty() ? options.job : read_checkpoint(options.job.resume).job;
  job.resume.clear();
  job.checkpoint.clear();
  if (!options.job.resume.empty()) return job;
  if (!options.size_given) job.size = preferences.size;
  if (job.model == kBestModel && !preferences.model.empty()) job.model = preferences.model;
  return job;
}

void remember(const Ui& ui, const Window& window) {
  Preferences preferences = ui.preferences;
  const float scale = window.scale();
  window.size(preferences.width, preferences.height);
  preferences.width = int(float(preferences.width) / scale);
  preferences.height = int(float(preferences.height) / scale);
  if (ui.model.job.size > 0) preferences.size = ui.model.job.size;
  preferences.model = ui.model.job.model == kBestModel ? "" : ui.model.job.model;
  save_preferences(preferences);
}

}  // namespace

void run(const Options& options) {
  const Preferences remembered = load_preferences();
  Window window(remembered.width, remembered.height);
  const ImGuiContextScope context(window);
  Ui ui(Model(first_job(options, remembered)), remembered, options.marks);
  ui.scale = window.scale();
  ui.fonts = load_fonts(ui.scale);
  std::optional<Image> rescued;
  for (int losses = 0;; ++losses) {
    Screen screen(options, window);
    Loop loop(options, window, ui);
    if (rescued) screen.painter.start_from(ui.model.continuing_job(), *rescued);
    if (losses == 0 && !options.job.resume.empty()) {
      Job resumed = ui.model.job;
      resumed.resume = options.job.resume;
      screen.painter.start(resumed, false);
    } else if (losses == 0 && options.paint && ui.model.complete()) {
      screen.painter.start(ui.model.painting_job(), false);
    }
    bool closed = false;
    try {
      closed = loop.run(screen);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::device || losses == kMostLosses) throw;
    }
    if (closed) break;
    if (losses == kMostLosses)
      throw Error(ErrorKind::device, "the device was lost again and again; update its driver");
    rescued = screen.painter.rescue();
    ui.looked_picture = {};
    ui.standing = {};
    ui.say("The device was lost; it goes on from the last state");
  }
  remember(ui, window);
}

}  // namespace impasto::viewer
