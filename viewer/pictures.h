// The pictures that files hold, ready to be drawn: read on other threads, kept as long as the window is open.
#pragma once

#include "impasto/native.h"

#include <filesystem>
#include <functional>
#include <future>
#include <map>
#include <string>

namespace impasto::viewer {

struct FilePicture {
  NativePicture picture;  // empty while it is read, and when there is none
  int width = 0;          // of the file, which may be larger than what is drawn
  int height = 0;
  std::string error;
};

class Pictures {
 public:
  Pictures(const NativeDevice& device, std::function<void()> wake);

  const FilePicture& get(const std::filesystem::path& file);

 private:
  struct Entry {
    FilePicture picture;
    std::future<FilePicture> coming;
  };
  NativeDevice device_;
  std::function<void()> wake_;
  std::map<std::filesystem::path, Entry> entries_;
};

}  // namespace impasto::viewer
