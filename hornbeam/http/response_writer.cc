#include "hornbeam/http/response_writer.h"

#include <array>
#include <charconv>

#include "hornbeam/http/status.h"

namespace hornbeam::http {

namespace {

void append_number(std::string& out, std::size_t number) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void append_status_line(std::string& out, int status) {
  if (status == 200) {
    out += "HTTP/1.1 200 OK\r\n";
    return;
  }
  out += "HTTP/1.1 ";
  append_number(out, static_cast<std::size_t>(status));
  out += ' ';
  out += reason_phrase(status);
  out += "\r\n";
}

void append_common_fields(std::string& out, const Response& response) {
  const CommonFields* common = response.common_fields();
  if (common == nullptr) return;
  if (response.sends_all_common()) {
    out += common->wire();
    return;
  }
  for (std::size_t i = 0; i < common->fields().size(); ++i) {
    if (response.sends_common(i)) out += common->wire(i);
  }
}

// "A server MUST NOT send a Content-Length header field in any response with a status code of 1xx
// or 204" (RFC 9110, section 8.6); a 304 has no body either, and its length would be that of the
// 200 it stands for.
bool may_have_body(int status) {
  return status >= 200 && status != 204 && status != 304;
}

}  // namespace

void append_response(std::string& out, const Response& response, const ResponseFraming& framing) {
  const bool has_body = may_have_body(response.status());
  const std::string_view body = response.bytes();
  append_status_line(out, response.status());
  out += "Date: ";
  out += framing.date;
  if (!response.content_type().empty() && has_body) {
    out += "\r\nContent-Type: ";
    out += response.content_type();
  }
  for (const auto& [name, value] : response.fields()) {
    out += "\r\n";
    out += name;
    out += ": ";
    out += value;
  }
  append_common_fields(out, response);
  if (has_body) {
    if (!response.is_streamed()) {
      out += "\r\nContent-Length: ";
      append_number(out, body.size());
    } else if (const auto size = response.body_size()) {
      out += "\r\nContent-Length: ";
      append_number(out, *size);
    } else if (framing.minor_version == 1) {
      out += "\r\nTransfer-Encoding: chunked";
    }
  }
  if (!framing.keep_alive) {
    out += "\r\nConnection: close";
  } else if (framing.minor_version == 0) {
    out += "\r\nConnection: keep-alive";
  }
  out += "\r\n\r\n";
  if (has_body && !framing.is_head) out += body;
}

Response refusal_response(int status, std::string_view reason) {
  std::string text;
  append_number(text, static_cast<std::size_t>(status));
  text += ' ';
  text += reason_phrase(status);
  text += ": ";
  text += reason;
  text += '\n';
  Response response(status, "text/plain; charset=utf-8", std::move(text));
  response.close_after();
  return response;
}

}  // namespace hornbeam::http
