// Where things are on the screen and what the program knows, in a file: for those who drive the window without eyes, as the tests do.
#pragma once

#include <chrono>
#include <filesystem>
#include <imgui.h>
#include <map>
#include <string>

namespace impasto::viewer {

class Marks {
 public:
  // Nothing is written to an empty file name.
  explicit Marks(std::filesystem::path file) : file_(std::move(file)) {}

  void begin();
  void item(const std::string& name);  // the last item of Dear ImGui
  void area(const std::string& name, ImVec2 from, ImVec2 to);
  void fact(const std::string& name, const std::string& value);
  void fact(const std::string& name, double value);
  void write();  // when something changed, a few times a second at most; the file appears whole

 private:
  std::filesystem::path file_;
  std::map<std::string, ImVec4> areas_;
  std::map<std::string, std::string> texts_;
  std::map<std::string, double> numbers_;
  std::string written_;
  std::chrono::steady_clock::time_point last_{};
};

}  // namespace impasto::viewer
