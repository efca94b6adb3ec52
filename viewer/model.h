// What the person at the window has chosen: a job, every earlier state of it, and what is painted from it.
#pragma once

#include "impasto/job.h"

#include <optional>
#include <string>
#include <vector>

namespace impasto::viewer {

class Model {
 public:
  Job job;

  explicit Model(Job start);

  // Once a frame: a change is complete, and can be undone, when nothing is being held or typed into.
  void settle(bool busy);
  bool can_undo() const { return !undo_.empty(); }
  bool can_redo() const { return !redo_.empty(); }
  void undo();
  void redo();

  bool complete() const { return !job.content.empty() && !job.styles.empty(); }

  // Those that come with Impasto, and those of a name of their own that jobs came with.
  const std::vector<Recipe>& recipes() const { return recipes_; }
  // The job's recipe before anything in it was changed.
  const Recipe& usual_recipe() const;
  // A job from elsewhere, in the place of the one there is.
  void take(Job other);

 private:
  void move(std::vector<Job>& from, std::vector<Job>& to);

  Job settled_;
  std::vector<Job> undo_, redo_;
  std::vector<Recipe> recipes_;
};

// What a run is started with: small first, then larger, and a smoothness that can be steered even from nothing. A recipe without a
// pyramid gets stages that double in size.
Job painting_job(const Job& job);

// The same at the last size only, to go on from a picture that is there.
Job continuing_job(const Job& job);

// As what a run that is there can go on after the job has changed; nothing when it cannot.
std::optional<Job> steered_job(const Job& running, const Job& job);

}  // namespace impasto::viewer
