// The main function of every test program: fails test cases that validation complained about, and reports
// skips to ctest.
#if !__has_include(<catch2/catch_all.hpp>)
#define CATCH_CONFIG_RUNNER
#endif
#include "catch.h"
#include "support/gpu.h"

#include <iostream>
#include <string>
#include <vector>

namespace {

int& blamed_cases() {
  static int count = 0;
  return count;
}

void blame(const std::string& where) {
  const std::vector<std::string> messages = impasto::test::take_messages();
  if (messages.empty()) return;
  ++blamed_cases();
  std::cerr << "FAILED: validation spoke during " << where << std::endl;
  for (const std::string& message : messages) std::cerr << "  " << message << std::endl;
}

#if __has_include(<catch2/catch_all.hpp>)
using ListenerBase = Catch::EventListenerBase;
#else
using ListenerBase = Catch::TestEventListenerBase;
#endif

// Version 2 holds the test's description by value, version 3 by pointer.
[[maybe_unused]] std::string name_of(const Catch::TestCaseInfo& info) {
  return info.name;
}
[[maybe_unused]] std::string name_of(const Catch::TestCaseInfo* info) {
  return info->name;
}

// run() of support/gpu.h fails an assertion at once; this catches what is said outside of it, after the last
// assertion.
struct ValidationListener : ListenerBase {
  using ListenerBase::ListenerBase;
  void testCaseEnded(const Catch::TestCaseStats& stats) override {
    blame("\"" + name_of(stats.testInfo) + "\"");
  }
};

}  // namespace

CATCH_REGISTER_LISTENER(ValidationListener)

int main(int argc, char** argv) {
  const int result = Catch::Session().run(argc, argv);
  impasto::test::close_gpu();
  blame("the end of the program");
  if (result != 0) return result;
  if (blamed_cases() > 0) return 1;
  return impasto::test::skipped() ? impasto::test::kSkipExitCode : 0;
}
