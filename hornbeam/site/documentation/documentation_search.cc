#include "hornbeam/site/documentation/documentation_search.h"

#include <array>
#include <chrono>

#include <fmt/format.h>

#include "hornbeam/base/encoding.h"
#include "hornbeam/base/json.h"
#include "hornbeam/site/documentation/import.h"
#include "hornbeam/site/documentation/section_document.h"

namespace hornbeam::site {

namespace {

using Clock = std::chrono::steady_clock;

std::array<Facet, 3> facets_of(const DocumentationQuery& query) {
  return {Facet{"manuals", "manual", query.manual}, Facet{"tags", "tags", query.tag, 14},
          Facet{"kinds", "kinds", query.kind}};
}

/// Sections that have all of the words, in any of their texts, meant ("english") or typed; the last
/// may be the beginning of a word. Those in whose heading they stand come first.
std::string words_query(const std::string& words) {
  return fmt::format(R"({{"bool": {{
    "must": {{"dis_max": {{"tie_breaker": 0.3, "queries": [
      {{"multi_match": {{"query": {0}, "type": "cross_fields", "operator": "and",
        "fields": ["title^4", "trail^1.5", "text"]}}}},
      {{"multi_match": {{"query": {0}, "type": "bool_prefix", "operator": "and",
        "fields": ["title.words^3", "names^3", "text.words", "code^0.6"]}}}}]}}}},
    "should": [
      {{"match_phrase": {{"title": {{"query": {0}, "boost": 5}}}}}},
      {{"match_phrase": {{"names": {{"query": {0}, "boost": 4}}}}}},
      {{"match_phrase": {{"text": {{"query": {0}, "slop": 2}}}}}}]}}}})",
                     base::to_json(words));
}

constexpr std::string_view kHighlight = R"("highlight": {
  "encoder": "html", "pre_tags": ["<mark>"], "post_tags": ["</mark>"], "require_field_match": false,
  "max_analyzer_offset": 100000,
  "fields": {"title": {"number_of_fragments": 0},
             "text": {"fragment_size": 170, "number_of_fragments": 1, "no_match_size": 170},
             "code": {"fragment_size": 110, "number_of_fragments": 1}}})";

std::string first_of(const search::Highlights& highlights, const std::string& field) {
  const auto found = highlights.find(field);
  return found == highlights.end() || found->second.empty() ? std::string() : found->second.front();
}

/// At most `most` bytes of a text, cut between two words.
std::string beginning_of(const std::string& text, std::size_t most) {
  if (text.size() <= most) return text;
  const std::size_t end = text.rfind(' ', most);
  if (end != std::string::npos) return text.substr(0, end) + " …";
  std::size_t cut = most;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U) --cut;
  return text.substr(0, cut) + "…";
}

FoundSection shown(const denorm::FoundDocument& hit, SectionDocument section) {
  FoundSection found{
      .address = fmt::format("{}{}/{}", kDocumentationPrefix, section.manual,
                             base::percent_encode(section.path, base::kPathSafe)),
      .title = first_of(hit.highlight, "title"),
      .snippet = first_of(hit.highlight, "text"),
      .code = first_of(hit.highlight, "code"),
      .trail = std::move(section.trail),
      .manual = section.name + (section.version.empty() ? "" : ' ' + section.version),
      .is_reference = !section.kinds.empty() && section.kinds[0] == "reference",
      .languages = std::move(section.languages)};
  if (section.level > 1) found.address += '#' + section.anchor;
  if (found.title.empty()) found.title = base::html_escape(section.title);
  if (found.snippet.empty()) found.snippet = base::html_escape(beginning_of(section.text, 170));
  return found;
}

/// The search's words with their spelling mended.
base::Task<std::string> correction_of(denorm::Finder& finder, std::string words) {
  const auto request = read_search(fmt::format(
      R"({{"size": 0, "suggest": {{"words": {{"text": {}, "term": {{"field": "spelling",
          "suggest_mode": "missing", "size": 1, "sort": "score"}}}}}}}})",
      base::to_json(words)));
  if (!request) co_return std::string();
  const auto result = co_await finder.aggregate_later(*request);
  co_return result ? corrected(words, result->suggestions) : std::string();
}

}  // namespace

std::string documentation_search_body(const DocumentationQuery& query) {
  const auto facets = facets_of(query);
  const int from = (query.page - 1) * kSectionsOnPage;
  // Without words, whole pages: their first sections.
  const std::string what =
      query.q.empty() ? R"("query": {"term": {"level": 1}}, "sort": ["manual", "path"])"
                      : "\"query\": " + words_query(query.q) + ", " + std::string(kHighlight);
  return fmt::format("{{\"from\": {}, \"size\": {}, {}, {}}}", from, kSectionsOnPage, what,
                     facet_members(facets));
}

base::Task<base::Result<DocumentationAnswer>> search_documentation(denorm::Finder& finder,
                                                                   DocumentationQuery query) {
  const Clock::time_point begin = Clock::now();
  base::Result<search::SearchRequest> request = read_search(documentation_search_body(query));
  if (!request) co_return std::unexpected(request.error());
  base::Result<denorm::FoundDocuments> found = co_await finder.search(std::move(*request));
  if (!found) co_return std::unexpected(found.error());
  DocumentationAnswer answer{.total = found->total.value, .is_exact = found->total.is_exact};
  for (const denorm::FoundDocument& hit : found->hits) {
    auto section = denorm::read_document<SectionDocument>(hit);
    if (!section) co_return std::unexpected(section.error());
    answer.sections.push_back(shown(hit, std::move(*section)));
  }
  answer.left_out = found->vanished.size() + found->stale.size();
  const auto facets = facets_of(query);
  answer.manuals = facet_values(facets[0], found->aggregations);
  answer.tags = facet_values(facets[1], found->aggregations);
  answer.kinds = facet_values(facets[2], found->aggregations);
  if (answer.total == 0 && !query.q.empty()) {
    answer.correction = co_await correction_of(finder, query.q);
  }
  answer.milliseconds = std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
  co_return answer;
}

}  // namespace hornbeam::site
