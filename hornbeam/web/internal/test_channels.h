#pragma once

// What the test client, its sockets and its streams share.

#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <utility>

#include "hornbeam/base/completion.h"
#include "hornbeam/http/client_gone.h"
#include "hornbeam/http/websocket_upgrade.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::web {

using base::Task;

/// What came of a request.
struct TestClient::Exchange {
  std::optional<Response> response;
  std::optional<http::WebSocketUpgrade> upgrade;
  std::string body;
  std::exception_ptr failure;
  bool is_done = false;
  bool leaves_body = false;  // For `open_stream`.
};

/// Counts something as running for as long as it lives.
class Running {
 public:
  Running(std::shared_ptr<std::multiset<std::string>> all, std::string name)
      : all_(std::move(all)), name_(std::move(name)) {
    all_->insert(name_);
  }
  Running(Running&& other) noexcept = default;
  Running& operator=(Running&&) = delete;
  ~Running() {
    if (all_ != nullptr) all_->erase(all_->find(name_));
  }

 private:
  std::shared_ptr<std::multiset<std::string>> all_;
  std::string name_;
};

/// What a stream has written and nobody has asked for yet.
class TestStream::Channel final : public http::BodySink {
 public:
  explicit Channel(base::Loop& loop) : loop_(loop) {}

  Task<bool> write(std::string piece) override {
    // As a connection: who writes more than anyone reads waits.
    constexpr std::size_t kMostPieces = 64;
    while (pieces_.size() >= kMostPieces && !is_closed_) {
      base::Completion<> room;
      room_ = room;
      co_await room.wait();
    }
    if (is_closed_) co_return false;
    pieces_.push_back(std::move(piece));
    wake();
    co_return true;
  }
  http::ClientGone client_gone() override { return http::ClientGone(gone_.get_token()); }

  void close() {
    is_closed_ = true;
    let_write();
    gone_.request_stop();
  }
  void end(std::exception_ptr failure) {
    is_ended = true;
    failure_ = std::move(failure);
    wake();
  }
  std::optional<std::string> take() {
    if (pieces_.empty()) return std::nullopt;
    std::string piece = std::move(pieces_.front());
    pieces_.pop_front();
    let_write();
    return piece;
  }
  bool has_news() const { return is_ended || !pieces_.empty(); }
  std::exception_ptr take_failure() { return std::exchange(failure_, nullptr); }

  bool is_ended = false;

 private:
  void wake() {
    loop_.post([loop = &loop_] { loop->stop(); });
  }
  void let_write() {
    if (auto room = std::exchange(room_, std::nullopt)) room->set();
  }

  base::Loop& loop_;
  std::deque<std::string> pieces_;
  std::optional<base::Completion<>> room_;  // Set while the writer waits for some.
  std::stop_source gone_;
  std::exception_ptr failure_;
  bool is_closed_ = false;
};

/// The server's end of a conversation in memory; what it sends lands in a queue.
class TestSocket::Channel final : public http::WebSocketChannel {
 public:
  explicit Channel(base::Loop& loop) : loop_(loop) {}

  http::SendResult send(std::string_view data, bool) override {
    const std::lock_guard lock(mutex_);
    if (is_closing_) return http::SendResult::kClosed;
    sent_.emplace_back(data);
    wake();
    return http::SendResult::kSent;
  }
  http::SendResult send_frame(std::shared_ptr<const std::string> frame) override {
    return send(payload_of(*frame), false);
  }
  void close(std::uint16_t code, std::string_view) override {
    {
      const std::lock_guard lock(mutex_);
      if (is_closing_) return;
      is_closing_ = true;
      server_code_ = code;
    }
    loop_.post([self = shared_from_this(), code] { static_cast<Channel&>(*self).end(code); });
  }
  std::size_t queued_bytes() const override { return 0; }

  void take(std::string_view data, bool is_binary) { deliver(data, is_binary); }
  void end(std::uint16_t code) {
    {
      const std::lock_guard lock(mutex_);
      is_closing_ = true;
    }
    deliver_end(code);
    wake();
  }
  void fail(std::exception_ptr failure) {
    failure_ = std::move(failure);
    wake();
  }

  std::optional<std::string> next() {
    const std::lock_guard lock(mutex_);
    if (sent_.empty()) return std::nullopt;
    std::string message = std::move(sent_.front());
    sent_.pop_front();
    return message;
  }
  bool has_news() {
    const std::lock_guard lock(mutex_);
    return !sent_.empty() || is_closing_ || failure_ != nullptr;
  }
  bool is_closing() {
    const std::lock_guard lock(mutex_);
    return is_closing_;
  }
  std::uint16_t server_code() {
    const std::lock_guard lock(mutex_);
    return server_code_;
  }
  std::exception_ptr take_failure() { return std::exchange(failure_, nullptr); }

 private:
  /// What an unmasked, unfragmented frame carries (RFC 6455, section 5.2).
  static std::string_view payload_of(std::string_view frame) {
    const auto size = static_cast<unsigned char>(frame[1]);
    return frame.substr(size == 126 ? 4 : size == 127 ? 10 : 2);
  }
  void wake() {
    loop_.post([this_loop = &loop_] { this_loop->stop(); });
  }

  base::Loop& loop_;
  std::mutex mutex_;
  std::deque<std::string> sent_;
  bool is_closing_ = false;
  std::uint16_t server_code_ = 0;
  std::exception_ptr failure_;
};

}  // namespace hornbeam::web
