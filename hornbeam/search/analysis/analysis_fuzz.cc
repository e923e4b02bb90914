// Whatever bytes come, every analyzer gives tokens that lie in the text, in order, and are UTF-8.

#include <cstddef>
#include <cstdint>

#include "hornbeam/base/check.h"
#include "hornbeam/base/json_view.h"
#include "hornbeam/search/analysis/registry.h"
#include "hornbeam/search/analysis/unicode.h"

using namespace hornbeam;

namespace {

/// One of each part.
constexpr std::string_view kSettings = R"({
  "char_filter": {
    "map": {"type": "mapping", "mappings": ["a => ", "b => bbb", "é => e", "cd => x"]},
    "replace": {"type": "pattern_replace", "pattern": "(\\d)(\\d)?", "replacement": "$2-$1-"}},
  "tokenizer": {
    "grams": {"type": "edge_ngram", "min_gram": 2, "max_gram": 4, "token_chars": ["letter", "digit"]},
    "split": {"type": "pattern", "pattern": "[ ,]*"}},
  "filter": {
    "also": {"type": "synonym_graph", "synonyms": ["a b, c", "c d => a, e f g"]},
    "elide": {"type": "elision", "articles": ["l", "d"]},
    "snow": {"type": "snowball", "language": "French"},
    "long": {"type": "length", "min": 1, "max": 20},
    "grams": {"type": "ngram", "preserve_original": true}},
  "analyzer": {
    "one": {"tokenizer": "split", "char_filter": ["html_strip", "map"], "filter": ["uppercase", "reverse", "grams"]},
    "two": {"tokenizer": "grams", "char_filter": ["replace", "map"], "filter": ["trim", "unique"]},
    "three": {"tokenizer": "standard", "filter": ["elide", "lowercase", "snow", "long", "truncate"]},
    "four": {"tokenizer": "path_hierarchy", "filter": ["decimal_digit", "apostrophe", "limit"]},
    "five": {"tokenizer": "whitespace", "filter": ["also"]}}})";

void run(const search::Analyzer& analyzer, std::string_view text) {
  std::uint32_t last_start = 0;
  const search::StreamEnd end = analyzer.analyze(text, [&](const search::Token& token) {
    base::check(token.start_byte <= token.end_byte && token.end_byte <= text.size());
    base::check(token.start_offset <= token.end_offset && token.start_offset >= last_start);
    base::check(base::is_valid_utf8(token.term), "a term is UTF-8");
    last_start = token.start_offset;
  });
  base::check(end.end_byte == text.size(), "the end is that of the text");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const search::AnalyzerRegistry registry =
      search::AnalyzerRegistry::parse(base::JsonDocument::parse(kSettings).value().root()).value();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const char* name : {"standard", "english", "simple", "stop", "whitespace", "keyword",
                           "pattern", "one", "two", "three", "four", "five"}) {
    run(*registry.find(name), text);
  }
  return 0;
}
