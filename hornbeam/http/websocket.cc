#include "hornbeam/http/websocket.h"

namespace hornbeam::http {

namespace {

// The memory of the thread's last message, kept if it is of an ordinary size.
constexpr std::size_t kSpareBytes = 4096;
thread_local std::string spare;

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
  if (slot_ == nullptr) {
    inbox_.emplace_back(data, is_binary);
    return;
  }
  ReceiveSlot* slot = std::exchange(slot_, nullptr);
  slot->message.emplace(data, is_binary);
  slot->waiting.resume();
}

std::size_t WebSocketChannel::inbox_bytes() const noexcept {
  std::size_t bytes = 0;
  for (std::size_t i = inbox_read_; i < inbox_.size(); ++i) bytes += inbox_[i].data.size();
  return bytes;
}

void WebSocketChannel::deliver_end(std::uint16_t code) {
  if (has_ended()) return;
  close_code_ = code;
  deliver_drained();
  if (ReceiveSlot* slot = std::exchange(slot_, nullptr)) slot->waiting.resume();
}

void WebSocketChannel::deliver_drained() {
  if (auto waiting = std::exchange(drain_waiter_, nullptr)) waiting.resume();
}

}  // namespace hornbeam::http
