#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "bench/load/exchange.h"

namespace hornbeam::bench {

namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr std::string_view kGoodStart = "HTTP/1.1 200 ";

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
}

bool starts_with_name(std::string_view line, std::string_view lower_name) {
  if (line.size() < lower_name.size()) return false;
  for (std::size_t i = 0; i < lower_name.size(); ++i) {
    if (lower(line[i]) != lower_name[i]) return false;
  }
  return true;
}

/// The value of the field called `lower_name` in `head`.
std::optional<std::string_view> find_field(std::string_view head, std::string_view lower_name) {
  for (std::size_t at = head.find("\r\n"); at < head.size(); at = head.find("\r\n", at)) {
    at += 2;
    std::string_view line = head.substr(at, head.find("\r\n", at) - at);
    if (!starts_with_name(line, lower_name)) continue;
    line.remove_prefix(lower_name.size());
    if (!line.starts_with(':')) continue;
    line.remove_prefix(std::min(line.size(), line.find_first_not_of(" ", 1)));
    return line;
  }
  return std::nullopt;
}

std::size_t content_length(std::string_view head) {
  const auto field = find_field(head, "content-length");
  if (!field) throw WrongAnswer(fmt::format("no Content-Length in the answer:\n{}", head));
  std::size_t length = 0;
  const char* const end = field->data() + field->size();
  const auto [stop, failure] = std::from_chars(field->data(), end, length);
  if (failure != std::errc{} || stop != end) {
    throw WrongAnswer(fmt::format("an unreadable Content-Length: \"{}\"", *field));
  }
  return length;
}

class HttpExchange final : public Exchange {
 public:
  HttpExchange(std::string_view path, std::string_view expected, std::size_t window)
      : request_(fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", path)),
        expected_(expected) {
    for (std::size_t i = 0; i < window; ++i) requests_ += request_;
  }

  std::string_view requests(std::size_t count) const override {
    return std::string_view(requests_).substr(0, count * request_.size());
  }

  std::size_t take_answers(std::string_view& received) override {
    std::size_t count = 0;
    for (; is_like_last(received) || is_whole(received); ++count) {
      received.remove_prefix(head_size_ + expected_.size());
    }
    return count;
  }

  bool is_over() const override { return is_over_; }

 private:
  // Answers differ in nothing but their date, so the place where the last head ended is where to
  // look first.
  bool is_like_last(std::string_view received) const {
    return head_size_ != 0 && received.size() >= head_size_ + expected_.size() &&
           received.starts_with(kGoodStart) &&
           received.substr(head_size_ - kHeadEnd.size(), kHeadEnd.size()) == kHeadEnd &&
           received.substr(head_size_, expected_.size()) == expected_;
  }

  bool is_whole(std::string_view received) {
    const std::size_t end = received.find(kHeadEnd);
    if (end == std::string_view::npos) return false;
    const std::string_view head = received.substr(0, end);
    if (!head.starts_with(kGoodStart)) throw WrongAnswer(fmt::format("not a 200:\n{}", head));
    const std::size_t length = content_length(head);
    const std::size_t head_size = end + kHeadEnd.size();
    if (received.size() < head_size + length) return false;
    const std::string_view body = received.substr(head_size, length);
    if (body != expected_) {
      throw WrongAnswer(fmt::format("the body is \"{}\", not \"{}\"", body, expected_));
    }
    head_size_ = head_size;
    is_over_ = find_field(head, "connection") == "close";
    return true;
  }

  std::string request_;
  std::string requests_;
  std::string expected_;
  std::size_t head_size_ = 0;
  bool is_over_ = false;
};

}  // namespace

std::unique_ptr<Exchange> http_exchange(std::string_view path, std::string_view expected,
                                        std::size_t window) {
  return std::make_unique<HttpExchange>(path, expected, window);
}

}  // namespace hornbeam::bench
