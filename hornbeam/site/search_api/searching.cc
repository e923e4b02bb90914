#include <chrono>

#include <fmt/format.h>

#include "hornbeam/site/search_api/handlers.h"
#include "hornbeam/site/search_api/search_body.h"

namespace hornbeam::site::search_handlers {
namespace {

using search::NodeError;
using Clock = std::chrono::steady_clock;

std::int64_t milliseconds_since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start).count();
}

std::chrono::milliseconds keep_alive(const std::string& text) {
  const auto kept = search::parse_duration(text);
  if (!kept) {
    throw NodeError("illegal_argument_exception",
                    fmt::format("failed to parse setting [scroll] with value [{}] as a time value: "
                                "unit is missing or unrecognized",
                                text));
  }
  constexpr std::chrono::hours kLongest{24};
  if (*kept > kLongest) {
    throw NodeError(
        "illegal_argument_exception",
        fmt::format("Keep alive for request ({}) is too large. It must be less than (1d). This "
                    "limit can be set by changing the [search.max_keep_alive] cluster level "
                    "setting.",
                    text));
  }
  return *kept;
}

/// Finds all that a scroll hands out, and gives the first page.
std::string begin_scroll(SearchApi& api, RestCall& call, SearchBody& body,
                         const std::vector<search::SearchTarget>& targets,
                         search::SearchResult& result) {
  const std::size_t page = body.request.size;
  const std::chrono::milliseconds kept = keep_alive(call.text("scroll"));
  if (body.request.from > 0) {
    throw NodeError("action_request_validation_exception",
                    "Validation Failed: 1: using [from] is not allowed in a scroll context;");
  }
  if (page == 0) {
    throw NodeError("action_request_validation_exception",
                    "Validation Failed: 1: [size] cannot be [0] in a scroll context;");
  }
  if (call.has("request_cache")) {
    throw NodeError("action_request_validation_exception",
                    "Validation Failed: 1: [request_cache] cannot be used in a scroll context;");
  }
  if (!body.request.rescore.empty()) {
    throw NodeError("action_request_validation_exception",
                    "Validation Failed: 1: using [rescore] is not allowed in a scroll context;");
  }
  if (body.request.collapse) {
    throw NodeError::of_search(
        {.code = "search_exception", .message = "cannot use `collapse` in a scroll context"}, "");
  }
  for (const search::SearchTarget& target : targets) {
    const std::size_t most = target.settings.max_result_window;
    if (page <= most) continue;
    throw NodeError::of_search(
        {.code = "illegal_argument_exception",
         .message = fmt::format(
             "Batch size is too large, size must be less than or equal to: [{}] but was [{}]. "
             "Scroll batch sizes cost as much memory as result windows so they are controlled by "
             "the [index.max_result_window] index level setting.",
             most, page)},
        target.name);
  }
  SearchBody whole = body;
  std::size_t all = 0;
  for (const search::SearchTarget& target : targets) all += target.snapshot->live_count();
  whole.request.size = std::max<std::size_t>(all, page);
  whole.request.track_total_hits = search::SearchRequest::kCountAll;
  std::vector<search::SearchTarget> unbounded = targets;
  for (search::SearchTarget& target : unbounded) {
    target.settings.max_result_window = whole.request.size;
  }
  result = run_search(unbounded, whole);
  Scrolls::Scroll scroll{
      .total = write_total(result.total, body), .page = page, .ends_at = Clock::now() + kept};
  for (std::size_t i = page; i < result.hits.size(); ++i) {
    scroll.hits.push_back(write_hit(result.hits[i], targets, body));
  }
  if (result.hits.size() > page) result.hits.resize(page);
  return api.scrolls().add(std::move(scroll));
}

void write_one_search(SearchApi& api, RestCall& call, SearchBody& body,
                      const std::string& expression, base::JsonWriter& out) {
  const Clock::time_point start = Clock::now();
  if (const auto most = api.node().find_setting("search.max_buckets")) {
    body.request.aggregation_options.max_buckets = static_cast<std::size_t>(std::stoul(*most));
  }
  const auto targets = search_targets(api.node(), expression, call.index_options(), body);
  search::SearchResult result;
  out.begin_object();
  if (call.has("scroll")) {
    out.member("_scroll_id", begin_scroll(api, call, body, targets, result));
  } else {
    result = run_search(targets, body);
  }
  write_result(out, result, targets, body, milliseconds_since(start));
}

/// One line of a list of searches: the parameters that it may give.
RestRequest header_request(base::JsonView header) {
  RestRequest request;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const auto [name, value] = header.member(i);
    request.query.emplace_back(name == "indices" ? "index" : name,
                               fmt::format("{}", fmt::join(texts_of(value), ",")));
  }
  return request;
}

/// One search of several.
struct ListedSearch {
  RestRequest request;
  std::map<std::string, std::string, std::less<>> parameters;
  SearchBody body;
};

/// Reads all of them first: one that cannot be read spoils the whole request.
std::vector<ListedSearch> read_searches(const RestCall& call) {
  std::vector<std::string_view> lines;
  std::string_view rest = call.body();
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    lines.push_back(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  if (lines.size() < 2) {
    throw NodeError("action_request_validation_exception",
                    "Validation Failed: 1: no requests added;");
  }
  std::vector<ListedSearch> searches;
  for (std::size_t i = 0; i + 1 < lines.size(); i += 2) {
    const auto header = base::JsonDocument::parse(lines[i].empty() ? "{}" : lines[i]);
    const auto body = base::JsonDocument::parse(lines[i + 1]);
    if (!header || !body) throw NodeError("parse_exception", "a line is no JSON");
    ListedSearch listed{.request = header_request(header->root()), .parameters = {}, .body = {}};
    listed.parameters.insert(listed.request.query.begin(), listed.request.query.end());
    for (const std::string_view name : {"rest_total_hits_as_int", "typed_keys", "index"}) {
      if (const auto given = call.find(name)) listed.parameters.emplace(name, *given);
    }
    RestCall inner(listed.request, listed.parameters);
    listed.body = read_search(inner, body->root());
    searches.push_back(std::move(listed));
  }
  return searches;
}

}  // namespace

RestResponse search(SearchApi& api, RestCall& call) {
  base::JsonWriter out;
  SearchBody body = read_search(call, call.find_json());
  write_one_search(api, call, body, call.text("index"), out);
  out.end_object();
  return answer(out);
}

RestResponse multi_search(SearchApi& api, RestCall& call) {
  const Clock::time_point start = Clock::now();
  base::JsonWriter responses;
  responses.begin_array();
  for (ListedSearch& listed : read_searches(call)) {
    base::JsonWriter one;
    try {
      RestCall inner(listed.request, listed.parameters);
      write_one_search(api, inner, listed.body, inner.text("index"), one);
      one.member("status", 200).end_object();
      responses.raw(one.take());
    } catch (const NodeError& error) {
      responses.raw(error_body(error, status_of(error.type()), call.flag("error_trace")));
    }
  }
  responses.end_array();
  base::JsonWriter out;
  out.begin_object().member("took", milliseconds_since(start));
  out.raw_member("responses", responses.take()).end_object();
  return answer(out);
}

RestResponse count(SearchApi& api, RestCall& call) {
  SearchBody body = read_query_only(call);
  body.request.size = 0;
  body.request.track_total_hits = search::SearchRequest::kCountAll;
  const auto targets = search_targets(api.node(), call.text("index"), call.index_options(), body);
  const search::SearchResult result = run_search(targets, body);
  base::JsonWriter out;
  out.begin_object().member("count", result.total.value);
  write_shards(out, targets.size(), targets.size());
  out.end_object();
  return answer(out);
}

RestResponse scroll(SearchApi& api, RestCall& call) {
  std::string id = call.text("scroll_id");
  std::string kept = call.text("scroll");
  if (const auto json = call.find_json()) {
    if (const auto given = json->find("scroll_id")) id = text_of(*given);
    if (const auto given = json->find("scroll")) kept = text_of(*given);
  }
  if (id.empty()) {
    throw NodeError("action_request_validation_exception",
                    "Validation Failed: 1: scrollId is missing;");
  }
  const auto page =
      api.scrolls().take(id, kept.empty() ? std::chrono::milliseconds(0) : keep_alive(kept));
  if (!page) {
    throw NodeError("search_context_missing_exception",
                    fmt::format("No search context found for id [{}]", id));
  }
  std::string total = page->total;
  if (call.flag("rest_total_hits_as_int") && total.starts_with('{')) {
    const auto document = base::JsonDocument::parse(total);
    total = document->root().find("value")->text();
  }
  base::JsonWriter out;
  out.begin_object().member("_scroll_id", id).member("took", 0).member("timed_out", false);
  write_shards(out, 1, 1);
  out.key("hits").begin_object().raw_member("total", total).key("max_score").raw("null");
  out.key("hits").begin_array();
  for (const std::string& hit : page->hits) out.raw(hit);
  out.end_array().end_object().end_object();
  return answer(out);
}

RestResponse clear_scroll(SearchApi& api, RestCall& call) {
  std::vector<std::string> ids = call.list("scroll_id");
  if (const auto json = call.find_json()) {
    if (const auto given = json->find("scroll_id")) {
      ids = texts_of(*given);
    }
  }
  std::size_t freed = 0;
  for (const std::string& id : ids) {
    freed += id == "_all" ? api.scrolls().remove_all() : api.scrolls().remove(id) ? 1 : 0;
  }
  base::JsonWriter out;
  const bool is_found = freed > 0 || ids == std::vector<std::string>{"_all"};
  out.begin_object().member("succeeded", true).member("num_freed", freed).end_object();
  return answer(out, is_found ? 200 : 404);
}

RestResponse validate_query(SearchApi& api, RestCall& call) {
  base::JsonWriter out;
  std::string problem;
  std::vector<std::pair<std::string, std::string>> explained;
  bool is_valid = true;
  std::size_t shards = 0;
  try {
    const SearchBody body = read_query_only(call);
    const auto targets = search_targets(api.node(), call.text("index"), call.index_options(), body);
    shards = targets.size();
    for (const search::SearchTarget& target : targets) {
      const auto text = search::explain_query(target, body.request.query, search::current_time());
      is_valid = is_valid && text.has_value();
      if (!text) problem = fmt::format("[{}] {}", target.name, text.error().message);
      explained.emplace_back(target.name, text.value_or(problem));
    }
  } catch (const NodeError& error) {
    if (error.type() == "index_not_found_exception") throw;
    is_valid = false;
    problem = fmt::format("{}[{}]", error.type(), error.what());
  }
  out.begin_object();
  write_shards(out, std::max<std::size_t>(shards, 1), std::max<std::size_t>(shards, 1));
  out.member("valid", is_valid);
  if (call.flag("explain")) {
    if (shards == 0 && !problem.empty()) out.member("error", problem);
    out.key("explanations").begin_array();
    for (const auto& [name, text] : explained) {
      out.begin_object().member("index", name).member("valid", is_valid);
      out.member(is_valid ? "explanation" : "error", text).end_object();
    }
    out.end_array();
  }
  out.end_object();
  return answer(out);
}

}  // namespace hornbeam::site::search_handlers
