// Answers one question after the other, and remembers the answers.
#include "advisor.h"

#include "impasto/error.h"

#include <algorithm>

namespace impasto::viewer {
namespace {

constexpr size_t kMostAnswers = 64;

// Without what can be steered, which changes nothing of what a job needs.
Job unsteered(Job job) {
  for (StyleInput& style : job.styles) style.weight = 1;
  for (auto* layers : {&job.recipe.content_layers, &job.recipe.style_layers})
    for (LayerWeight& row : *layers) row.weight = 1;
  job.style_strength = job.recipe.content_weight = job.recipe.style_weight = 1;
  job.recipe.tv_weight = job.recipe.optimizer.learning_rate = 1;
  return job;
}

Needs find_out(const Job& job) {
  Needs needs;
  try {
    needs.estimate = estimate(job);
  } catch (const std::exception& error) {
    needs.error = error.what();
  }
  return needs;
}

std::vector<DeviceInfo> find_devices() {
  try {
    return list_devices();
  } catch (const Error&) {
    return {};  // the window has one all the same
  }
}

}  // namespace

Advisor::Advisor(std::function<void()> wake) : wake_(std::move(wake)), thread_([this] { run(); }) {}

Advisor::~Advisor() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Advisor::new_frame() {
  const std::lock_guard lock(mutex_);
  waiting_.clear();
}

void Advisor::forget() {
  const std::lock_guard lock(mutex_);
  waiting_.clear();
  answers_.clear();
}

std::shared_ptr<const Needs> Advisor::needs(const Job& job) {
  const Job asked = unsteered(job);
  {
    const std::lock_guard lock(mutex_);
    for (const Answer& answer : answers_)
      if (answer.job == asked) return answer.needs;
    if (under_way_ == asked || std::find(waiting_.begin(), waiting_.end(), asked) != waiting_.end())
      return nullptr;
    waiting_.push_back(asked);
  }
  changed_.notify_one();
  return nullptr;
}

std::vector<DeviceInfo> Advisor::devices() const {
  const std::lock_guard lock(mutex_);
  return devices_;
}

void Advisor::run() {
  const std::vector<DeviceInfo> devices = find_devices();
  std::unique_lock lock(mutex_);
  devices_ = devices;
  for (;;) {
    changed_.wait(lock, [this] { return closing_ || !waiting_.empty(); });
    if (closing_) return;
    under_way_ = waiting_.front();
    waiting_.erase(waiting_.begin());
    const Job job = *under_way_;
    lock.unlock();
    const auto needs = std::make_shared<const Needs>(find_out(job));
    lock.lock();
    under_way_.reset();
    if (answers_.size() == kMostAnswers) answers_.erase(answers_.begin());
    answers_.push_back({job, needs});
    wake_();
  }
}

}  // namespace impasto::viewer
