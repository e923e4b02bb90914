#include "hornbeam/http/websocket.h"

namespace hornbeam::http {

void WebSocketChannel::deliver(std::string_view data, bool is_binary) {
  if (has_ended()) return;
  if (slot_ == nullptr) {
    inbox_.push_back({std::string(data), is_binary});
    return;
  }
  ReceiveSlot* slot = std::exchange(slot_, nullptr);
  slot->message.emplace(std::string(data), is_binary);
  slot->waiting.resume();
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
