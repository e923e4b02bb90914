// Whatever is asked, as the body of a search or as a query string, an answer or an error comes
// back: hits lie in the index, highlights hold what the tags were put around, and both syntaxes of
// query strings plan to something that can be printed.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include <unistd.h>

#include "hornbeam/base/check.h"
#include "hornbeam/search/analysis/unicode.h"
#include "hornbeam/search/index.h"
#include "hornbeam/search/query/execute_search.h"

using namespace hornbeam;

namespace {

constexpr std::string_view kMapping = R"({"properties": {
    "title": {"type": "text", "fields": {"raw": {"type": "keyword"}}},
    "tag": {"type": "keyword"}, "n": {"type": "integer"}, "x": {"type": "double"},
    "at": {"type": "date"}, "ok": {"type": "boolean"},
    "done": {"type": "completion"},
    "c": {"type": "nested", "properties": {"k": {"type": "keyword"}, "w": {"type": "text"},
          "d": {"type": "nested", "properties": {"v": {"type": "long"}}}}},
    "by": {"type": "completion", "contexts": [{"name": "c", "type": "category"}]}}})";

constexpr std::string_view kDocuments[] = {
    R"({"title": "the quick brown fox", "tag": ["a", "b"], "n": 1, "x": 0.5, "at": "2024-01-01",
        "c": [{"k": "a", "w": "quick fox", "d": [{"v": 1}, {"v": 2}]}, {"k": "b"}]})",
    R"({"title": ["lazy dogs", "quick dogs"], "tag": "b", "n": 2, "ok": true, "done": "dogs",
        "c": {"k": "b", "w": "dogs", "d": {"v": 3}}})",
    R"({"title": "füchse, foxes. And a dog?", "n": 3, "x": -2, "at": 0, "done": ["fox", "foxes"]})",
    R"({"title": "a b c d e f g", "by": {"input": "x", "weight": 3, "contexts": {"c": "d"}}})"};

std::unique_ptr<search::Index> make_index() {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("query_fuzz." + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  auto index = search::Index::open(folder, {.shard = {.merges_in_background = false}}).value();
  base::check(index->put_mapping(kMapping).has_value());
  for (std::size_t i = 0; i < std::size(kDocuments); ++i) {
    base::check(index->put(std::to_string(i), kDocuments[i]).has_value());
    if (i % 2 == 1) index->refresh();
  }
  // Unlinked files stay mapped, so nothing is left behind.
  std::filesystem::remove_all(folder);
  return index;
}

void check_result(const search::SearchResult& result) {
  base::check(result.hits.size() <= 10'000);
  for (const search::Hit& hit : result.hits) {
    base::check(hit.id.size() == 1 && hit.id[0] >= '0' && hit.id[0] <= '3', "a hit is a document");
    for (const auto& [field, fragments] : hit.highlight) {
      base::check(!fragments.empty());
      for (const std::string& fragment : fragments) base::check(base::is_valid_utf8(fragment));
    }
    if (hit.explanation) base::check(!hit.explanation->description.empty());
  }
}

void check_string(const search::SearchTarget& target, const std::string& text) {
  for (const search::TextOperator op : {search::TextOperator::kOr, search::TextOperator::kAnd}) {
    const auto string = search::explain_query(
        target, {search::QueryStringQuery{.text = text, .default_operator = op}}, 0);
    base::check(string ? !string->empty() || text.empty() : !string.error().message.empty());
    const auto simple = search::explain_query(
        target, {search::SimpleQueryStringQuery{.text = text, .default_operator = op}}, 0);
    base::check(simple.has_value() || simple.error().code == "too_many_clauses",
                "any text is a simple query string");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::unique_ptr<search::Index> index = make_index();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (text.starts_with('{')) {
    if (const auto result = index->search(text)) check_result(*result);
    return 0;
  }
  if (!base::is_valid_utf8(text)) return 0;
  const search::SearchTarget target = index->target();
  check_string(target, std::string(text));
  const auto counted =
      search::count_matches(target, {search::QueryStringQuery{.text = std::string(text)}}, 0);
  base::check(!counted || *counted <= std::size(kDocuments));
  return 0;
}
