// What the person at the window has chosen: a job, every earlier state of it, and what is painted from it.
#pragma once

#include "impasto/job.h"

#include <optional>
#include <string>
#include <vector>

namespace impasto::viewer {

// A recipe that can be chosen.
struct OfferedRecipe {
  Recipe recipe;
  std::string flag;   // what --recipe takes for it; empty: it is in no file of its own
  std::string label;  // for people; no other has it
};

class Model {
 public:
  Job job;

  // recipe: the job's before flags changed it, as --recipe names it; empty: what the job came with. Throws Error as load_recipe does.
  Model(Job start, const std::string& recipe);

  // Once a frame: a change is complete, and can be undone, when nothing is being held or typed into.
  void settle(bool busy);
  bool can_undo() const { return !undo_.empty(); }
  bool can_redo() const { return !redo_.empty(); }
  void undo();
  void redo();

  bool complete() const { return !job.content.empty() && !job.styles.empty(); }

  // Those that come with Impasto, and those that jobs came with and no flags make of them.
  const std::vector<OfferedRecipe>& recipes() const { return recipes_; }
  // The job's recipe before anything in it was changed that flags can change.
  const OfferedRecipe& usual_recipe() const;
  // That one is in this file from now on.
  void keep_usual_recipe(const std::string& file);
  // A job from elsewhere, in the place of the one there is.
  void take(Job other);

 private:
  void move(std::vector<Job>& from, std::vector<Job>& to);
  size_t usual() const;  // recipes_.size(): none
  void offer(const Recipe& recipe, const std::string& flag);

  Job settled_;
  std::vector<Job> undo_, redo_;
  std::vector<OfferedRecipe> recipes_;
};

// What a run is started with: small first, then larger, and a smoothness that can be steered even from nothing. A recipe without a
// pyramid gets stages that double in size.
Job painting_job(const Job& job);

// The same at the last size only, to go on from a picture that is there.
Job continuing_job(const Job& job);

// As what a run that is there can go on after the job has changed; nothing when it cannot.
std::optional<Job> steered_job(const Job& running, const Job& job);

}  // namespace impasto::viewer
