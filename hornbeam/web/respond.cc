#include "hornbeam/web/respond.h"

#include <stdexcept>

#include "hornbeam/base/encoding.h"

namespace hornbeam::web {

namespace {

bool is_control(char each) {
  const auto byte = static_cast<unsigned char>(each);
  return byte < 0x20 || byte == 0x7F;
}

bool has_control(std::string_view text) {
  for (const char each : text) {
    if (is_control(each)) return true;
  }
  return false;
}

}  // namespace

Response html(std::string markup, int status) {
  return {status, kHtml, std::move(markup)};
}

Response text(std::string text, int status) {
  return {status, kPlainText, std::move(text)};
}

Response redirect(std::string_view location, int status) {
  if (has_control(location)) {
    throw std::invalid_argument("a redirect's location has control bytes. Mend: percent_encode it");
  }
  Response response(status, kHtml,
                    "<!doctype html><title>Moved</title><p>Go to <a href=\"" +
                        base::html_escape(location) + "\">" + base::html_escape(location) +
                        "</a>.</p>\n");
  response.set_field("Location", std::string(location));
  return response;
}

std::string local_location(std::string_view location, std::string_view fallback) {
  // Browsers take "//host", "/\host" and what control bytes hide as another site.
  const bool is_local = location.starts_with('/') && !location.starts_with("//") &&
                        location.find('\\') == std::string_view::npos && !has_control(location);
  return std::string(is_local ? location : fallback);
}

Response stream(std::string_view content_type, http::StreamBody write) {
  return {200, content_type, std::move(write)};
}

}  // namespace hornbeam::web
