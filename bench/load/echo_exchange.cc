#include <algorithm>

#include <fmt/format.h>

#include "bench/load/exchange.h"
#include "bench/load/websocket.h"

namespace hornbeam::bench {

namespace {

std::string text_of(std::size_t size, std::size_t number) {
  std::string text = fmt::format("connection {} says: ", number);
  while (text.size() < size) text += "The quick brown fox jumps over the lazy dog. ";
  text.resize(size);
  return text;
}

class EchoExchange final : public Exchange {
 public:
  EchoExchange(std::string_view path, std::size_t size, std::size_t number, std::size_t window)
      : opening_(websocket::handshake(path)), window_(window) {
    const std::string text = text_of(size, number);
    const std::string question = websocket::client_frame(text);
    const std::string answer = websocket::server_frame(text);
    for (std::size_t i = 0; i < window; ++i) {
      questions_ += question;
      answers_ += answer;
    }
    question_size_ = question.size();
    answer_size_ = answer.size();
  }

  std::string_view opening() const override { return opening_; }
  bool take_opening_answer(std::string_view& received) override {
    return websocket::take_handshake_answer(received);
  }

  std::string_view requests(std::size_t count) const override {
    return std::string_view(questions_).substr(0, count * question_size_);
  }

  std::size_t take_answers(std::string_view& received) override {
    const std::size_t count = std::min(window_, received.size() / answer_size_);
    const std::size_t size = count * answer_size_;
    if (received.substr(0, size) != std::string_view(answers_).substr(0, size)) {
      throw WrongAnswer("the echo is not what was sent, in one unfragmented text frame");
    }
    received.remove_prefix(size);
    return count;
  }

 private:
  std::string opening_;
  std::string questions_;  // the window's frames, one behind the other, as is answers_
  std::string answers_;
  std::size_t window_;
  std::size_t question_size_ = 0;
  std::size_t answer_size_ = 0;
};

}  // namespace

std::unique_ptr<Exchange> echo_exchange(std::string_view path, std::size_t size, std::size_t number,
                                        std::size_t window) {
  return std::make_unique<EchoExchange>(path, size, number, window);
}

}  // namespace hornbeam::bench
