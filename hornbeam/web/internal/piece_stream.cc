#include "hornbeam/web/internal/piece_stream.h"

#include <utility>

namespace hornbeam::web {

PieceStream::PieceStream(Work work)
    : thread_([this, work = std::move(work)]() mutable { run(std::move(work)); }) {}

PieceStream::~PieceStream() {
  refuse_more();
}

base::Task<std::optional<std::string>> PieceStream::next() {
  while (true) {  // Ends: the work ends, or puts a piece.
    base::Completion<> news;
    std::optional<std::string> piece;
    {
      const std::lock_guard lock(mutex_);
      if (!pieces_.empty()) {
        piece = std::move(pieces_.front());
        pieces_.pop_front();
        room_.notify_one();
      } else if (has_ended_) {
        if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
        co_return std::nullopt;
      } else {
        news_ = news;
      }
    }
    if (piece) co_return piece;
    co_await news.wait();
  }
}

void PieceStream::go_on() {
  const std::lock_guard lock(mutex_);
  may_go_on_ = true;
  room_.notify_one();
}

base::Task<void> PieceStream::stop() {
  refuse_more();
  while (co_await next()) {
  }
}

void PieceStream::refuse_more() {
  const std::lock_guard lock(mutex_);
  is_stopped_ = true;
  news_.reset();
  room_.notify_one();
}

void PieceStream::run(Work work) {
  std::exception_ptr failure;
  try {
    work([this](std::string_view piece) { put(piece); });
  } catch (const Stopped&) {
    // Whoever stopped it knows.
  } catch (...) {
    failure = std::current_exception();
  }
  std::unique_lock lock(mutex_);
  failure_ = std::move(failure);
  has_ended_ = true;
  tell(lock);
}

void PieceStream::put(std::string_view piece) {
  std::unique_lock lock(mutex_);
  if (is_stopped_) throw Stopped();
  pieces_.emplace_back(piece);
  tell(lock);
  lock.lock();
  room_.wait(lock, [&] { return is_stopped_ || (may_go_on_ && pieces_.size() < kMostPieces); });
  if (is_stopped_) throw Stopped();
}

/// Wakes the taker, outside of the lock.
void PieceStream::tell(std::unique_lock<std::mutex>& lock) {
  auto news = std::exchange(news_, std::nullopt);
  lock.unlock();
  if (news) news->set();
}

}  // namespace hornbeam::web
