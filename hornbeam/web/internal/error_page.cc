// What a client sees of an error that the application does not answer itself: a problem document
// (RFC 9457), or for browsers, which ask for HTML by name, a small page.

#include <algorithm>

#include "hornbeam/base/encoding.h"
#include "hornbeam/http/status.h"
#include "hornbeam/http/token.h"
#include "hornbeam/web/internal/dispatcher.h"
#include "hornbeam/web/negotiation.h"
#include "hornbeam/web/security_headers.h"

namespace hornbeam::web {

namespace {

/// Whether the client names HTML, and nothing that problem documents are more than it. Who takes
/// anything ("*/*") is a program.
bool prefers_html(const Request& request) {
  int html = 0;
  int json = 0;
  for (const Accepted& each : parse_accept(request.find_header("accept").value_or(""))) {
    const auto is = [&each](std::string_view type) {
      return http::equals_ignoring_case(each.value, type);
    };
    if (is("text/html")) html = std::max(html, each.quality);
    const bool is_json = is("application/json") || is("application/problem+json");
    if (is_json) json = std::max(json, each.quality);
  }
  return html > 0 && html >= json;
}

/// What kind of problem it is, in words: for all of a kind the same.
std::string title_of(const HttpError& error) {
  return error.title().empty() ? std::string(http::reason_phrase(error.status())) : error.title();
}

std::string original_text(const HttpError& error) {
  if (!error.original()) return {};
  try {
    std::rethrow_exception(error.original());
  } catch (const std::exception& original) {
    return original.what();
  } catch (...) {
    return "something that is no std::exception";
  }
}

std::string problem_document(const HttpError& error, const std::string& detail) {
  std::string body = "{\"type\":";
  base::append_json_string(body, error.type().empty() ? "about:blank" : error.type());
  body += ",\"title\":";
  base::append_json_string(body, title_of(error));
  body += ",\"status\":" + std::to_string(error.status()) + ",\"detail\":";
  base::append_json_string(body, detail);
  if (!error.instance().empty()) {
    body += ",\"instance\":";
    base::append_json_string(body, error.instance());
  }
  if (!error.problems().empty()) {
    body += ",\"errors\":[";
    for (const base::Problem& problem : error.problems()) {
      if (body.back() != '[') body += ',';
      body += "{\"detail\":";
      base::append_json_string(body, problem.message);
      body += ",\"pointer\":";
      base::append_json_string(body, problem.pointer());
      body += '}';
    }
    body += ']';
  }
  return body + "}";
}

std::string page(const Request& request, const HttpError& error, const std::string& detail) {
  const std::string title =
      std::to_string(error.status()) + " " + base::html_escape(title_of(error));
  std::string body =
      "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n<title>" +
      title + "</title>\n<style nonce=\"" + std::string(csp_nonce(request)) +
      "\">:root{color-scheme:light dark}body{font:1.1rem/1.5 system-ui,sans-serif;"
      "max-width:40rem;margin:15vh auto;padding:0 1rem}p{white-space:pre-wrap;"
      "overflow-wrap:anywhere}</style>\n<main>\n<h1>" +
      title + "</h1>\n<p>" + base::html_escape(detail) + "</p>\n";
  if (!error.problems().empty()) {
    body += "<ul>\n";
    for (const base::Problem& problem : error.problems()) {
      body += "<li>" + base::html_escape(problem.to_string()) + "</li>\n";
    }
    body += "</ul>\n";
  }
  return body + "</main>\n</html>\n";
}

}  // namespace

Response error_response(const Request& request, const HttpError& error, bool is_debug) {
  std::string detail = error.message();
  if (is_debug && error.original()) detail += ": " + original_text(error);
  Response response =
      prefers_html(request)
          ? Response(error.status(), kHtml, page(request, error, detail))
          : Response(error.status(), "application/problem+json", problem_document(error, detail));
  for (const auto& [name, value] : error.fields()) response.add_field(name, value);
  add_vary(response, "Accept");
  return response;
}

}  // namespace hornbeam::web
