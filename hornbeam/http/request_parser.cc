#include "hornbeam/http/request_parser.h"

#include <cstring>
#include <optional>

#include "hornbeam/http/token.h"

namespace hornbeam::http {

namespace {

constexpr Refusal refuse(std::string_view reason, int status = 400) {
  return {status, reason};
}

// No registered method is half as long.
constexpr std::size_t kMethodBytes = 64;

using MaybeRefusal = std::optional<Refusal>;

// Eight bytes at a time: whether one is below 0x20 or equal to 0x7f. HTAB counts, so the slow path
// looks again.
bool may_hold_control(const char* text, std::size_t size) {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  constexpr std::uint64_t kHigh = 0x8080808080808080U;
  std::size_t i = 0;
  std::uint64_t found = 0;
  for (; i + 8 <= size; i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text + i, 8);
    const std::uint64_t below = (word - kOnes * 0x20) & ~word;
    const std::uint64_t del = word ^ (kOnes * 0x7f);
    found |= (below | ((del - kOnes) & ~del)) & kHigh;
  }
  if (found != 0) return true;
  for (; i < size; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7f) return true;
  }
  return false;
}

// request-target holds no white space, controls or bytes beyond ASCII, and no fragment (RFC 9112,
// section 3.2).
bool is_target(std::string_view target) {
  for (const char c : target) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte >= 0x7f || c == '#') return false;
  }
  return !target.empty();
}

// uri-host [ ":" port ], without userinfo (RFC 9110, section 7.2). An empty host is allowed by the
// grammar, but names nothing that could be served.
bool is_authority(std::string_view host) {
  if (host.empty()) return false;
  std::string_view port;
  if (host.front() == '[') {
    const std::size_t close = host.find(']');
    if (close == std::string_view::npos) return false;
    for (const char c : host.substr(1, close - 1)) {
      const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
      if (!hex && c != ':' && c != '.') return false;
    }
    port = host.substr(close + 1);
    if (!port.empty() && port.front() != ':') return false;
  } else {
    const std::size_t colon = host.find(':');
    const std::string_view name = host.substr(0, colon);
    if (name.empty()) return false;
    for (const char c : name) {
      const bool letter =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!letter && std::string_view("-._~%!$&'()*+;=").find(c) == std::string_view::npos) {
        return false;
      }
    }
    if (colon != std::string_view::npos) port = host.substr(colon);
  }
  if (port.empty()) return true;
  port.remove_prefix(1);
  unsigned number = 0;
  for (const char c : port) {
    if (c < '0' || c > '9') return false;
    number = number * 10 + static_cast<unsigned>(c - '0');
    if (number > 65535) return false;
  }
  return true;
}

struct RequestLine {
  std::string_view method;
  std::string_view target;
  int minor_version = 1;
};

// request-line = method SP request-target SP HTTP-version, with single spaces (RFC 9112, section
// 3).
MaybeRefusal parse_request_line(std::string_view line, RequestLine& out) {
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return refuse("the request line has no target");
  out.method = line.substr(0, space);
  if (!is_token(out.method)) return refuse("the method is not a token");
  const std::size_t last = line.find(' ', space + 1);
  if (last == std::string_view::npos) return refuse("the request line has no HTTP version");
  out.target = line.substr(space + 1, last - space - 1);
  if (!is_target(out.target))
    return refuse("the request target is empty or holds a character that must be encoded");
  const std::string_view version = line.substr(last + 1);
  if (version == "HTTP/1.1") {
    out.minor_version = 1;
  } else if (version == "HTTP/1.0") {
    out.minor_version = 0;
  } else {
    const bool well_formed = version.size() == 8 && version.starts_with("HTTP/") &&
                             version[6] == '.' && version[5] >= '0' && version[5] <= '9' &&
                             version[7] >= '0' && version[7] <= '9';
    return well_formed ? refuse("only HTTP/1.1 and HTTP/1.0 are spoken here", 505)
                       : refuse("the HTTP version is malformed");
  }
  return std::nullopt;
}

std::string_view trim(const char* begin, const char* end) {
  while (begin != end && (*begin == ' ' || *begin == '\t')) ++begin;
  while (begin != end && (end[-1] == ' ' || end[-1] == '\t')) --end;
  return {begin, static_cast<std::size_t>(end - begin)};
}

// What the fields say about framing and the connection, gathered while they are parsed.
struct FieldFacts {
  int hosts = 0;
  int lengths = 0;
  int encodings = 0;
  std::string_view host;
  std::string_view length;
  std::string_view encoding;
  std::string_view connection;
  std::string_view expect;
  bool has_expect = false;
  bool close = false;
  bool keep_alive = false;
};

void note_connection(std::string_view value, FieldFacts& facts) {
  for_each_list_element(value, [&facts](std::string_view option) {
    if (equals_ignoring_case(option, "close")) facts.close = true;
    if (equals_ignoring_case(option, "keep-alive")) facts.keep_alive = true;
  });
}

void note_field(std::string_view name, std::string_view value, FieldFacts& facts) {
  switch (name.size()) {
    case 4:
      if (name == "host") {
        ++facts.hosts;
        facts.host = value;
      }
      break;
    case 6:
      if (name == "expect") {
        facts.has_expect = true;
        facts.expect = value;
      }
      break;
    case 10:
      if (name == "connection") note_connection(value, facts);
      break;
    case 14:
      if (name == "content-length") {
        ++facts.lengths;
        facts.length = value;
      }
      break;
    case 17:
      if (name == "transfer-encoding") {
        ++facts.encodings;
        facts.encoding = value;
      }
      break;
    default:
      break;
  }
}

// field-line = field-name ":" OWS field-value OWS (RFC 9112, section 5). [at, end) is the line
// without its CRLF.
MaybeRefusal parse_field(char* at, char* end, FieldView& field) {
  if (*at == ' ' || *at == '\t') return refuse("a folded field line (RFC 9112, section 5.2)");
  char* const name = at;
  while (at != end) {
    const char lower = lower_token_char(*at);
    if (lower == 0) break;
    *at++ = lower;
  }
  if (at == end || *at != ':') return refuse("a field name is not a token followed by a colon");
  if (at == name) return refuse("a field has no name");
  field.name = {name, static_cast<std::size_t>(at - name)};
  field.value = trim(at + 1, end);
  if (may_hold_control(field.value.data(), field.value.size()) && !is_field_value(field.value)) {
    return refuse("a field value holds a control character");
  }
  return std::nullopt;
}

MaybeRefusal parse_fields(char* at, char* end, std::vector<FieldView>& fields, FieldFacts& facts) {
  while (at != end) {
    // Every LF in here follows a CR: the scan for the head's end has seen to it.
    auto* const line_feed =
        static_cast<char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
    FieldView field;
    if (MaybeRefusal refused = parse_field(at, line_feed - 1, field)) return refused;
    fields.push_back(field);
    note_field(field.name, field.value, facts);
    at = line_feed + 1;
  }
  return std::nullopt;
}

// Content-Length = 1*DIGIT (RFC 9110, section 8.6). A list of equal lengths may be taken for one;
// it is not here.
MaybeRefusal parse_length(std::string_view text, std::uint64_t& length) {
  if (text.empty()) return refuse("Content-Length is empty");
  if (text.size() > 18) return refuse("Content-Length is too large");
  length = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return refuse("Content-Length is not a run of digits");
    length = length * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return std::nullopt;
}

MaybeRefusal decide_framing(const FieldFacts& facts, int minor_version, Framing& framing) {
  framing.keep_alive = !facts.close && (minor_version == 1 || facts.keep_alive);
  framing.is_chunked = false;
  framing.content_length = 0;
  framing.expects_continue = false;
  if (facts.encodings != 0) {
    if (facts.lengths != 0) return refuse("both Content-Length and Transfer-Encoding");
    if (minor_version == 0) return refuse("Transfer-Encoding in an HTTP/1.0 request");
    if (facts.encodings > 1) return refuse("more than one Transfer-Encoding");
    if (!equals_ignoring_case(facts.encoding, "chunked")) {
      const bool known_shape =
          facts.encoding.size() > 9 &&
          equals_ignoring_case(facts.encoding.substr(facts.encoding.size() - 9), ", chunked");
      return known_shape ? refuse("a transfer coding other than chunked", 501)
                         : refuse("Transfer-Encoding is not chunked");
    }
    framing.is_chunked = true;
  }
  if (facts.lengths > 1) return refuse("more than one Content-Length");
  if (facts.lengths == 1) {
    if (MaybeRefusal refused = parse_length(facts.length, framing.content_length)) return refused;
  }
  if (facts.has_expect) {
    if (!equals_ignoring_case(facts.expect, "100-continue")) {
      return refuse("an expectation other than 100-continue", 417);
    }
    framing.expects_continue = minor_version == 1 && framing.has_body();
  }
  return std::nullopt;
}

// The four forms of a target (RFC 9112, section 3.2). An absolute target's authority wins over
// Host.
MaybeRefusal decide_target(std::string_view target, Method method, const FieldFacts& facts,
                           int minor_version, std::string_view& path_and_query,
                           std::string_view& host) {
  if (facts.hosts > 1) return refuse("more than one Host field");
  if (facts.hosts == 0 && minor_version == 1) return refuse("no Host field");
  if (facts.hosts == 1 && !is_authority(facts.host))
    return refuse("the Host field is not host[:port]");
  host = facts.host;
  if (method == Method::kConnect) return refuse("CONNECT is not served here", 501);
  if (target == "*") {
    if (method != Method::kOptions) return refuse("the target * is for OPTIONS");
    path_and_query = target;
    return std::nullopt;
  }
  if (target.front() == '/') {
    path_and_query = target;
    return std::nullopt;
  }
  const std::size_t scheme_end = target.find("://");
  if (scheme_end == std::string_view::npos) return refuse("the request target is not a path");
  const std::string_view scheme = target.substr(0, scheme_end);
  if (!equals_ignoring_case(scheme, "http") && !equals_ignoring_case(scheme, "https")) {
    return refuse("the request target's scheme is not http or https");
  }
  const std::string_view rest = target.substr(scheme_end + 3);
  const std::size_t end = rest.find_first_of("/?");
  host = rest.substr(0, end);
  if (!is_authority(host)) return refuse("the request target's authority is not host[:port]");
  path_and_query = end == std::string_view::npos ? std::string_view() : rest.substr(end);
  return std::nullopt;
}

}  // namespace

RequestParser::Scan RequestParser::find_end(std::span<const char> bytes, const HeadLimits& limits) {
  auto refused = [](std::string_view reason, int status) {
    return Scan{ParseState::kRefused, 0, {status, reason}};
  };
  // "a server that is expecting to receive and parse a request-line SHOULD ignore at least one
  // empty line (CRLF) received prior to the request-line" (RFC 9112, section 2.2): one, here.
  if (!bytes.empty() && bytes[0] != '\r' && lower_token_char(bytes[0]) == 0) {
    return refused("a request does not begin like this", 400);
  }
  while (scanned_ < bytes.size()) {
    const auto* const found = static_cast<const char*>(
        std::memchr(bytes.data() + scanned_, '\n', bytes.size() - scanned_));
    const std::size_t line_end =
        found == nullptr ? bytes.size() : static_cast<std::size_t>(found - bytes.data());
    if (lines_ == 0 && line_end - line_start_ >= limits.line_bytes) {
      return refused("the request line is too long", 414);
    }
    if (lines_ == 0 && line_end - line_start_ > kMethodBytes &&
        std::memchr(bytes.data() + line_start_, ' ', kMethodBytes) == nullptr) {
      return refused("a method is not as long as this", 400);
    }
    if (line_end >= limits.head_bytes) return refused("the header fields are too large", 431);
    scanned_ = static_cast<std::uint32_t>(line_end);
    if (found == nullptr) break;
    if (line_end == line_start_ || bytes[line_end - 1] != '\r') {
      return refused("a line ends in a bare line feed", 400);
    }
    const bool empty_line = line_end - line_start_ == 1;
    const bool leading = line_start_ == 0;
    ++scanned_;
    line_start_ = scanned_;
    if (empty_line && leading) continue;
    if (empty_line) return {ParseState::kComplete, scanned_, {}};
    // The request line is one of them.
    if (++lines_ > limits.field_count + 1) return refused("too many header fields", 431);
  }
  return {ParseState::kIncomplete, 0, {}};
}

HeadOutcome RequestParser::parse(std::span<char> bytes, const HeadLimits& limits, Request& request,
                                 Framing& framing) {
  const Scan scan = find_end(bytes, limits);
  if (scan.state != ParseState::kComplete) return {scan.state, 0, scan.refusal};
  scanned_ = 0;
  line_start_ = 0;
  lines_ = 0;

  auto refused = [](const Refusal& refusal) {
    return HeadOutcome{ParseState::kRefused, 0, refusal};
  };
  // Not every first CR is an empty line: what else begins with one is no method, and refused below.
  const bool leading_line = bytes[0] == '\r' && bytes[1] == '\n';
  char* const begin = bytes.data() + (leading_line ? 2 : 0);
  char* const end = bytes.data() + scan.head_end;
  auto* const line_feed =
      static_cast<char*>(std::memchr(begin, '\n', static_cast<std::size_t>(end - begin)));
  RequestLine line;
  if (auto refusal =
          parse_request_line({begin, static_cast<std::size_t>(line_feed - 1 - begin)}, line)) {
    return refused(*refusal);
  }
  request.fields_.clear();
  FieldFacts facts;
  if (auto refusal = parse_fields(line_feed + 1, end - 2, request.fields_, facts)) {
    return refused(*refusal);
  }
  request.method_ = method_from(line.method);
  if (auto refusal = decide_framing(facts, line.minor_version, framing)) return refused(*refusal);
  std::string_view path_and_query;
  if (auto refusal = decide_target(line.target, request.method_, facts, line.minor_version,
                                   path_and_query, request.host_)) {
    return refused(*refusal);
  }
  request.head_ = {begin, static_cast<std::size_t>(end - begin)};
  request.method_name_ = line.method;
  request.minor_version_ = line.minor_version;
  const std::size_t question = path_and_query.find('?');
  request.path_ = path_and_query.substr(0, question);
  request.query_ =
      question == std::string_view::npos ? std::string_view() : path_and_query.substr(question + 1);
  if (request.path_.empty()) {
    // "http://host" and "http://host?query": an empty path is "/" (RFC 9112, section 3.2.1).
    request.path_ = "/";
    request.target_ = request.query_.empty() ? std::string_view("/") : path_and_query;
  } else {
    request.target_ = path_and_query;
  }
  request.body_ = {};
  return {ParseState::kComplete, scan.head_end, {}};
}

}  // namespace hornbeam::http
