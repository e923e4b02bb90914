#include "hornbeam/http/chunked.h"

#include <algorithm>

#include <fmt/format.h>

#include "hornbeam/http/token.h"

namespace hornbeam::http {

namespace {

constexpr int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7f;
}

// 15 digits stay below 2^60, so that no sum of sizes can wrap.
constexpr int kMaxSizeDigits = 15;

}  // namespace

// Each step takes one octet and says what is wrong with it, or nothing.
std::string_view ChunkedDecoder::step_size(char c) {
  if (const int value = hex_value(c); value >= 0) {
    if (++digits_ > kMaxSizeDigits) return "a chunk size is too large";
    left_ = left_ * 16 + static_cast<std::uint64_t>(value);
    at_ = At::kSize;
    return {};
  }
  if (at_ == At::kSizeStart) return "a chunk does not begin with its size in hexadecimal";
  if (c == '\r') {
    at_ = At::kSizeLineFeed;
  } else if (c == ';') {
    at_ = At::kExtensionName;
  } else {
    return "a chunk size is followed by something other than an extension or CRLF";
  }
  return {};
}

std::string_view ChunkedDecoder::step_extension(char c) {
  if (++extra_ > kExtensionBytes) return "a chunk extension is too long";
  switch (at_) {
    case At::kExtensionName:
      if (c == ' ' || c == '\t') return {};
      if (lower_token_char(c) == 0) return "a chunk extension has no name";
      at_ = At::kExtension;
      return {};
    case At::kExtensionQuoted:
      if (is_control(c)) return "a chunk extension holds a control character";
      if (c == '"') at_ = At::kExtension;
      if (c == '\\') at_ = At::kExtensionEscape;
      return {};
    case At::kExtensionEscape:
      if (is_control(c)) return "a chunk extension holds a control character";
      at_ = At::kExtensionQuoted;
      return {};
    default:
      break;
  }
  if (c == '\r') {
    at_ = At::kSizeLineFeed;
  } else if (c == ';') {
    at_ = At::kExtensionName;
  } else if (c == '"') {
    at_ = At::kExtensionQuoted;
  } else if (c != '=' && c != ' ' && c != '\t' && lower_token_char(c) == 0) {
    return "a chunk extension holds a character that it may not";
  }
  return {};
}

std::string_view ChunkedDecoder::step_trailer(char c) {
  if (++extra_ > kTrailerBytes) return "the trailers are too long";
  switch (at_) {
    case At::kTrailerStart:
      if (c == '\r') {
        at_ = At::kFinalLineFeed;
        return {};
      }
      if (lower_token_char(c) == 0) return "a trailer's name is not a token";
      at_ = At::kTrailerName;
      return {};
    case At::kTrailerName:
      if (c == ':') {
        at_ = At::kTrailerValue;
        return {};
      }
      return lower_token_char(c) == 0 ? "a trailer's name is not a token followed by a colon" : "";
    case At::kTrailerValue:
      if (c == '\r') {
        at_ = At::kTrailerLineFeed;
        return {};
      }
      return is_control(c) ? "a trailer's value holds a control character" : "";
    case At::kTrailerLineFeed:
      if (c != '\n') return "a trailer does not end in CRLF";
      at_ = At::kTrailerStart;
      return {};
    default:
      if (c != '\n') return "the body does not end in CRLF";
      at_ = At::kDone;
      return {};
  }
}

std::string_view ChunkedDecoder::step_line(char c) {
  switch (at_) {
    case At::kSizeStart:
    case At::kSize:
      return step_size(c);
    case At::kExtensionName:
    case At::kExtension:
    case At::kExtensionQuoted:
    case At::kExtensionEscape:
      return step_extension(c);
    case At::kSizeLineFeed:
      if (c != '\n') return "a chunk size does not end in CRLF";
      at_ = left_ == 0 ? At::kTrailerStart : At::kData;
      extra_ = 0;
      return {};
    case At::kDataReturn:
      if (c != '\r') return "a chunk's data is longer than its size";
      at_ = At::kDataLineFeed;
      return {};
    case At::kDataLineFeed:
      if (c != '\n') return "a chunk's data does not end in CRLF";
      at_ = At::kSizeStart;
      digits_ = 0;
      return {};
    default:
      return step_trailer(c);
  }
}

ChunkedDecoder::Step ChunkedDecoder::next(std::string_view bytes) {
  Step step;
  while (step.consumed < bytes.size() && at_ != At::kDone) {
    if (at_ == At::kData) {
      step.payload =
          bytes.substr(step.consumed, std::min<std::uint64_t>(left_, bytes.size() - step.consumed));
      step.consumed += step.payload.size();
      left_ -= step.payload.size();
      if (left_ == 0) at_ = At::kDataReturn;
      return step;
    }
    if (const std::string_view wrong = step_line(bytes[step.consumed]); !wrong.empty()) {
      step.state = ParseState::kRefused;
      step.refusal = {400, wrong};
      return step;
    }
    ++step.consumed;
  }
  if (at_ == At::kDone) step.state = ParseState::kComplete;
  return step;
}

void append_chunk(std::string& out, std::string_view payload) {
  if (payload.empty()) return;
  fmt::format_to(std::back_inserter(out), "{:x}\r\n", payload.size());
  out += payload;
  out += "\r\n";
}

}  // namespace hornbeam::http
