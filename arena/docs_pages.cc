#include "arena/docs_pages.h"

#include "arena/arena.h"

namespace arena {
namespace {

namespace base = hornbeam::base;
namespace data = hornbeam::data;
namespace site = hornbeam::site;
namespace web = hornbeam::web;
using hornbeam::Task;

constexpr std::string_view kNoEngine =
    "Searches are off in this process: it has no folder of indices of its own (search.folder), and "
    "no "
    "cluster (search.url).";
constexpr std::string_view kAway = "The search does not answer. Try again in a moment.";
constexpr std::string_view kNotReady = "The index is being built. This takes a moment.";

/// Until the first index serves, its alias is missing: that is no fault.
std::string problem_of(const base::Error& error) {
  if (error.code == "index_not_found_exception") return std::string(kNotReady);
  if (error.code == "target_unavailable") {
    base::log_warning("a documentation search found no cluster", {{"reason", error.message}});
    return std::string(kAway);
  }
  base::log_error("a documentation search failed",
                  {{"code", error.code}, {"reason", error.message}});
  return "The search failed. Try again, or with other words.";
}

Task<web::Response> show_results(Arena& arena, const web::Request& request,
                                 site::DocumentationQuery query, std::string page) {
  site::DocumentationAnswer answer;
  std::string problem;
  if (!arena.search) {
    problem = kNoEngine;
  } else {
    auto found = co_await site::search_documentation(arena.search->sections(), query);
    if (found) {
      answer = std::move(*found);
    } else {
      problem = problem_of(found.error());
    }
  }
  const ImportState import = arena.docs_import.state();
  const std::string took = fmt::format("{:.1f}", answer.milliseconds);
  web::Response response = arena.pages.render(request, page,
                                              {{"query", query},
                                               {"answer", answer},
                                               {"took", took},
                                               {"page_size", site::kSectionsOnPage},
                                               {"problem", problem},
                                               {"is_ready", problem.empty()},
                                               {"is_waiting", problem == kNotReady},
                                               {"importing", import}},
                                              arena.search ? 200 : 503);
  response.set_field("Server-Timing", fmt::format("search;dur={:.2f}", answer.milliseconds));
  co_return response;
}

Task<web::Response> show_page(Arena& arena, const web::Request& request, std::string manual,
                              std::string path) {
  const auto found = co_await arena.database->read(
      [&](data::Snapshot& db) { return site::read_document_page(db, manual, path); });
  if (!found) {
    const ImportState import = arena.docs_import.state();
    co_return arena.pages.render(request, "docs/missing.html",
                                 {{"path", path}, {"importing", import}}, 404);
  }
  co_return arena.pages.render(request, "docs/page.html", {{"document", *found}});
}

}  // namespace

void add_docs_pages(Arena& arena) {
  arena.app.get("/docs",
                [&arena](const web::Request& request, web::Query<site::DocumentationQuery> query) {
                  return show_results(arena, request, std::move(*query), "docs/index.html");
                });
  arena.app.get("/docs/results",
                [&arena](const web::Request& request, web::Query<site::DocumentationQuery> query) {
                  return show_results(arena, request, std::move(*query), "docs/results.html");
                });
  arena.app.get("/docs/{manual}/{path:path}",
                [&arena](const web::Request& request, std::string manual, std::string path) {
                  return show_page(arena, request, std::move(manual), std::move(path));
                });
}

}  // namespace arena
