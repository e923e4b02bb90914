#include "hornbeam/web/internal/conditional.h"

#include <algorithm>
#include <charconv>

#include "hornbeam/http/token.h"
#include "hornbeam/web/cookie.h"

namespace hornbeam::web {

namespace {

/// Takes what stands before the next comma off the front.
std::string_view take_item(std::string_view& list) {
  const std::size_t end = std::min(list.find(','), list.size());
  const std::string_view item = http::trim_blanks(list.substr(0, end));
  list.remove_prefix(std::min(end + 1, list.size()));
  return item;
}

// "A recipient MUST use the weak comparison function when comparing entity tags for If-None-Match"
// (RFC 9110, section 13.1.2).
bool names_etag(std::string_view list, std::string_view etag) {
  while (!list.empty()) {
    std::string_view item = take_item(list);
    if (item == "*") return true;
    if (item.starts_with("W/")) item.remove_prefix(2);
    if (item == etag) return true;
  }
  return false;
}

std::optional<std::uint64_t> parse_number(std::string_view digits) {
  std::uint64_t number = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool is_whole = read.ptr == digits.data() + digits.size() && !digits.empty();
  if (!is_whole || digits[0] == '-') return std::nullopt;
  if (read.ec != std::errc()) return ~std::uint64_t{0};
  return number;
}

bool range_still_applies(const Request& request, const Validators& current) {
  const auto field = request.find_header("if-range");
  if (!field) return true;
  if (field->starts_with('"')) return *field == current.etag;
  const auto date = parse_http_date(*field);
  return date && current.last_modified != 0 && *date == current.last_modified;
}

}  // namespace

bool is_not_modified(const Request& request, const Validators& current) {
  if (const auto tags = request.find_header("if-none-match")) {
    return names_etag(*tags, current.etag);
  }
  const auto since = request.find_header("if-modified-since");
  if (!since || current.last_modified == 0) return false;
  const auto date = parse_http_date(*since);
  return date && current.last_modified <= *date;
}

RangeRequest requested_range(const Request& request, const Validators& current,
                             std::uint64_t size) {
  const auto field = request.find_header("range");
  constexpr std::string_view kUnit = "bytes=";
  if (!field || !field->starts_with(kUnit) || request.method() != http::Method::kGet ||
      !range_still_applies(request, current)) {
    return {};
  }
  const std::string_view spec = http::trim_blanks(field->substr(kUnit.size()));
  // Several ranges would need a multipart answer, which nobody asks of a file server in earnest.
  if (spec.find(',') != std::string_view::npos) return {.is_unsatisfiable = true};
  const std::size_t dash = spec.find('-');
  if (dash == std::string_view::npos) return {};
  const auto first = parse_number(spec.substr(0, dash));
  const auto last = parse_number(spec.substr(dash + 1));
  if (dash == 0) {
    if (!last) return {};
    if (*last == 0 || size == 0) return {.is_unsatisfiable = true};
    const std::uint64_t count = std::min(*last, size);
    return {.range = ByteRange{size - count, count}};
  }
  if (!first || (!last && dash + 1 != spec.size()) || (last && *last < *first)) return {};
  if (*first >= size) return {.is_unsatisfiable = true};
  const std::uint64_t end = last ? std::min(*last, size - 1) : size - 1;
  return {.range = ByteRange{*first, end - *first + 1}};
}

Response answer_with_range(const Request& request, Response response, const Validators& current,
                           std::uint64_t size,
                           const std::function<Response::Body(ByteRange)>& body) {
  response.set_field("ETag", current.etag);
  if (current.last_modified != 0) {
    response.set_field("Last-Modified", http_date(current.last_modified));
  }
  if (is_not_modified(request, current)) {
    response.set_status(304);
    return response;
  }
  response.set_field("Accept-Ranges", "bytes");
  const RangeRequest asked = requested_range(request, current, size);
  if (asked.is_unsatisfiable) {
    response.set_status(416);
    response.set_field("Content-Range", "bytes */" + std::to_string(size));
    response.remove_field("Content-Type");
    response.remove_field("Content-Encoding");
    response.remove_field("Content-Disposition");
    return response;
  }
  const ByteRange range = asked.range.value_or(ByteRange{0, size});
  if (asked.range) {
    response.set_status(206);
    response.set_field("Content-Range", "bytes " + std::to_string(range.begin) + "-" +
                                            std::to_string(range.begin + range.size - 1) + "/" +
                                            std::to_string(size));
  }
  response.set_body(body(range));
  return response;
}

}  // namespace hornbeam::web
