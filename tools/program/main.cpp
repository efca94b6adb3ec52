// The program impasto.
#include "command_line.h"

int main(int argc, char** argv) {
  return impasto::cli::run({argv + (argc > 0 ? 1 : 0), argv + argc});
}
