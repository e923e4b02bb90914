#include "hornbeam/http/websocket.h"

namespace hornbeam::http {

namespace {

// The memory of the thread's last message, kept if it is of an ordinary size.
constexpr std::size_t kSpareBytes = 4096;
thread_local std::string spare;

// The message that is being given to the coroutine that waits for it, which takes it first of all.
struct Arrival {
  std::string_view data;
  bool is_binary = false;
  bool is_there = false;
};
thread_local Arrival arrival;

#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
// Memory used again would hide a use after free from the sanitizer.
constexpr bool kRecycles = false;
#else
constexpr bool kRecycles = true;
#endif

std::string copy_of(std::string_view bytes) {
  if (spare.capacity() < bytes.size()) return std::string(bytes);
  std::string copy = std::move(spare);
  copy.append(bytes);
  return copy;
}

}  // namespace

WebSocketMessage::WebSocketMessage(std::string_view bytes, bool binary)
    : data(copy_of(bytes)), is_binary(binary) {}

void WebSocketMessage::recycle() noexcept {
  if (!kRecycles || data.capacity() > kSpareBytes || spare.capacity() > kSmallBytes) return;
  data.clear();
  spare = std::move(data);
}

void WebSocketChannel::deliver(std::string_view data, bool is_binary) {
  if (has_ended()) return;
  if (receiver_ == nullptr) {
    if (inbox_ == nullptr) inbox_ = std::make_unique<Inbox>();
    inbox_->messages.emplace_back(data, is_binary);
    return;
  }
  arrival = {data, is_binary, true};
  std::exchange(receiver_, nullptr).resume();
}

std::optional<WebSocketMessage> WebSocketChannel::take() {
  if (arrival.is_there) {
    arrival.is_there = false;
    return std::optional<WebSocketMessage>(std::in_place, arrival.data, arrival.is_binary);
  }
  if (inbox_size() == 0) return std::nullopt;
  std::optional<WebSocketMessage> message = std::move(inbox_->messages[inbox_->read++]);
  if (inbox_size() == 0) {
    inbox_ = nullptr;
    on_inbox_empty();
  }
  return message;
}

std::size_t WebSocketChannel::inbox_bytes() const noexcept {
  if (inbox_ == nullptr) return 0;
  std::size_t bytes = 0;
  for (std::size_t i = inbox_->read; i < inbox_->messages.size(); ++i) {
    bytes += inbox_->messages[i].data.size();
  }
  return bytes;
}

void WebSocketChannel::deliver_end(std::uint16_t code) {
  if (has_ended()) return;
  close_code_ = code;
  deliver_drained();
  if (auto waiting = std::exchange(receiver_, nullptr)) waiting.resume();
}

void WebSocketChannel::deliver_drained() {
  if (auto waiting = std::exchange(drain_waiter_, nullptr)) waiting.resume();
}

}  // namespace hornbeam::http
