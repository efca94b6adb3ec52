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
#include <utility>

namespace impasto::viewer {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kFrameSeconds = 1 / 60.0;  // no faster
constexpr double kRestSeconds = 0.2;        // between frames when nothing happens
constexpr int kSettlingFrames = 4;          // after the last thing that happened
constexpr int kMostLosses = 3;              // of the device

NativeDevice open_device(const Options& options, const std::string& device, const Window& window) {
  NativeDeviceOptions wanted;
  wanted.device = device;
  wanted.instance_extensions = window.instance_extensions();
  wanted.device_extensions = {VK_KHR_SWAPCHAIN_EXTENSION_NAME};
  wanted.validation = options.validation;
  wanted.on_message = [](std::string_view text) { fmt::print(stderr, "validation: {}\n", text); };
  return NativeDevice(wanted);
}

// Throws Error(device) when it cannot draw in the window.
void try_device(const Options& options, const std::string& name, const Window& window) {
  const NativeDevice device = open_device(options, name, window);
  const Surface surface(device, window);
  check_drawable(device, surface.handle());
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
  Screen(const Options& options, const std::string& name, const Window& window)
      : device(open_device(options, name, window)),
        surface(device, window),
        renderer(std::make_unique<Renderer>(device, surface.handle())),
        pictures(device, Window::wake),
        painter(device, options.snapshot_bytes, Window::wake) {}

  NativeDevice device;
  Surface surface;
  std::unique_ptr<Renderer> renderer;  // another one when letters change their size
  Pictures pictures;
  Painter painter;
};

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
  kernel_costs(ui);
  ui.chooser.draw(ui);
}

const char* phase_name(Phase phase) {
  constexpr const char* kNames[] = {"empty", "preparing", "painting", "paused", "done", "failed"};
  return kNames[static_cast<size_t>(phase)];
}

void note_facts(Ui& ui, double frame_ms) {
  ui.marks.fact("frame", ui.frames);
  const Standing& now = ui.standing;
  ui.marks.fact("phase", phase_name(now.phase));
  ui.marks.fact("iteration", now.progress.iteration);
  ui.marks.fact("iterations", now.progress.iterations);
  ui.marks.fact("width", now.progress.width);
  ui.marks.fact("total", now.progress.losses.total);
  ui.marks.fact("style", now.progress.losses.style);
  ui.marks.fact("content", now.progress.losses.content);
  for (const TermLoss& term : now.progress.losses.terms)
    ui.marks.fact(term.layer.empty() ? term.kind : term.kind + " " + term.layer, term.value);
  ui.marks.fact("style_strength", ui.model.job.style_strength);
  ui.marks.fact("content_weight", ui.model.job.recipe.content_weight);
  ui.marks.fact("points", double(ui.curve.size()));
  ui.marks.fact("zoom", double(ui.view.zoom));
  ui.marks.fact("frame_ms", frame_ms);
  const ImGuiIO& io = ImGui::GetIO();
  ui.marks.fact("mouse_x", double(io.MousePos.x));
  ui.marks.fact("mouse_y", double(io.MousePos.y));
  ui.marks.fact("keys", ui.keys_seen);
  ui.marks.fact("wheel", double(ui.wheel_turned));
  ui.marks.fact("mouse_down", io.MouseDown[0] ? 1 : 0);
  ui.marks.fact("window_width", double(io.DisplaySize.x));
  ui.marks.fact("window_height", double(io.DisplaySize.y));
  ui.marks.fact("snapshot_bytes", double(bytes_of(now.shots)));
  ui.marks.fact("letters", double(ui.scale));
  ui.marks.fact("size", ui.model.job.size);
  ui.marks.fact("recipe", ui.model.usual_recipe().label);
  ui.marks.fact("copied", ui.copied);
  ui.marks.fact("device", ui.standing.progress.device);
  ui.marks.fact("photograph", ui.model.job.content.filename().string());
  ui.marks.fact("styles", double(ui.model.job.styles.size()));
}

// A steerable change is in the next iteration.
void steer(Ui& ui) {
  if (!ui.has_run() || ui.standing.phase == Phase::failed) return;
  const auto wanted = steered_job(ui.standing.job, ui.model.job);
  if (wanted && !(*wanted == ui.standing.job)) ui.painter->steer(*wanted);
}

void look_at(Ui& ui, const std::shared_ptr<const Shot>& before, const NativeDevice& device) {
  if (ui.looked_at == before) return;
  ui.looked_picture = ui.looked_at ? upload(device, ui.looked_at->snapshot.picture) : NativePicture{};
}

enum class End { closed, lost, moved };

float scale_of(const Ui& ui, const Window& window) {
  return window.scale() * ui.preferences.letters;
}

class Loop {
 public:
  Loop(const Options& options, Window& window, Ui& ui) : options_(options), window_(window), ui_(ui) {}

  // Until the window is closed, or another device is needed.
  End run(Screen& screen) {
    screen_ = &screen;
    ui_.painter = &screen.painter;
    ui_.renderer = screen.renderer.get();
    ui_.pictures = &screen.pictures;
    ui_.curve_version = -1;
    ui_.looked_at.reset();
    int settling = kSettlingFrames;
    while (!window_.closing() && !ui_.leaving) {
      wait(settling > 0 ? kFrameSeconds : kRestSeconds);
      settling = happened() ? kSettlingFrames : std::max(0, settling - 1);
      frame();
      if (ui_.standing.device_lost) return End::lost;
      if (ui_.move && can_move()) return End::moved;
    }
    return End::closed;
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
    ui_.keys_seen = events.keys_seen;
    take_files(ui_, events.dropped, {events.dropped_x, events.dropped_y});
    return any;
  }

  // Whether the device that is asked for can draw here. When it cannot, what is there stays.
  bool can_move() {
    try {
      try_device(options_, ui_.move->job.device, window_);
      return true;
    } catch (const Error& error) {
      ui_.say(error.what());
      ui_.model.job.device = ui_.device;
      ui_.move.reset();
      return false;
    }
  }

  void frame() {
    const auto begun = Clock::now();
    refresh_style();
    ui_.standing = screen_->painter.standing();
    ui_.advisor->new_frame();
    screen_->painter.read_curve(ui_.curve, ui_.curve_version);
    const auto looked = ui_.looked_at;
    screen_->renderer->new_frame();
    ImGui_ImplGlfw_NewFrame();
    ImGui::NewFrame();
    ui_.marks.begin();
    shortcuts(ui_);
    lay_out(ui_);
    ui_.wheel_turned += ImGui::GetIO().MouseWheel;
    ui_.model.settle(ImGui::IsAnyItemActive());
    steer(ui_);
    ImGui::Render();
    int width = 0, height = 0;
    window_.framebuffer_size(width, height);
    if (width > 0 && height > 0)
      screen_->renderer->draw(ImGui::GetDrawData(), uint32_t(width), uint32_t(height));
    look_at(ui_, looked, screen_->device);
    ui_.frames++;
    note_facts(ui_, std::chrono::duration<double, std::milli>(Clock::now() - begun).count());
    ui_.marks.write();
  }

  void refresh_style() {
    const float scale = scale_of(ui_, window_);
    if (scale != ui_.scale) rescale(scale);
    if (styled_ && dark_ == ui_.preferences.dark) return;
    styled_ = true;
    dark_ = ui_.preferences.dark;
    apply_theme(dark_, ui_.scale);
  }

  // The device keeps the letters, so whoever draws with them begins anew.
  void rescale(float scale) {
    screen_->renderer.reset();
    ui_.scale = scale;
    ui_.fonts = load_fonts(scale);
    screen_->renderer = std::make_unique<Renderer>(screen_->device, screen_->surface.handle());
    ui_.renderer = screen_->renderer.get();
    styled_ = false;
  }

  const Options& options_;
  Window& window_;
  Ui& ui_;
  Screen* screen_ = nullptr;
  Clock::time_point last_frame_{};
  bool styled_ = false, dark_ = true;
};

Job first_job(const Options& options, const Preferences& preferences) {
  Job job = options.job.resume.empty() ? options.job : read_checkpoint(options.job.resume).job;
  job.resume.clear();
  job.checkpoint.clear();
  if (!options.job.resume.empty()) return job;
  if (!options.size_given) job.size = preferences.size;
  if (job.model == kBestModel && !preferences.model.empty()) job.model = preferences.model;
  if (job.precision == Precision::automatic) job.precision = preferences.precision;
  if (job.memory_budget == kFreeMemory) job.memory_budget = preferences.memory_budget;
  const auto remembered = [&](const Recipe& recipe) { return recipe.name == preferences.recipe; };
  const auto recipe = std::find_if(recipes().begin(), recipes().end(), remembered);
  if (!options.recipe_given && recipe != recipes().end()) job.recipe = *recipe;
  return job;
}

// The one that is named, else the remembered one where it is still there.
std::string first_device(const Options& options, const Preferences& preferences, const Window& window) {
  if (!options.job.device.empty() || preferences.device.empty()) return options.job.device;
  try {
    try_device(options, preferences.device, window);
    return preferences.device;
  } catch (const Error&) {
    return "";
  }
}

void remember(const Ui& ui, const Window& window) {
  Preferences preferences = ui.preferences;
  const float scale = window.scale();
  window.size(preferences.width, preferences.height);
  preferences.width = int(float(preferences.width) / scale);
  preferences.height = int(float(preferences.height) / scale);
  const Job& job = ui.model.job;
  if (job.size > 0) preferences.size = job.size;
  preferences.model = job.model == kBestModel ? "" : job.model;
  preferences.recipe = ui.model.usual_recipe().flag;
  preferences.device = job.device;
  preferences.precision = job.precision;
  preferences.memory_budget = job.memory_budget;
  save_preferences(preferences);
}

// What the first device begins with.
void begin(const Options& options, const Ui& ui, Painter& painter) {
  if (!options.job.resume.empty()) {
    Job resumed = ui.model.job;
    resumed.resume = options.job.resume;
    painter.start(resumed, false);
  } else if (options.paint && ui.model.complete()) {
    painter.start(painting_job(ui.model.job), false);
  }
}

// What the next device begins with.
void go_on(Ui& ui, End end, std::optional<Rescue> rescue, Painter& painter) {
  if (end == End::lost) {
    if (rescue) painter.restore(std::move(*rescue));
    return ui.say("The device was lost; it goes on from the last state");
  }
  const Move move = *std::exchange(ui.move, std::nullopt);
  if (move.continued && rescue && !rescue->last.picture.rgb.empty())
    painter.start_from(move.job, rescue->last.picture);
  else
    painter.start(move.job, false);
}

// The loop with one device; an error of the device ends it as its loss does.
End run_on(Screen& screen, Loop loop, bool may_be_lost) {
  try {
    return loop.run(screen);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::device || !may_be_lost) throw;
    return End::lost;
  }
}

}  // namespace

void run(const Options& options) {
  const Preferences remembered = load_preferences();
  Window window(remembered.width, remembered.height);
  const ImGuiContextScope context(window);
  Advisor advisor(Window::wake);
  Costs costs(Window::wake);
  Ui ui(Model(first_job(options, remembered), options.recipe), remembered, options.marks);
  ui.advisor = &advisor;
  ui.costs = &costs;
  ui.device = ui.model.job.device = first_device(options, remembered, window);
  ui.scale = scale_of(ui, window);
  ui.fonts = load_fonts(ui.scale);
  std::optional<Rescue> rescue;
  End end = End::closed;
  int losses = 0;
  for (bool first = true;; first = false) {
    Screen screen(options, ui.device, window);
    if (first)
      begin(options, ui, screen.painter);
    else
      go_on(ui, end, std::move(rescue), screen.painter);
    end = run_on(screen, Loop(options, window, ui), losses < kMostLosses);
    if (end == End::closed) break;
    if (end == End::lost && ++losses > kMostLosses)
      throw Error(ErrorKind::device, "the device was lost again and again; update its driver");
    rescue = screen.painter.rescue();
    if (end == End::moved) ui.device = ui.move->job.device;
    ui.looked_picture = {};
    ui.standing = {};
  }
  remember(ui, window);
}

}  // namespace impasto::viewer
