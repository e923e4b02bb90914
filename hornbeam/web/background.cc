#include "hornbeam/web/background.h"

#include <algorithm>
#include <mutex>
#include <vector>

#include "hornbeam/base/completion.h"

namespace hornbeam::web {

struct Background::State {
  mutable std::mutex mutex;
  bool is_stopping = false;
  std::uint64_t last_id = 0;
  std::vector<std::pair<std::uint64_t, base::Completion<bool>>> sleepers;
};

Background::Background() : state_(std::make_shared<State>()) {}

base::Task<bool> Background::sleep_for(std::chrono::nanoseconds delay) const {
  const std::shared_ptr<State> state = state_;
  base::Executor* const executor = base::Executor::current();
  base::check(executor != nullptr, "a background task sleeps on an executor");
  base::Completion<bool> woken;
  std::uint64_t id = 0;
  {
    const std::lock_guard lock(state->mutex);
    if (state->is_stopping) co_return false;
    id = ++state->last_id;
    state->sleepers.emplace_back(id, woken);
  }
  const auto timer = executor->post_after(delay, [woken]() mutable { woken.set(true); });
  const bool runs_on = co_await woken.wait();
  executor->cancel(timer);
  const std::lock_guard lock(state->mutex);
  std::erase_if(state->sleepers, [id](const auto& each) { return each.first == id; });
  co_return runs_on;
}

bool Background::is_stopping() const {
  const std::lock_guard lock(state_->mutex);
  return state_->is_stopping;
}

void Background::stop() const {
  std::vector<std::pair<std::uint64_t, base::Completion<bool>>> sleepers;
  {
    const std::lock_guard lock(state_->mutex);
    state_->is_stopping = true;
    sleepers = state_->sleepers;
  }
  for (auto& [id, woken] : sleepers) woken.set(false);
}

}  // namespace hornbeam::web
