// Asks POSIX or Windows about the terminal.
#include "terminal.h"

#include <cstdio>

#ifdef _WIN32
#define NOMINMAX
#include <io.h>
#include <windows.h>
#else
#include <sys/ioctl.h>
#include <unistd.h>
#endif

namespace impasto::cli {
namespace {

constexpr int kUsualColumns = 80;

}  // namespace

#ifdef _WIN32

bool error_is_terminal() {
  return _isatty(_fileno(stderr)) != 0;
}

int terminal_columns() {
  CONSOLE_SCREEN_BUFFER_INFO info{};
  if (!GetConsoleScreenBufferInfo(GetStdHandle(STD_ERROR_HANDLE), &info)) return kUsualColumns;
  return info.srWindow.Right - info.srWindow.Left + 1;
}

#else

bool error_is_terminal() {
  return isatty(STDERR_FILENO) != 0;
}

int terminal_columns() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUsualColumns;
  return size.ws_col;
}

#endif

}  // namespace impasto::cli
