// The same documents, followed into an index of another process by the REST API that OpenSearch and
// Elasticsearch have. Where HORNBEAM_OPENSEARCH_URL is set, a real cluster is asked instead, whose
// indices "books-N", "staging-books-N" and "kinds-9" are made anew;
// HORNBEAM_OPENSEARCH_CERTIFICATES is a file (PEM) of those it is trusted by.

#include "hornbeam/denorm/opensearch/opensearch_target.h"

#include <array>
#include <cstdlib>

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hornbeam/base/json_view.h"
#include "hornbeam/base/loop.h"
#include "hornbeam/denorm/embedded_target.h"
#include "hornbeam/denorm/finder.h"
#include "hornbeam/denorm/status.h"
#include "hornbeam/denorm/testing/library_index.h"
#include "hornbeam/denorm/verify.h"
#include "hornbeam/http/client.h"
#include "hornbeam/search/collection/find.h"
#include "hornbeam/search/collection/queries.h"

namespace hornbeam::denorm {
namespace {

using search::Find;
using search::match;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

/// A server in another process, on a port of its choice.
class SearchServer {
 public:
  explicit SearchServer(const std::string& folder) {
    std::array<int, 2> out{};
    if (pipe(out.data()) != 0) std::abort();
    const std::string data = "data=" + folder;
    process_ = fork();
    if (process_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      dup2(out[1], STDOUT_FILENO);
      dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
      close(out[0]);
      execl(HORNBEAM_SEARCH_SERVER, HORNBEAM_SEARCH_SERVER, "run", "--port", "0", "--set",
            data.c_str(), nullptr);
      _exit(127);
    }
    close(out[1]);
    std::string said;
    std::array<char, 256> piece{};
    while (said.find('\n') == std::string::npos) {
      const ssize_t count = read(out[0], piece.data(), piece.size());
      if (count <= 0) break;
      said.append(piece.data(), static_cast<std::size_t>(count));
    }
    close(out[0]);
    const std::size_t begin = said.find("http://127.0.0.1:");
    if (begin != std::string::npos) {
      url_ = said.substr(begin, said.find_first_not_of("0123456789", begin + 17) - begin);
    }
  }
  ~SearchServer() {
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }
  SearchServer(const SearchServer&) = delete;
  SearchServer& operator=(const SearchServer&) = delete;
  const std::string& url() const { return url_; }

 private:
  pid_t process_ = -1;
  std::string url_;
};

class OpenSearchTargetTest : public testing::Test {
 protected:
  void SetUp() override {
    const char* const real = std::getenv("HORNBEAM_OPENSEARCH_URL");
    if (real == nullptr) server_ = std::make_unique<SearchServer>(folder_.path() / "search");
    url_ = real != nullptr ? real : server_->url();
    ASSERT_FALSE(url_.empty()) << HORNBEAM_SEARCH_SERVER << " did not start";
    database_ = data::Database::open(folder_.url());
    feed::create_library(*database_);
    target_ = std::make_unique<OpenSearchTarget>(url_, target_options());
    if (real != nullptr) say_which();
    for (const std::string& each : indices_of(*target_, type_)) target_->remove(each);
    open();
  }
  static OpenSearchOptions target_options() {
    OpenSearchOptions options;
    const char* const certificates = std::getenv("HORNBEAM_OPENSEARCH_CERTIFICATES");
    if (certificates != nullptr) options.cluster.client.trusted_file = certificates;
    return options;
  }
  /// Of a cluster that was named, and that can be any, the log tells which it was.
  void say_which() const {
    http::Client client(url_, target_options().cluster.client);
    fmt::print("against {}: {}\n", client.server(), client.send({.target = "/"}).body);
  }
  void open() {
    IndexerOptions options;
    options.writer.commit_every = std::chrono::milliseconds(0);
    options.trim_every = std::chrono::milliseconds(0);
    indexer_ = std::make_unique<Indexer>(*database_, *target_, type_, options);
  }
  void run(std::string_view sql) {
    database_->write_now([&](data::Transaction& tx) { tx.execute(data::unchecked_sql(sql)); });
  }
  std::vector<std::string> find(search::Query query) {
    search::SearchRequest request;
    request.query = std::move(query);
    std::vector<std::string> ids;
    for (const search::Hit& each : target_->search("books", request).value().hits) {
      ids.push_back(each.id);
    }
    return ids;
  }
  VerifyReport verify_all() {
    return verify(*database_, *target_, type_,
                  [&](const feed::Cursor& cursor, std::chrono::milliseconds) {
                    indexer_->catch_up();
                    return indexer_->covers(cursor);
                  },
                  {.is_whole = true});
  }

  data::TemporaryFolder folder_;
  std::unique_ptr<SearchServer> server_;
  std::string url_;
  std::unique_ptr<data::Database> database_;
  const DocumentType type_ = books_type();
  std::unique_ptr<OpenSearchTarget> target_;
  std::unique_ptr<Indexer> indexer_;
};

TEST_F(OpenSearchTargetTest, FollowsTheDatabase) {
  run("INSERT INTO books (id, title) VALUES (1, 'The quick fox'), (2, 'Of gardens')");
  run("INSERT INTO comments (id, book, text) VALUES (7, 2, 'wonderful')");
  indexer_->catch_up();
  EXPECT_THAT(find(match(&BookDocument::title, "fox")), ElementsAre("1"));
  run("UPDATE books SET title = 'Of bees' WHERE id = 1");
  run("UPDATE comments SET book = 1");
  run("DELETE FROM books WHERE id = 2");
  indexer_->catch_up();
  EXPECT_THAT(find(match(&BookDocument::title, "fox")), IsEmpty());
  EXPECT_THAT(find(match(&BookDocument::comments, "wonderful")), ElementsAre("1"));
  EXPECT_EQ(target_->count("books"), 1U);
  EXPECT_TRUE(verify_all().is_clean());
}

TEST_F(OpenSearchTargetTest, DoesNotWriteWhatIsThereAsItIs) {
  run("INSERT INTO books (id, title) VALUES (1, 'a'), (2, 'b')");
  indexer_->catch_up();
  const auto before = indexer_->statistics();
  run("UPDATE books SET title = title");
  indexer_->catch_up();
  EXPECT_EQ(indexer_->statistics().written, before.written);
  EXPECT_EQ(indexer_->statistics().unchanged - before.unchanged, 2U);
}

TEST_F(OpenSearchTargetTest, GoesOnFromItsCursorInAnotherProcessOfTheApplication) {
  run("INSERT INTO books (id, title) VALUES (1, 'a')");
  indexer_->catch_up();
  run("INSERT INTO books (id, title) VALUES (2, 'b')");
  open();
  indexer_->catch_up();
  EXPECT_EQ(indexer_->statistics().changes, 1U);
  EXPECT_EQ(indexer_->index(), "books-1");
  EXPECT_TRUE(verify_all().is_clean());
}

TEST_F(OpenSearchTargetTest, RefusesWhoHasLostTheLeaseAndWhatIsLate) {
  run("INSERT INTO books (id, title) VALUES (1, 'new')");
  indexer_->catch_up();
  const Writes late{.puts = {{"1", R"({"title": "old"})"}}, .version = 1, .token = 1'000};
  EXPECT_THAT(target_->apply("books-1", late), IsEmpty());
  EXPECT_THAT(find(match(&BookDocument::title, "new")), ElementsAre("1"));
  target_->claim("books-1", 2'000);
  EXPECT_THROW(target_->apply("books-1", late), FencedOut);
  EXPECT_THROW(target_->commit("books-1", "{}", 1'999), FencedOut);
  EXPECT_FALSE(target_->state("books-1").empty()) << "who claims an index keeps its cursor";
}

TEST_F(OpenSearchTargetTest, SaysWhichDocumentsItDoesNotTake) {
  target_->create("books-9", R"({"properties":{"day":{"type":"date"}}})");
  const Writes writes{.puts = {{"1", R"({"day":"never"})"}, {"2", R"({"day":"2026-01-01"})"}},
                      .version = 1,
                      .token = 1};
  const auto refusals = target_->apply("books-9", writes);
  ASSERT_EQ(refusals.size(), 1U);
  EXPECT_EQ(refusals[0].id, "1");
  EXPECT_THAT(refusals[0].reason, testing::HasSubstr("mapper_parsing_exception"));
  EXPECT_EQ(target_->count("books-9"), 1U);
}

TEST_F(OpenSearchTargetTest, SharesAClusterWithOthersByAPrefix) {
  OpenSearchOptions options = target_options();
  options.prefix = "staging-";
  OpenSearchTarget staging(url_, options);
  for (const std::string& each : indices_of(staging, type_)) staging.remove(each);
  run("INSERT INTO books (id, title) VALUES (1, 'fox')");
  indexer_->catch_up();
  EXPECT_THAT(indices_of(staging, type_), IsEmpty());
  IndexerOptions replica;
  replica.writer.replica = "staging";  // Two who follow one database.
  Indexer other(*database_, staging, type_, replica);
  other.catch_up();
  EXPECT_EQ(staging.find_alias("books"), "books-1");
  EXPECT_EQ(staging.count("books"), 1U);
  EXPECT_FALSE(staging.state("books-1").empty());
  staging.remove("books-1");
  EXPECT_EQ(target_->count("books"), 1U);
  EXPECT_FALSE(target_->state("books-1").empty());
}

TEST_F(OpenSearchTargetTest, IsRebuiltAndTakenBack) {
  database_->write_now([](data::Transaction& tx) {
    for (int id = 1; id <= 30; ++id) {
      tx.execute("INSERT INTO books (id, title) VALUES (?, 'fox')", id);
    }
  });
  indexer_->catch_up();
  RebuildOptions options;
  options.writer.documents_at_once = 10;
  EXPECT_EQ(rebuild(*database_, *target_, type_, options), "books-2");
  indexer_->catch_up();
  EXPECT_EQ(indexer_->index(), "books-2");
  EXPECT_TRUE(verify_all().is_clean());
  EXPECT_EQ(roll_back(*target_, type_), "books-1");
  indexer_->catch_up();
  EXPECT_EQ(indexer_->index(), "books-1");
  EXPECT_THAT(drop_others(*database_, *target_, type_), ElementsAre("books-2"));
  EXPECT_EQ(status_of(*database_, *target_, type_).documents, 30U);
}

TEST_F(OpenSearchTargetTest, IsSearchedOnALoopWithHitsOfTheDatabaseAndCounts) {
  run("INSERT INTO books (id, title) VALUES (1, 'red fox'), (2, 'grey fox'), (3, 'bee')");
  run("INSERT INTO tags (id, name) VALUES (5, 'animal')");
  run("INSERT INTO taggings VALUES (1, 5), (2, 5)");
  indexer_->catch_up();
  Finder finder(*database_, *target_, type_);
  const auto found = base::run(finder.search(Find(match(&BookDocument::title, "fox"))
                                                 .count_by("tags", &BookDocument::tags)
                                                 .highlight(&BookDocument::title)))
                         .value();
  std::vector<std::string> ids;
  for (const FoundDocument& each : found.hits) ids.push_back(each.id);
  EXPECT_THAT(ids, UnorderedElementsAre("1", "2"));
  EXPECT_THAT(found.stale, IsEmpty());
  EXPECT_EQ(found.total.value, 2U);
  EXPECT_EQ(found.hits[0].highlight.size(), 1U);
  const auto buckets = search::buckets_of(found.aggregations, "tags");
  ASSERT_EQ(buckets.size(), 1U);
  EXPECT_EQ(buckets[0].key, "animal");
  EXPECT_EQ(buckets[0].count, 2U);
}

constexpr const char* kKinds = R"({"properties":{
  "t":{"type":"text"},"u":{"type":"text"},"c":{"type":"keyword"},"n":{"type":"integer"},
  "d":{"type":"date"},"p":{"type":"geo_point"},"s":{"type":"completion"},"need":{"type":"integer"},
  "k":{"type":"nested","properties":{"x":{"type":"keyword"},"y":{"type":"integer"}}}}})";

std::vector<Rendered> kinds_of_documents() {
  const std::pair<const char*, const char*> texts[] = {{"the quick brown fox", "red"},
                                                       {"a quick red fox jumps", "red"},
                                                       {"brown bears eat honey", "blue"},
                                                       {"honey for the quick bear", "blue"},
                                                       {"foxes and bears", "green"}};
  std::vector<Rendered> documents;
  int n = 0;
  for (const auto& [text, colour] : texts) {
    ++n;
    documents.push_back(
        {std::to_string(n),
         fmt::format(R"({{"t":"{0}","u":"{1} {0}","c":"{1}","n":{2},"d":"2026-01-0{2}","need":{3},)"
                     R"("p":{{"lat":{2},"lon":13}},"s":"{0}","k":[{{"x":"{1}","y":{2}}},)"
                     R"({{"x":"all","y":1}}]}})",
                     text, colour, n, n % 2 + 1)});
  }
  return documents;
}

/// All that a page could show of a result, as text.
std::string shown(const search::SearchResult& result) {
  const auto sort_text = [](const search::SortValue& value) {
    return std::visit(
        [](const auto& any) {
          if constexpr (std::is_same_v<std::decay_t<decltype(any)>, std::monostate>) {
            return std::string("none");
          } else {
            return fmt::format("{}", any);
          }
        },
        value);
  };
  std::string text =
      fmt::format("{}{} best {:.5g}\n", result.total.is_exact ? "" : ">=", result.total.value,
                  result.max_score.value_or(-1));
  for (const search::Hit& hit : result.hits) {
    text += fmt::format("{} {:.5g} {}", hit.id, hit.score.value_or(-1), hit.source);
    for (const search::NestedPlace& at : hit.nested)
      text += fmt::format(" {}[{}]", at.field, at.offset);
    for (const search::SortValue& value : hit.sort) text += " by " + sort_text(value);
    for (const std::string& name : hit.matched_queries) text += " matches " + name;
    for (const float score : hit.matched_scores) text += fmt::format(" with {:.5g}", score);
    for (const auto& [field, passages] : hit.highlight) {
      for (const std::string& each : passages) text += fmt::format(" {}: {}", field, each);
    }
    if (hit.collapsed_by) text += " for all of " + sort_text(*hit.collapsed_by);
    if (hit.explanation) {
      text += fmt::format(" since {:.5g} {}", hit.explanation->value, hit.explanation->description);
      for (const auto& each : hit.explanation->details) text += " and " + each.description;
    }
    for (const search::InnerResult& inner : hit.inner_hits) {
      text += fmt::format(" inner {} ({})", inner.name, shown(*inner.result));
    }
    text += '\n';
  }
  for (const search::Suggestion& each : result.suggestions) {
    text += fmt::format("suggestion {} {}:", each.name, each.type);
    for (const search::SuggestEntry& entry : each.entries) {
      text += fmt::format(" {}[{}+{}]", entry.text, entry.offset, entry.length);
      for (const search::SuggestOption& option : entry.options) {
        text += fmt::format(" {} {:.5g} {} {} {} {}", option.text, option.score, option.freq,
                            option.highlighted, option.id, option.source);
      }
    }
    text += '\n';
  }
  const auto aggregations = base::JsonDocument::parse(result.aggregations);
  return text + (aggregations ? aggregations->root().text() : "");
}

/// What every search answers in this process, it answers from afar: nothing of it gets lost.
TEST_F(OpenSearchTargetTest, AnswersEverySearchAsTheEngineOfThisProcessDoes) {
  const char* const bodies[] = {
      R"({"query":{"match":{"t":{"query":"quik fox","fuzziness":"AUTO","prefix_length":1}}}})",
      R"({"query":{"multi_match":{"query":"red quick","fields":["t^2","u"],"type":"cross_fields"}},"explain":true})",
      R"({"query":{"more_like_this":{"fields":["t"],"like":[{"_id":"1"},"honey"],"min_term_freq":1,"min_doc_freq":1}}})",
      R"({"query":{"function_score":{"query":{"match":{"t":"quick"}},"functions":[
          {"filter":{"term":{"c":"red"}},"weight":3},{"field_value_factor":{"field":"n","modifier":"log1p"}},
          {"gauss":{"d":{"origin":"2026-01-02","scale":"1d"}}}],"score_mode":"sum"}}})",
      R"({"query":{"boosting":{"positive":{"match":{"t":"quick"}},"negative":{"term":{"c":"red"}},"negative_boost":0.1}}})",
      R"({"query":{"geo_distance":{"distance":"120km","p":{"lat":2,"lon":13}}},
          "sort":[{"_geo_distance":{"p":{"lat":2,"lon":13},"unit":"km","order":"desc"}}]})",
      R"({"query":{"geo_bounding_box":{"p":{"top_left":{"lat":3.5,"lon":12},"bottom_right":{"lat":0,"lon":14}}}}})",
      R"({"query":{"distance_feature":{"field":"d","origin":"2026-01-04","pivot":"1d"}}})",
      R"({"query":{"nested":{"path":"k","query":{"range":{"k.y":{"gt":1}}},"score_mode":"max",
          "inner_hits":{"size":1}}},"sort":[{"k.y":{"order":"desc","nested":{"path":"k"}}}]})",
      R"({"query":{"intervals":{"t":{"all_of":{"ordered":true,"max_gaps":1,"intervals":[
          {"match":{"query":"quick"}},{"any_of":{"intervals":[{"prefix":{"prefix":"fo"}},{"match":{"query":"bear"}}]}}]}}}}})",
      R"({"query":{"span_near":{"clauses":[{"span_term":{"t":"quick"}},{"span_multi":{"match":{"prefix":{"t":"fo"}}}}],
          "slop":1,"in_order":true}}})",
      R"({"query":{"span_not":{"include":{"span_term":{"t":"fox"}},"exclude":{"span_term":{"t":"brown"}},"pre":1}}})",
      R"({"query":{"span_first":{"match":{"span_term":{"t":"quick"}},"end":2}}})",
      R"({"query":{"terms_set":{"t":{"terms":["quick","fox"],"minimum_should_match_field":"need"}}}})",
      R"({"query":{"regexp":{"t":{"value":"be.r","case_insensitive":true}}}})",
      R"({"query":{"fuzzy":{"t":{"value":"hony","fuzziness":1}}}})",
      R"({"query":{"query_string":{"query":"t:(quick AND fo*) OR \"eat honey\"~1","fields":["u"],"phrase_slop":1}}})",
      R"({"query":{"simple_query_string":{"query":"quick + -red","fields":["t"],"flags":"AND"}}})",
      R"({"query":{"bool":{"should":[{"term":{"c":{"value":"red","_name":"is red"}}},{"match":{"t":{"query":"quick","_name":"q"}}}]}},
          "include_named_queries_score":true})",
      R"({"query":{"match":{"t":"quick"}},"rescore":{"window_size":3,"query":{"rescore_query":{"term":{"c":"blue"}},
          "rescore_query_weight":5}}})",
      R"({"query":{"match":{"t":"fox honey"}},"collapse":{"field":"c","inner_hits":{"name":"all","size":2}}})",
      R"({"query":{"match":{"t":"fox"}},"highlight":{"order":"score","max_analyzer_offset":50,
          "highlight_query":{"match":{"u":"red fox"}},"fields":{"u":{"number_of_fragments":1}}}})",
      R"({"size":0,"suggest":{"text":"quik honny","one":{"term":{"field":"t","sort":"frequency"}},
          "two":{"phrase":{"field":"t","highlight":{"pre_tag":"<b>","post_tag":"</b>"}}},
          "three":{"prefix":"br","completion":{"field":"s"}},"four":{"prefix":"hny","completion":{"field":"s","fuzzy":{}}}}})",
      R"({"query":{"match_all":{}},"sort":["c",{"n":"desc"}],"search_after":["blue",4],"size":2,
          "aggs":{"by":{"terms":{"field":"c"},"aggs":{"most":{"max":{"field":"n"}}}}},"post_filter":{"range":{"n":{"gte":2}}}})",
  };
  const std::vector<Rendered> documents = kinds_of_documents();
  search::Node node(folder_.path() / "own");
  EmbeddedTarget own(node);
  for (Target* const each : {static_cast<Target*>(target_.get()), static_cast<Target*>(&own)}) {
    each->remove("kinds-9");
    each->create("kinds-9", kKinds);
    ASSERT_THAT(each->apply("kinds-9", {.puts = documents, .version = 1, .token = 1}), IsEmpty());
  }
  for (const char* const body : bodies) {
    const auto request = search::parse_search_request(base::JsonDocument::parse(body)->root());
    ASSERT_TRUE(request) << body << request.error().message;
    const auto here = own.search("kinds-9", *request);
    const auto there = target_->search("kinds-9", *request);
    ASSERT_TRUE(here) << body << here.error().message;
    ASSERT_TRUE(there) << body << there.error().message;
    EXPECT_EQ(shown(*there), shown(*here)) << body;
    const bool has_found = !here->hits.empty() || !here->suggestions.empty();
    EXPECT_TRUE(has_found) << "this says nothing: " << body;
  }
}

}  // namespace
}  // namespace hornbeam::denorm
