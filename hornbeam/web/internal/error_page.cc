// What a client sees of an error that the application does not answer itself: a problem document
// (RFC 9457), or for browsers, which ask for HTML by name, a small page.

#include <charconv>

#include "hornbeam/base/encoding.h"
#include "hornbeam/http/status.h"
#include "hornbeam/web/internal/dispatcher.h"
#include "hornbeam/web/security_headers.h"

namespace hornbeam::web {

namespace {

/// The weight an Accept field gives a media type that it names; 0 if it does not.
double quality_of(std::string_view accept, std::string_view type) {
  while (!accept.empty()) {
    const std::size_t end = std::min(accept.find(','), accept.size());
    std::string_view item = accept.substr(0, end);
    accept.remove_prefix(std::min(end + 1, accept.size()));
    item.remove_prefix(std::min(item.find_first_not_of(" \t"), item.size()));
    if (!item.starts_with(type)) continue;
    const std::string_view rest = item.substr(type.size());
    if (!rest.empty() && rest[0] != ';' && rest[0] != ' ') continue;
    const std::size_t weight = rest.find("q=");
    if (weight == std::string_view::npos) return 1;
    double quality = 0;
    std::from_chars(rest.data() + weight + 2, rest.data() + rest.size(), quality);
    return quality;
  }
  return 0;
}

bool prefers_html(const Request& request) {
  const std::string_view accept = request.find_header("accept").value_or("");
  const double html = quality_of(accept, "text/html");
  return html > 0 && html >= quality_of(accept, "application/json") &&
         html >= quality_of(accept, "application/problem+json");
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
  std::string body = R"({"type":"about:blank","title":)";
  base::append_json_string(body, http::reason_phrase(error.status()));
  body += ",\"status\":" + std::to_string(error.status()) + ",\"detail\":";
  base::append_json_string(body, detail);
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
      std::to_string(error.status()) + " " + std::string(http::reason_phrase(error.status()));
  std::string body =
      "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n<title>" +
      title +
      "</title>\n<style nonce=\"" +
      std::string(csp_nonce(request)) +
      "\">:root{color-scheme:light dark}body{font:1.1rem/1.5 system-ui,sans-serif;"
      "max-width:40rem;margin:15vh auto;padding:0 1rem}</style>\n<main>\n<h1>" +
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
  Response response = prefers_html(request) ? Response(error.status(), kHtml, page(request, error, detail))
                                            : Response(error.status(), "application/problem+json",
                                                       problem_document(error, detail));
  for (const auto& [name, value] : error.fields()) response.add_field(name, value);
  return response;
}

}  // namespace hornbeam::web
