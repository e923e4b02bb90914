// How fast is a text in the index, and how fast is it found? The paragraphs of this machine's
// documentation (or of the folder that HORNBEAM_CORPUS names) are indexed once, merged, and asked
// for the ten best of each kind of query, words drawn from the texts by their frequency.

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <unordered_set>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "hornbeam/base/json_write.h"
#include "hornbeam/search/index.h"

namespace {

using hornbeam::search::Index;

constexpr std::size_t kCorpusBytes = 64 << 20;

/// Paragraphs of a file, those of some length.
void add_paragraphs(const std::filesystem::path& path, std::vector<std::string>& paragraphs) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find("\n\n", begin), text.size());
    const std::string paragraph = text.substr(begin, end - begin);
    if (paragraph.size() > 200 && paragraph.size() < 4000 && !paragraph.contains('\0')) {
      paragraphs.push_back(paragraph);
    }
    begin = end + 2;
  }
}

std::vector<std::string> read_corpus() {
  const char* const named = std::getenv("HORNBEAM_CORPUS");
  std::vector<std::string> paragraphs;
  std::unordered_set<std::size_t> seen;
  std::size_t bytes = 0;
  for (const std::string folder : {named ? named : "/usr/share/doc", named ? "" : "/usr/share/perl",
                                   named ? "" : "/usr/include"}) {
    if (!std::filesystem::is_directory(folder)) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      if (!entry.is_regular_file() || entry.path().extension() == ".gz") continue;
      std::vector<std::string> found;
      add_paragraphs(entry.path(), found);
      for (std::string& paragraph : found) {
        if (bytes > kCorpusBytes) return paragraphs;
        // Licences repeat.
        if (!seen.insert(std::hash<std::string>{}(paragraph)).second) continue;
        bytes += paragraph.size();
        paragraphs.push_back(std::move(paragraph));
      }
    }
  }
  return paragraphs;
}

/// The corpus in an index, and the words to ask for.
struct Subject {
  Subject() {
    const std::filesystem::path folder =
        std::filesystem::temp_directory_path() / "hornbeam_search_bench";
    std::filesystem::remove_all(folder);
    index = Index::open(folder).value();
    index->put_mapping(R"({"properties": {"text": {"type": "text", "analyzer": "english"}}})")
        .value();
    const std::vector<std::string> corpus = read_corpus();
    std::size_t bytes = 0;
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < corpus.size(); ++i) {
      std::string json = R"({"text":)";
      hornbeam::base::append_json_string(json, corpus[i]);
      index->put(std::to_string(i), json + "}").value();
      bytes += corpus[i].size();
    }
    index->commit();
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin;
    index->shard().merge_all();
    index->commit();
    collect_words(corpus);
    std::size_t size = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) size += entry.file_size();
    fmt::print(
        "{} paragraphs, {:.1f} MB of text: {:.1f} MB/s into the index, which has {:.0f} % of "
        "the text's size with sources\n",
        corpus.size(), static_cast<double>(bytes) / 1e6,
        static_cast<double>(bytes) / 1e6 / passed.count(),
        100.0 * static_cast<double>(size) / static_cast<double>(bytes));
  }

  void collect_words(const std::vector<std::string>& corpus) {
    const auto analyzer = hornbeam::search::AnalyzerRegistry().find("simple");
    const auto fallback = hornbeam::search::AnalyzerRegistry().find("standard");
    std::mt19937 random(1);
    while (words.size() < 2'000 && !corpus.empty()) {
      const std::string& text = corpus[random() % corpus.size()];
      const std::vector<std::string> terms = (analyzer ? analyzer : fallback)->terms(text);
      if (terms.size() < 4) continue;
      const std::size_t at = random() % (terms.size() - 2);
      words.push_back(fmt::format("{}", terms[at]));
      phrases.push_back(fmt::format("{} {}", terms[at], terms[at + 1]));
    }
  }

  std::unique_ptr<Index> index;
  std::vector<std::string> words;
  std::vector<std::string> phrases;  ///< Two words that stand together somewhere.
};

Subject& subject() {
  static Subject built;
  return built;
}

void ask(benchmark::State& state, const std::string& (*pick)(std::size_t), const char* body) {
  std::size_t at = 0;
  for (auto _ : state) {
    // Not in order: neighbours would share what the processor has just read.
    at = (at + 7919) % subject().words.size();
    auto found = subject().index->search(fmt::format(fmt::runtime(body), pick(at)));
    if (!found) state.SkipWithError(found.error().message.c_str());
    benchmark::DoNotOptimize(found);
  }
}

const std::string& word(std::size_t at) {
  return subject().words[at];
}
const std::string& phrase(std::size_t at) {
  return subject().phrases[at];
}

}  // namespace

BENCHMARK_CAPTURE(ask, one_word, &word, R"({{"query": {{"match": {{"text": "{}"}}}}}})");
BENCHMARK_CAPTURE(ask, any_of_two, &phrase, R"({{"query": {{"match": {{"text": "{}"}}}}}})");
BENCHMARK_CAPTURE(ask, any_of_two_counted, &phrase,
                  R"({{"track_total_hits": true, "query": {{"match": {{"text": "{}"}}}}}})");
BENCHMARK_CAPTURE(ask, both_of_two, &phrase,
                  R"({{"query": {{"match": {{"text": {{"query": "{}", "operator": "and"}}}}}}}})");
BENCHMARK_CAPTURE(ask, phrase_of_two, &phrase,
                  R"({{"query": {{"match_phrase": {{"text": "{}"}}}}}})");
BENCHMARK_CAPTURE(ask, prefix, &word, R"({{"query": {{"prefix": {{"text": "{}"}}}}}})");
