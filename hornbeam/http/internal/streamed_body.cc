#include "hornbeam/http/internal/streamed_body.h"

#include <utility>

#include "hornbeam/http/internal/http_connection.h"

namespace hornbeam::http {

base::Task<std::optional<std::string>> StreamedBody::next() {
  struct Wait {
    StreamedBody& body;
    bool await_ready() const {
      return !body.pieces_.empty() || body.ended_ || body.failure_.has_value();
    }
    void await_suspend(std::coroutine_handle<> waiting) const { body.waiter_ = waiting; }
    void await_resume() const {}
  };
  co_await Wait{*this};
  if (!pieces_.empty()) {
    std::string piece = std::move(pieces_.front());
    pieces_.pop_front();
    const bool was_full = is_full();
    queued_ -= piece.size();
    if (was_full && !is_full()) {
      if (auto connection = connection_.lock()) connection->resume_body();
    }
    co_return piece;
  }
  if (failure_) throw BodyError(*failure_);
  co_return std::nullopt;
}

void StreamedBody::push(std::string_view piece) {
  pieces_.emplace_back(piece);
  queued_ += piece.size();
  wake();
}

void StreamedBody::end() {
  ended_ = true;
  wake();
}

void StreamedBody::fail(BodyError failure) {
  if (ended_) return;
  failure_ = std::move(failure);
  wake();
}

void StreamedBody::wake() {
  if (auto waiting = std::exchange(waiter_, nullptr)) waiting.resume();
}

}  // namespace hornbeam::http
