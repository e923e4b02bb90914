// What `_search` answered, read as the engine of this process would have given it.

#include <algorithm>
#include <map>
#include <memory>

#include "hornbeam/base/json_view.h"
#include "hornbeam/base/json_writer.h"
#include "hornbeam/denorm/opensearch/request_json.h"

namespace hornbeam::denorm {

namespace {

using base::JsonView;
using base::JsonWriter;

std::string text_of(const std::optional<JsonView>& value) {
  const auto text = value ? value->find_string() : std::nullopt;
  return text ? std::string(*text) : "";
}

float number_of(const std::optional<JsonView>& value) {
  const auto number = value ? value->find_number() : std::nullopt;
  return static_cast<float>(number.value_or(0));
}

std::uint64_t count_of(const std::optional<JsonView>& value) {
  return value ? value->find_unsigned().value_or(0) : 0;
}

/// What was rendered: all but the hash.
std::string source_of(JsonView source) {
  JsonWriter out;
  out.begin_object();
  for (std::size_t at = 0; at < source.size(); ++at) {
    const auto [name, value] = source.member(at);
    if (name != kHashField) out.raw_member(name, value.text());
  }
  out.end_object();
  return out.take();
}

search::SortValue sort_value(JsonView value) {
  if (const auto whole = value.find_int()) return *whole;
  if (const auto large = value.find_unsigned()) return *large;
  if (const auto number = value.find_number()) return *number;
  if (const auto text = value.find_string()) return std::string(*text);
  return std::monostate();
}

std::vector<std::string> texts_of(const std::optional<JsonView>& list) {
  std::vector<std::string> texts;
  for (std::size_t at = 0; list && at < list->size(); ++at) {
    texts.push_back(text_of(list->element(at)));
  }
  return texts;
}

/// The names of queries that matched; with what each scores, if that was asked for.
void read_matched_queries(search::Hit& hit, const std::optional<JsonView>& names) {
  if (!names) return;
  if (names->kind() != base::JsonKind::kObject) {
    hit.matched_queries = texts_of(names);
    return;
  }
  for (std::size_t at = 0; at < names->size(); ++at) {
    const auto [name, score] = names->member(at);
    hit.matched_queries.emplace_back(name);
    hit.matched_scores.push_back(number_of(score));
  }
}

search::Explanation read_explanation(JsonView json) {
  search::Explanation read{.value = number_of(json.find("value")),
                           .description = text_of(json.find("description"))};
  const JsonView details = json.find("details").value_or(JsonView());
  for (std::size_t at = 0; at < details.size(); ++at) {
    read.details.push_back(read_explanation(details.element(at)));
  }
  return read;
}

search::SearchResult read_hits(JsonView json, const search::SearchRequest& request);

void read_inner_hits(search::Hit& hit, JsonView json) {
  for (std::size_t at = 0; at < json.size(); ++at) {
    const auto [name, value] = json.member(at);
    hit.inner_hits.push_back(
        {.name = std::string(name),
         .result = std::make_shared<const search::SearchResult>(read_hits(value, {}))});
  }
}

search::Hit read_hit(JsonView json, const search::SearchRequest& request) {
  search::Hit hit{.id = text_of(json.find("_id")), .source = {}};
  if (const auto score = json.find("_score"); score && score->find_number()) {
    hit.score = number_of(score);
  }
  if (const auto source = json.find("_source")) hit.source = source_of(*source);
  for (auto place = json.find("_nested"); place; place = place->find("_nested")) {
    hit.nested.push_back({.field = text_of(place->find("field")),
                          .offset = static_cast<search::DocId>(count_of(place->find("offset")))});
  }
  const JsonView sort = json.find("sort").value_or(JsonView());
  for (std::size_t at = 0; at < sort.size(); ++at) hit.sort.push_back(sort_value(sort.element(at)));
  read_matched_queries(hit, json.find("matched_queries"));
  const JsonView highlight = json.find("highlight").value_or(JsonView());
  for (std::size_t at = 0; at < highlight.size(); ++at) {
    const auto [field, fragments] = highlight.member(at);
    hit.highlight[std::string(field)] = texts_of(fragments);
  }
  if (const auto why = json.find("_explanation")) hit.explanation = read_explanation(*why);
  if (request.collapse) {
    const auto fields = json.find("fields");
    const auto values = fields ? fields->find(request.collapse->field) : std::nullopt;
    if (values && values->size() > 0) hit.collapsed_by = sort_value(values->element(0));
  }
  if (const auto inner = json.find("inner_hits")) read_inner_hits(hit, *inner);
  return hit;
}

/// The object that has "hits": an answer, or inner hits.
search::SearchResult read_hits(JsonView json, const search::SearchRequest& request) {
  search::SearchResult result;
  const JsonView hits = json.find("hits").value_or(JsonView());
  if (const auto total = hits.find("total")) {
    result.total.value = count_of(total->find("value"));
    result.total.is_exact = text_of(total->find("relation")) != "gte";
  }
  if (const auto best = hits.find("max_score"); best && best->find_number()) {
    result.max_score = number_of(best);
  }
  const JsonView found = hits.find("hits").value_or(JsonView());
  for (std::size_t at = 0; at < found.size(); ++at) {
    result.hits.push_back(read_hit(found.element(at), request));
  }
  return result;
}

search::SuggestOption read_option(JsonView json) {
  search::SuggestOption option{.text = text_of(json.find("text"))};
  const auto score = json.find("score");
  option.score = number_of(score ? score : json.find("_score"));
  option.freq = count_of(json.find("freq"));
  option.highlighted = text_of(json.find("highlighted"));
  option.id = text_of(json.find("_id"));
  if (const auto source = json.find("_source")) option.source = source_of(*source);
  const JsonView contexts = json.find("contexts").value_or(JsonView());
  for (std::size_t at = 0; at < contexts.size(); ++at) {
    const auto [name, values] = contexts.member(at);
    option.contexts[std::string(name)] = texts_of(values);
  }
  return option;
}

/// In the order in which they were asked for: what each is, only the request says.
std::vector<search::Suggestion> read_suggestions(JsonView json,
                                                 const search::SuggestRequest& request) {
  constexpr const char* kTypes[] = {"term", "phrase", "completion"};
  std::vector<search::Suggestion> suggestions;
  for (const search::SuggestRequest::Entry& asked : request.entries) {
    const auto answered = json.find(asked.name);
    if (!answered) continue;
    search::Suggestion suggestion{
        .name = asked.name, .type = kTypes[asked.suggester.index()], .entries = {}};
    for (std::size_t at = 0; at < answered->size(); ++at) {
      const JsonView each = answered->element(at);
      search::SuggestEntry entry{.text = text_of(each.find("text")),
                                 .offset = count_of(each.find("offset")),
                                 .length = count_of(each.find("length"))};
      const JsonView options = each.find("options").value_or(JsonView());
      for (std::size_t option = 0; option < options.size(); ++option) {
        entry.options.push_back(read_option(options.element(option)));
      }
      suggestion.entries.push_back(std::move(entry));
    }
    suggestions.push_back(std::move(suggestion));
  }
  return suggestions;
}

}  // namespace

ClusterKind kind_of_cluster(std::string_view json) {
  // {"version": {"number": "8.1.0"}}: only OpenSearch says whose distribution it is.
  const auto document = base::JsonDocument::parse(json);
  const auto version = document ? document->root().find("version") : std::nullopt;
  const bool is_elasticsearch =
      version && version->find("number") && !version->find("distribution");
  return is_elasticsearch ? ClusterKind::kElasticsearch : ClusterKind::kOpenSearch;
}

base::Result<search::SearchResult> read_search_answer(std::string_view json,
                                                      const search::SearchRequest& request) {
  const auto document = base::JsonDocument::parse(json);
  if (!document) {
    return base::error("no_answer", "the answer is no JSON: " + document.error().message());
  }
  const JsonView root = document->root();
  if (const auto error = root.find("error")) {
    const auto causes = error->find("root_cause");
    const JsonView cause = causes && causes->size() > 0 ? causes->element(0) : *error;
    return base::error(text_of(cause.find("type")), text_of(cause.find("reason")));
  }
  search::SearchResult result = read_hits(root, request);
  if (const auto early = root.find("terminated_early")) {
    result.terminated_early = early->find_bool().value_or(false);
  }
  if (const auto aggregations = root.find("aggregations")) {
    result.aggregations = aggregations->text();
  }
  if (request.suggest) {
    result.suggestions =
        read_suggestions(root.find("suggest").value_or(JsonView()), *request.suggest);
  }
  return result;
}

}  // namespace hornbeam::denorm
