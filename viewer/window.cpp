// Opens the window with GLFW.
#include "window.h"

#include "impasto/error.h"

#define GLFW_INCLUDE_VULKAN
#include <GLFW/glfw3.h>

namespace impasto::viewer {
namespace {

std::string glfw_reason() {
  const char* text = nullptr;
  glfwGetError(&text);
  return text != nullptr ? std::string(": ") + text : std::string();
}

Events& events_of(GLFWwindow* window) {
  return *static_cast<Events*>(glfwGetWindowUserPointer(window));
}

}  // namespace

Window::Window(int width, int height) {
  if (glfwInit() != GLFW_TRUE) throw Error(ErrorKind::device, "no window can be opened" + glfw_reason());
  if (glfwVulkanSupported() != GLFW_TRUE) {
    glfwTerminate();
    throw Error(ErrorKind::device,
                "no Vulkan driver is installed; install the graphics driver, or Mesa's software driver");
  }
  glfwWindowHint(GLFW_CLIENT_API, GLFW_NO_API);
  glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
  window_ = glfwCreateWindow(width, height, "Impasto", nullptr, nullptr);
  if (window_ == nullptr) {
    const std::string reason = glfw_reason();
    glfwTerminate();
    throw Error(ErrorKind::device, "no window can be opened" + reason);
  }
  glfwSetWindowSizeLimits(window_, 800, 560, GLFW_DONT_CARE, GLFW_DONT_CARE);
  glfwSetWindowUserPointer(window_, &events_);
  glfwSetKeyCallback(window_, [](GLFWwindow* window, int key, int, int action, int modifiers) {
    const int known = modifiers & (GLFW_MOD_CONTROL | GLFW_MOD_SHIFT | GLFW_MOD_ALT | GLFW_MOD_SUPER);
    const int control = (known & GLFW_MOD_SUPER) != 0 ? (known & ~GLFW_MOD_SUPER) | GLFW_MOD_CONTROL : known;
    events_of(window).keys_seen++;
    if (action == GLFW_PRESS) events_of(window).keys.push_back({key, control});
  });
  glfwSetDropCallback(window_, [](GLFWwindow* window, int count, const char** files) {
    Events& events = events_of(window);
    for (int i = 0; i < count; ++i) events.dropped.push_back(reinterpret_cast<const char8_t*>(files[i]));
    double x = 0, y = 0;
    glfwGetCursorPos(window, &x, &y);
    events.dropped_x = static_cast<float>(x);
    events.dropped_y = static_cast<float>(y);
  });
}

Window::~Window() {
  glfwDestroyWindow(window_);
  glfwTerminate();
}

bool Window::closing() const {
  return glfwWindowShouldClose(window_) == GLFW_TRUE;
}
void Window::framebuffer_size(int& width, int& height) const {
  glfwGetFramebufferSize(window_, &width, &height);
}
void Window::size(int& width, int& height) const {
  glfwGetWindowSize(window_, &width, &height);
}

Events Window::take_events() {
  Events fresh;
  fresh.keys_seen = events_.keys_seen;
  return std::exchange(events_, fresh);
}

float Window::scale() const {
  float x = 1, y = 1;
  glfwGetWindowContentScale(window_, &x, &y);
  return x > 0 ? x : 1;
}

void Window::wait(double seconds) const {
  glfwWaitEventsTimeout(seconds);
}
void Window::wake() {
  glfwPostEmptyEvent();
}

std::vector<std::string> Window::instance_extensions() const {
  uint32_t count = 0;
  const char** names = glfwGetRequiredInstanceExtensions(&count);
  if (names == nullptr) throw Error(ErrorKind::device, "Vulkan cannot draw on this desktop" + glfw_reason());
  return {names, names + count};
}

Surface::Surface(const NativeDevice& device, const Window& window) : device_(device) {
  check(glfwCreateWindowSurface(device.instance(), window.handle(), nullptr, &surface_),
        "glfwCreateWindowSurface");
}

Surface::~Surface() {
  vkDestroySurfaceKHR(device_.instance(), surface_, nullptr);
}

}  // namespace impasto::viewer
