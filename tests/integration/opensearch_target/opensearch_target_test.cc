// The same documents, followed into an index of another process by the REST API that OpenSearch and
// Elasticsearch have. Where HORNBEAM_OPENSEARCH_URL is set, a real cluster is asked instead.

#include "hornbeam/denorm/opensearch/opensearch_target.h"

#include <array>
#include <cstdlib>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hornbeam/base/loop.h"
#include "hornbeam/denorm/finder.h"
#include "hornbeam/denorm/status.h"
#include "hornbeam/denorm/testing/library_index.h"
#include "hornbeam/denorm/verify.h"
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
    const std::string url = real != nullptr ? real : server_->url();
    ASSERT_FALSE(url.empty()) << HORNBEAM_SEARCH_SERVER << " did not start";
    database_ = data::Database::open(folder_.url());
    feed::create_library(*database_);
    target_ = std::make_unique<OpenSearchTarget>(url);
    for (const std::string& each : indices_of(*target_, type_)) target_->remove(each);
    open();
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

}  // namespace
}  // namespace hornbeam::denorm
