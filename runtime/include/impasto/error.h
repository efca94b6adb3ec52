// The one exception that leaves the library. Its kind is the exit code of the program.
#pragma once

#include "impasto/export.h"

#include <stdexcept>
#include <string>

namespace impasto {

enum class ErrorKind {
  usage = 2,    // a flag, a recipe or a setting is wrong
  input = 3,    // an input file is missing, unreadable or not what it should be; an output cannot be written
  device = 4,   // no usable device, or it failed and could not be recovered
  budget = 5,   // the job does not fit the memory budget and cannot be made to
  partial = 6,  // some items of a batch failed
  interrupted = 130  // stopped by the user
};

// what() is one line: it names the file or flag, says what is wrong and what to do.
class IMPASTO_API Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& what) : std::runtime_error(what), kind_(kind) {}
  ErrorKind kind() const { return kind_; }
  int exit_code() const { return static_cast<int>(kind_); }

 private:
  ErrorKind kind_;
};

}  // namespace impasto
