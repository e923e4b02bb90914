#include "hornbeam/http/multipart.h"

#include "hornbeam/base/check.h"
#include "hornbeam/http/parameters.h"
#include "hornbeam/http/token.h"

namespace hornbeam::http {

namespace {

// White space that may pad a delimiter; more is not padding.
constexpr std::size_t kPaddingBytes = 64;

}  // namespace

MultipartParser::MultipartParser(std::string_view boundary, MultipartLimits limits)
    : delimiter_("\r\n--" + std::string(boundary)), limits_(limits) {}

void MultipartParser::feed(std::string_view bytes) {
  if (state_ == State::kEnded || state_ == State::kRefused) return;
  buffer_.erase(0, begin_);
  scanned_ -= begin_;
  begin_ = 0;
  buffer_ += bytes;
}

MultipartEvent MultipartParser::next() {
  switch (state_) {
    case State::kPreamble:
    case State::kData:
      return read_data();
    case State::kHead:
      return read_head();
    case State::kEnded:
    case State::kRefused:
      return {};
  }
  return {};
}

// Gives out the data before `end`; of the preamble nothing.
MultipartEvent MultipartParser::give(std::size_t end) {
  const std::string_view data = std::string_view(buffer_).substr(begin_, end - begin_);
  begin_ = end;
  if (data.empty() || state_ == State::kPreamble) return {};
  return {MultipartEvent::Kind::kData, data};
}

MultipartEvent MultipartParser::read_data() {
  while (true) {
    const std::size_t at = buffer_.find(delimiter_, scanned_);
    if (at == std::string::npos) {
      // The last bytes may be the beginning of a delimiter.
      const std::size_t kept = delimiter_.size() - 1;
      if (buffer_.size() <= begin_ + kept) return {};
      scanned_ = buffer_.size() - kept;
      return give(scanned_);
    }
    std::size_t end = 0;
    const Match match = match_delimiter(at, end);
    if (match == Match::kNone) {
      scanned_ = at + 1;
      continue;
    }
    scanned_ = at;
    if (match == Match::kUndecided || at > begin_) {
      const MultipartEvent event = give(at);
      if (match == Match::kUndecided || event.kind == MultipartEvent::Kind::kData) return event;
    }
    const bool was_preamble = state_ == State::kPreamble;
    state_ = match == Match::kEnd ? State::kEnded : State::kHead;
    begin_ = scanned_ = end;
    if (!was_preamble) return {MultipartEvent::Kind::kPartEnd, {}};
    return match == Match::kEnd ? MultipartEvent() : read_head();
  }
}

// "--" closes at once; anything else is padding up to a line end, or no delimiter at all.
MultipartParser::Match MultipartParser::match_delimiter(std::size_t at, std::size_t& end) const {
  std::string_view rest = std::string_view(buffer_).substr(at + delimiter_.size());
  if (rest.empty() || rest == "-") return Match::kUndecided;
  if (rest.starts_with("--")) {
    end = at + delimiter_.size() + 2;
    return Match::kEnd;
  }
  std::size_t padding = 0;
  while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\t')) {
    if (++padding > kPaddingBytes) return Match::kNone;
    rest.remove_prefix(1);
  }
  if (rest.empty() || rest == "\r") return Match::kUndecided;
  if (!rest.starts_with("\r\n")) return Match::kNone;
  end = buffer_.size() - rest.size() + 2;
  return Match::kPart;
}

MultipartEvent MultipartParser::read_head() {
  const std::string_view rest = std::string_view(buffer_).substr(begin_);
  if (rest.starts_with("\r\n")) return refuse(400, "a part of the form has no head");
  const std::size_t end = buffer_.find("\r\n\r\n", scanned_);
  const std::size_t size = (end == std::string::npos ? buffer_.size() : end) - begin_;
  constexpr std::size_t kPartOfEnd = 3;  // What may have come of the empty line that ends it.
  const std::size_t beyond = end == std::string::npos ? kPartOfEnd : 0;
  if (size > limits_.part_head_bytes + beyond) return refuse(413, "a part's head is too large");
  if (end == std::string::npos) {
    if (size > kPartOfEnd) scanned_ = buffer_.size() - kPartOfEnd;
    return {};
  }
  if (++parts_ > limits_.parts) return refuse(413, "the form has too many parts");
  if (!parse_head(rest.substr(0, end + 2 - begin_))) return {MultipartEvent::Kind::kRefused, {}};
  begin_ = scanned_ = end + 4;
  state_ = State::kData;
  return {MultipartEvent::Kind::kPart, {}};
}

MultipartEvent MultipartParser::refuse(int status, std::string_view reason) {
  state_ = State::kRefused;
  refusal_ = {status, reason};
  return {MultipartEvent::Kind::kRefused, {}};
}

bool MultipartParser::parse_head(std::string_view lines) {
  head_ = {};
  std::size_t count = 0;
  bool has_disposition = false;
  while (!lines.empty()) {
    const std::size_t end = lines.find("\r\n");
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(end + 2);
    const std::size_t colon = line.find(':');
    const std::string_view name = line.substr(0, colon);
    if (colon == std::string_view::npos || !is_token(name) || !is_field_value(line)) {
      refuse(400, "a part's header line is malformed");
      return false;
    }
    if (++count > limits_.part_fields) {
      refuse(413, "a part has too many header lines");
      return false;
    }
    const std::string_view value = trim_blanks(line.substr(colon + 1));
    if (equals_ignoring_case(name, "content-type")) head_.content_type = value;
    if (!equals_ignoring_case(name, "content-disposition")) continue;
    const auto parsed = parse_parameters(value);
    const auto field = parsed ? parsed->find("name") : std::nullopt;
    if (has_disposition || !field || parsed->value != "form-data") {
      refuse(400, "a part's Content-Disposition is not form-data with one name");
      return false;
    }
    has_disposition = true;
    head_.name = *field;
    if (const auto filename = parsed->find("filename")) head_.filename = *filename;
  }
  if (!has_disposition) refuse(400, "a part has no Content-Disposition");
  return has_disposition;
}

std::optional<std::string> multipart_boundary(std::string_view type) {
  constexpr std::size_t kLongest = 70;
  const auto parsed = parse_parameters(type);
  if (!parsed || parsed->value != "multipart/form-data") return std::nullopt;
  const auto boundary = parsed->find("boundary");
  if (!boundary || boundary->empty() || boundary->size() > kLongest) return std::nullopt;
  if (!is_field_value(*boundary) || boundary->back() == ' ') return std::nullopt;
  return std::string(*boundary);
}

}  // namespace hornbeam::http
