// A window to choose a file in: one that exists, or the name of one that shall.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace impasto::viewer {

struct Ui;

class Chooser {
 public:
  enum class Files { pictures, sessions, recipes };  // that are listed
  using Chosen = std::function<void(const std::filesystem::path&)>;

  void open(const std::string& title, const std::filesystem::path& folder, Files files, Chosen chosen);
  // name: what is proposed.
  void save(const std::string& title, const std::filesystem::path& folder, const std::string& name,
            Files files, Chosen chosen);
  bool shown() const { return shown_; }
  void draw(Ui& ui);

 private:
  struct Row {
    std::string name;
    bool folder = false;
  };
  void show(const std::string& title, const std::filesystem::path& folder, Chosen chosen);
  void enter(const std::filesystem::path& folder);
  void list(Ui& ui);
  void accept(Ui& ui, const std::filesystem::path& file);

  Files files_ = Files::pictures;
  bool shown_ = false;
  bool opening_ = false;
  bool saving_ = false;
  bool asked_ = false;  // whether the file that is there may go
  std::string title_;
  std::filesystem::path folder_;
  std::vector<Row> rows_;
  std::string typed_;
  Chosen chosen_;
};

}  // namespace impasto::viewer
