// What the person at the window has chosen: a job, every earlier state of it, and what is painted from it.
#pragma once

#include "impasto/job.h"

#include <string>
#include <vector>

namespace impasto::viewer {

class Model {
 public:
  Job job;
  bool from_small = true;  // paint a small picture first, and larger ones from it

  explicit Model(Job start) : job(std::move(start)), settled_(job) {}

  // Once a frame: a change is complete, and can be undone, when nothing is being held or typed into.
  void settle(bool busy);
  bool can_undo() const { return !undo_.empty(); }
  bool can_redo() const { return !redo_.empty(); }
  void undo();
  void redo();

  bool complete() const { return !job.content.empty() && !job.styles.empty(); }

  // What a run is started with: stages that double in size up to the job's, and a smoothness that can be steered even from nothing.
  Job painting_job() const;
  // The same at the last size only, to go on from a picture that is there.
  Job continuing_job() const;

 private:
  void move(std::vector<Job>& from, std::vector<Job>& to);

  Job settled_;
  std::vector<Job> undo_, redo_;
};

// The command line that paints this without the viewer.
std::string command_text(const Job& job);

}  // namespace impasto::viewer
