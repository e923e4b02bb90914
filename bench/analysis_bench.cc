// How fast does text become terms? Each built-in analyzer on the same English, on one core, in
// bytes of text a second; "tokens" alone cuts and does nothing else.

#include <memory>
#include <string>

#include <benchmark/benchmark.h>

#include "hornbeam/search/analysis/registry.h"
#include "hornbeam/search/analysis/tokenizers.h"

namespace {

using namespace hornbeam::search;

/// A megabyte of sentences, with the punctuation and the numbers of prose.
const std::string& english_text() {
  static const std::string text = [] {
    constexpr std::string_view kSentences[] = {
        "The editor's note, written in 1987, was lost; nobody remembers where it went. ",
        "Searching is what people do when browsing fails: they type two words and hope. ",
        "A well-known library (version 2.10.3) isn't necessarily the fastest one. ",
        "Rivers carrying sediment deposit it wherever their current slows down, e.g. at bends. ",
        "Her measurements, repeated at 10,000 feet, agreed with the theory's predictions. "};
    std::string made;
    for (std::size_t i = 0; made.size() < 1'000'000; ++i) made += kSentences[i * i % 5];
    return made;
  }();
  return text;
}

/// Counts, as an index would do more than.
struct Counter final : TokenSink {
  void accept(const Token& token) override { bytes += token.term.size(); }
  std::size_t bytes = 0;
};

void analyze(benchmark::State& state, const std::shared_ptr<const Analyzer>& analyzer,
             const std::string& text) {
  for (auto _ : state) {
    Counter counter;
    analyzer->analyze(text, counter);
    benchmark::DoNotOptimize(counter.bytes);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

void tokens(benchmark::State& state) {
  analyze(
      state,
      std::make_shared<const Analyzer>("tokens", AnalyzerParts{.tokenizer = standard_tokenizer()}),
      english_text());
}

void named(benchmark::State& state, const char* name) {
  analyze(state, AnalyzerRegistry().find(name), english_text());
}

void russian(benchmark::State& state) {
  std::string text;
  while (text.size() < 1'000'000)
    text += "Съешь же ещё этих мягких французских булок, да выпей чаю. ";
  analyze(state, AnalyzerRegistry().find("standard"), text);
}

}  // namespace

BENCHMARK(tokens);
BENCHMARK_CAPTURE(named, standard, "standard");
BENCHMARK_CAPTURE(named, english, "english");
BENCHMARK_CAPTURE(named, simple, "simple");
BENCHMARK_CAPTURE(named, whitespace, "whitespace");
BENCHMARK(russian)->Name("standard on Russian");
