#include <algorithm>

#include <fmt/format.h>

#include "bench/load/exchange.h"
#include "bench/load/websocket.h"

namespace hornbeam::bench {

namespace {

class PingExchange final : public Exchange {
 public:
  PingExchange(std::string_view path, std::size_t window)
      : opening_(websocket::handshake(path)),
        question_(websocket::client_frame(R"({"action":"ping","v":1})")) {
    for (std::size_t i = 0; i < window; ++i) questions_ += question_;
  }

  std::string_view opening() const override { return opening_; }
  bool take_opening_answer(std::string_view& received) override {
    return websocket::take_handshake_answer(received);
  }
  std::string_view requests(std::size_t count) const override {
    return std::string_view(questions_).substr(0, count * question_.size());
  }

  std::size_t take_answers(std::string_view& received) override {
    std::size_t count = 0;
    while (const auto text = websocket::take_text(received)) {
      if (text->find("\"pong\"") != std::string_view::npos) {
        ++count;
      } else if (text->find("\"open\"") == std::string_view::npos) {
        throw WrongAnswer(fmt::format("a ping was answered with {}", text->substr(0, 80)));
      }
    }
    return count;
  }

 private:
  std::string opening_;
  std::string question_;
  std::string questions_;  // The window's frames, one behind the other.
};

}  // namespace

std::unique_ptr<Exchange> ping_exchange(std::string_view path, std::size_t window) {
  return std::make_unique<PingExchange>(path, window);
}

}  // namespace hornbeam::bench
