// Hornbeam's index as an application uses it: JSON goes in, read requests are answered.

#include <cstdlib>
#include <memory>
#include <stdexcept>

#include <fmt/format.h>

#include "bench/search/subject.h"
#include "hornbeam/base/json.h"
#include "hornbeam/search/index.h"
#include "hornbeam/search/store/file_directory.h"
#include "hornbeam/search/store/sealed_file.h"

namespace hornbeam::bench {
namespace {

std::string mapping() {
  // As bench/search/run asks for it.
  const char* const analyzer = std::getenv("HORNBEAM_BENCH_ANALYZER");
  return fmt::format(R"({{"dynamic": false, "_source": {{"enabled": false}}, "properties": {{
  "text": {{"type": "text", "analyzer": "{}"}}, "section": {{"type": "keyword"}},
  "tags": {{"type": "keyword"}}, "date": {{"type": "date"}}}}}})",
                     analyzer ? analyzer : "standard");
}

template <class Value>
Value checked(base::Result<Value> result) {
  if (!result) throw std::runtime_error(result.error().message);
  if constexpr (!std::is_void_v<Value>) return std::move(*result);
}

void append_member(std::string& json, std::string_view name, std::string_view text) {
  json += fmt::format(",\"{}\":", name);
  base::append_json_string(json, text);
}

std::string json_of(const Row& row) {
  std::string json = "{\"text\":";
  base::append_json_string(json, row.text);
  append_member(json, "section", row.section);
  if (!row.date.empty()) json += fmt::format(",\"date\":{}", row.date);
  if (!row.tags.empty()) {
    std::string tags;
    for (const std::string& tag : split(row.tags, ' ')) {
      tags += tags.empty() ? "" : ",";
      base::append_json_string(tags, tag);
    }
    json += fmt::format(",\"tags\":[{}]", tags);
  }
  return json + "}";
}

std::string words_of(const Question& question) {
  std::string all;
  for (const std::string& word : question.words) all += (all.empty() ? "" : " ") + word;
  return all;
}

std::string query_of(const Question& question) {
  const std::string words = words_of(question);
  if (words.empty()) return R"({"match_all":{}})";
  switch (question.kind) {
    case Kind::kAnd:
      return fmt::format(R"({{"match":{{"text":{{"query":"{}","operator":"and"}}}}}})", words);
    case Kind::kPhrase:
      return fmt::format(R"({{"match_phrase":{{"text":"{}"}}}})", words);
    case Kind::kPrefix:
      return fmt::format(R"({{"prefix":{{"text":"{}"}}}})", words);
    default:
      return fmt::format(R"({{"match":{{"text":"{}"}}}})", words);
  }
}

std::string body_of(const Question& question, bool counts) {
  const std::string query = query_of(question);
  if (question.is_aggregation()) {
    const std::string_view aggregation =
        question.kind == Kind::kTags
            ? R"({"terms":{"field":"tags"}})"
            : R"({"date_histogram":{"field":"date","calendar_interval":"month","min_doc_count":1}})";
    return fmt::format(R"({{"size":0,"track_total_hits":true,"query":{},"aggs":{{"a":{}}}}})",
                       query, aggregation);
  }
  // As far as Lucene's IndexSearcher counts by itself.
  return fmt::format(R"({{"query":{},"track_total_hits":{}}})", query, counts ? "true" : "1000");
}

class HornbeamSubject final : public Subject {
 public:
  void begin(const std::filesystem::path& folder) override {
    // Segments as the buffer makes them, so that indexing and merging are measured apart.
    search::IndexOptions options;
    options.shard.merges_in_background = false;
    index_ = checked(search::Index::open(folder, options));
    folder_ = folder;
    checked(index_->put_mapping(mapping()));
  }

  void prepare(std::span<const Row> rows) override {
    prepared_.clear();
    for (const Row& row : rows) prepared_.emplace_back(row.id, json_of(row));
  }
  void add() override {
    for (const auto& [id, json] : prepared_) checked(index_->put(id, json));
  }
  void commit() override { index_->commit(); }
  void merge() override {
    index_->shard().merge_all();
    index_->commit();
  }

  std::uint64_t index_bytes() override {
    index_.reset();
    const search::FileDirectory directory(folder_);
    std::uint64_t bytes = 0;
    for (const std::string& name : directory.list()) {
      bytes += std::filesystem::file_size(folder_ / name);
      if (!name.starts_with("segment")) continue;
      const search::SealedFile file(directory, name);
      for (const std::string_view stored : {"source", "source_index"}) {
        bytes -= file.structure(stored).size();
      }
    }
    return bytes;
  }

  void open(const std::filesystem::path& folder, std::span<const Question> questions) override {
    index_ = checked(search::Index::open(folder));
    for (const Question& question : questions) {
      for (const bool counts : {false, true}) {
        const auto json = base::JsonDocument::parse(body_of(question, counts));
        requests_.push_back(checked(search::parse_search_request(json->root())));
        requests_.back().loads_sources = false;
      }
    }
  }
  std::uint64_t ask(std::size_t question, bool counts) override {
    return checked(index_->search(requests_[2 * question + (counts ? 1 : 0)])).total.value;
  }

 private:
  std::filesystem::path folder_;
  std::unique_ptr<search::Index> index_;
  std::vector<std::pair<std::string, std::string>> prepared_;
  std::vector<search::SearchRequest> requests_;
};

}  // namespace
}  // namespace hornbeam::bench

int main(int argc, char** argv) {
  hornbeam::bench::HornbeamSubject subject;
  return hornbeam::bench::run(argc, argv, subject);
}
