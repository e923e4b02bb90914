#include "hornbeam/site/console/forward.h"

#include <fmt/format.h>

#include "hornbeam/base/encoding.h"
#include "hornbeam/site/console/assets.h"
#include "hornbeam/site/console/rights.h"
#include "hornbeam/site/console/vendor.h"
#include "hornbeam/site/search_api/search_api.h"
#include "hornbeam/web/arguments.h"

namespace hornbeam::site {
namespace {

using base::Task;
using web::Request;
using web::Response;

/// Of a request that someone typed: a bulk by hand is far from it. Bytes.
constexpr std::size_t kLargestBody = std::size_t{4} << 20;

// Forwards to the index, in this process or elsewhere. The routes hold it.
struct Forwarder {
  std::shared_ptr<RestIndex> index;
  base::ThreadPool* pool;

  Task<RestResponse> forward(const Request& request, std::string method, std::string path,
                             const web::Arguments& query) const {
    RestRequest rest{.method = std::move(method),
                     .path = std::move(path),
                     .body = std::string(request.body()),
                     .content_type = request.content_type()};
    for (const auto& [name, value] : query) rest.query.emplace_back(name, value);
    const RestEffect effect = SearchApi::effect_of(rest);
    const bool only_reads =
        effect == RestEffect::kReads || (effect == RestEffect::kNothing && index->is_known_whole());
    if (!only_reads && !request.local<ConsoleRights>().writes) {
      throw web::forbidden(fmt::format(
          "{} {} changes the index, holds its memory or is not known here, and you may only read. "
          "Mend: ask whoever runs this site for the right to write",
          rest.method, rest.path));
    }
    co_return co_await pool->run(
        [held = index, rest = std::move(rest)] { return held->handle(rest); });
  }

  /// For pages: always 200, so that the status of the index's answer is told from our own.
  Task<Response> run(const Request& request) const {
    const std::string method(request.find_query("method").value_or(""));
    const std::string target(request.find_query("path").value_or(""));
    if (method.empty() || !target.starts_with('/')) {
      throw web::bad_request(
          "this takes ?method= and ?path= with a '/' in front, such as method=GET&path=/_search");
    }
    const std::size_t end = std::min(target.find('?'), target.size());
    const web::Arguments query =
        web::Arguments::parse(std::string_view(target).substr(std::min(end + 1, target.size())));
    RestResponse answer = co_await forward(request, method, target.substr(0, end), query);
    Response response(200, answer.content_type, std::move(answer.body));
    response.set_field("X-Search-Status", std::to_string(answer.status));
    response.set_field("Cache-Control", "no-store");
    co_return response;
  }

  /// For programs: the path as it was sent, since an id may have an encoded slash.
  Task<Response> rest(const Request& request) const {
    const std::string_view pattern = request.route_path();
    const std::size_t prefix = pattern.find("/{path:path}");
    base::check(prefix != std::string_view::npos, "the route has no path to forward");
    const std::string_view path = request.raw().path();
    if (path.size() <= prefix || path[prefix] != '/') throw web::not_found();
    RestResponse answer = co_await forward(request, std::string(request.method_name()),
                                           std::string(path.substr(prefix)), request.query());
    Response response(answer.status, answer.content_type, std::move(answer.body));
    response.set_field("Cache-Control", "no-store");
    co_return response;
  }
};

}  // namespace

void add_console_routes(web::Blueprint& blueprint, const std::shared_ptr<RestIndex>& index,
                        base::ThreadPool& pool) {
  const Forwarder forwarder{index, &pool};
  blueprint.post("/run", [forwarder](const Request& request) { return forwarder.run(request); })
      .max_body(kLargestBody);
  using http::Method;
  const web::Methods methods = {Method::kGet, Method::kHead, Method::kPost, Method::kPut,
                                Method::kDelete};
  blueprint
      .route(methods, "/rest/{path:path}",
             [forwarder](const Request& request, std::string) { return forwarder.rest(request); })
      .max_body(kLargestBody);
  web::EmbeddedFiles files = console_assets::embedded_console_static();
  for (const auto& [name, text] : console_assets::embedded_vendor()) {
    files.emplace("vendor/" + name, text);
  }
  blueprint.static_files("/static", std::move(files));
}

// Addresses are relative, so that they are right wherever the blueprint is mounted and whatever a
// proxy took off the path.
ConsolePage console_page(std::string title, std::string_view name,
                         const std::vector<std::string_view>& styles,
                         const std::vector<std::string_view>& scripts, std::string_view data) {
  ConsolePage page{.title = std::move(title)};
  for (const std::string_view style : styles) {
    page.head += fmt::format("<link rel=\"stylesheet\" href=\"static/{}\">\n", style);
  }
  for (const std::string_view script : scripts) {
    const bool is_plain = script.starts_with("vendor/");
    page.head += fmt::format("<script {} src=\"static/{}\"></script>\n",
                             is_plain ? "defer" : "type=\"module\"", script);
  }
  static const web::EmbeddedFiles kPages = console_assets::embedded_console_pages();
  page.body = data;
  page.body += kPages.find(name)->second;
  return page;
}

web::Response bare_frame(const Request&, const ConsolePage& page) {
  return web::html(
      fmt::format("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta "
                  "name=\"viewport\" content=\"width=device-width, "
                  "initial-scale=1\">\n<title>{}</title>\n<link rel=\"icon\" href=\"data:,\">\n"
                  "{}</head>\n<body>\n<main>\n{}</main>\n</body>\n</html>\n",
                  base::html_escape(page.title), page.head, page.body));
}

}  // namespace hornbeam::site
