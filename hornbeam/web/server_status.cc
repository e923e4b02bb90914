#include "hornbeam/web/server_status.h"

#include <atomic>
#include <mutex>

namespace hornbeam::web {

struct ServerStatus::State {
  std::atomic<bool> is_draining{false};
  std::mutex mutex;
  std::function<http::Server::Statistics()> read;
};

ServerStatus::ServerStatus() : state_(std::make_shared<State>()) {}

bool ServerStatus::is_draining() const noexcept {
  return state_->is_draining.load(std::memory_order_relaxed);
}
void ServerStatus::begin_drain() const noexcept {
  state_->is_draining = true;
}

http::Server::Statistics ServerStatus::statistics() const {
  const std::lock_guard lock(state_->mutex);
  return state_->read ? state_->read() : http::Server::Statistics();
}
void ServerStatus::attach(std::function<http::Server::Statistics()> read) const {
  const std::lock_guard lock(state_->mutex);
  state_->read = std::move(read);
}

}  // namespace hornbeam::web
