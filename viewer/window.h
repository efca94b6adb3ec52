// The window of the desktop, and what comes from it.
#pragma once

#include "impasto/native.h"
#include "ui.h"

#include <filesystem>
#include <string>
#include <vector>

struct GLFWwindow;

namespace impasto::viewer {

struct Events {
  std::vector<Key> keys;
  int keys_seen = 0;  // since the window opened, released ones too
  std::vector<std::filesystem::path> dropped;
  float dropped_x = 0, dropped_y = 0;  // where, in the window
};

class Window {
 public:
  // Throws Error(device) when there is no desktop or it knows no Vulkan.
  Window(int width, int height);
  ~Window();
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  GLFWwindow* handle() const { return window_; }
  bool closing() const;
  void framebuffer_size(int& width, int& height) const;
  void size(int& width, int& height) const;
  float scale() const;  // of letters, in the desktop's units
  Events take_events();
  void wait(double seconds) const;  // for an event
  static void wake();               // ends a wait; from any thread

  std::vector<std::string> instance_extensions() const;

 private:
  GLFWwindow* window_ = nullptr;
  Events events_;
};

// A surface of the window; its instance outlives it.
class Surface {
 public:
  Surface(const NativeDevice& device, const Window& window);
  ~Surface();
  Surface(const Surface&) = delete;
  Surface& operator=(const Surface&) = delete;
  VkSurfaceKHR handle() const { return surface_; }

 private:
  NativeDevice device_;
  VkSurfaceKHR surface_ = VK_NULL_HANDLE;
};

}  // namespace impasto::viewer
