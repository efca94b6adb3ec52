// Tells people on standard error, or machines on standard output, how a batch goes.
#pragma once

#include "impasto/batch.h"
#include "progress_line.h"
#include "progress_printer.h"

#include <string>
#include <vector>

namespace impasto::cli {

class BatchPrinter {
 public:
  BatchPrinter(ProgressStyle style, const std::vector<Job>& jobs);

  void start();
  void update(size_t index, const Progress& progress);
  void ended(const ItemResult& result);
  void done(const std::vector<ItemResult>& results);
  void failed(const Error& error);

 private:
  ProgressStyle style_;
  const std::vector<Job>* jobs_;
  ProgressLine line_;
  size_t ended_ = 0;
};

}  // namespace impasto::cli
