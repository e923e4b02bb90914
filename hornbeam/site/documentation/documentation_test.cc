#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/base/loop.h"
#include "hornbeam/data/testing/fixture.h"
#include "hornbeam/denorm/embedded_target.h"
#include "hornbeam/denorm/indexer.h"
#include "hornbeam/feed/tracking.h"
#include "hornbeam/search/node/node.h"
#include "hornbeam/site/documentation/documentation_search.h"
#include "hornbeam/site/documentation/import.h"
#include "hornbeam/site/documentation/reading.h"
#include "hornbeam/site/documentation/section_document.h"
#include "hornbeam/site/documentation/tables.h"

namespace hornbeam::site {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

/// A small manual, its tables and its index.
class DocumentationTest : public testing::Test {
 protected:
  DocumentationTest() {
    write("intro.md",
          "# Growing trees\n\nTrees grow slowly.\n\n## Planting\n\nDig a hole in spring.\n");
    write("ref/pruning.html",
          "<body><h1>Pruning</h1><p>Cut <b>branches</b> & twigs.</p>"
          "<h2 id=\"saw\">The saw</h2><p>See <a href=\"../intro.html#planting\">planting</a>.</p>"
          "<pre class=\"language-sh\">saw --sharp branch</pre>"
          "<dl class=\"py function\"><dt id=\"tree.prune\">tree.prune(depth)</dt>"
          "<dd><p>Cuts what is deeper than that, and gives back all the branches that "
          "fell.</p></dd></dl>");
    database_ = data::Database::open(folder_.url());
    const std::vector<denorm::DocumentType> types{sections_type()};
    data::migrate(*database_, std::vector{documentation_migration(1),
                                          feed::tracking_migration(2, "follow_documentation",
                                                                   denorm::tracking_of(types))});
    node_ = std::make_unique<search::Node>(folder_.path() / "search");
    target_ = std::make_unique<denorm::EmbeddedTarget>(*node_);
    denorm::IndexerOptions options;
    options.writer.commit_every = std::chrono::milliseconds(0);
    indexer_ = std::make_unique<denorm::Indexer>(*database_, *target_, sections_type(), options);
    finder_ = std::make_unique<denorm::Finder>(*database_, *target_, sections_type());
  }

  void write(const std::filesystem::path& file, std::string_view text) const {
    std::filesystem::create_directories((docs() / file).parent_path());
    std::ofstream(docs() / file) << text;
  }
  std::filesystem::path docs() const { return folder_.path() / "docs"; }
  ImportReport import() {
    const ImportReport report = import_manual(
        *database_, {.manual = "trees", .name = "Trees", .version = "2", .folder = docs()});
    indexer_->catch_up();
    return report;
  }
  DocumentationAnswer search(DocumentationQuery query) {
    auto answer = base::run(search_documentation(*finder_, std::move(query)));
    EXPECT_TRUE(answer) << (answer ? "" : answer.error().message);
    return answer.value_or(DocumentationAnswer{});
  }
  std::vector<std::string> addresses(const std::string& words) {
    std::vector<std::string> found;
    for (const FoundSection& each : search({.q = words}).sections) found.push_back(each.address);
    return found;
  }

  data::TemporaryFolder folder_;
  std::unique_ptr<data::Database> database_;
  std::unique_ptr<search::Node> node_;
  std::unique_ptr<denorm::EmbeddedTarget> target_;
  std::unique_ptr<denorm::Indexer> indexer_;
  std::unique_ptr<denorm::Finder> finder_;
};

TEST_F(DocumentationTest, ImportsOnceAndThenWhatChanged) {
  EXPECT_TRUE(has_no_documentation(*database_));
  const ImportReport first = import();
  EXPECT_EQ(first.documents, 2);
  EXPECT_EQ(first.sections, 5);
  EXPECT_FALSE(has_no_documentation(*database_));
  EXPECT_EQ(import().unchanged, 2);
  write("intro.md", "# Growing oaks\n\nOaks grow slowly.\n");
  std::filesystem::remove(docs() / "ref/pruning.html");
  const ImportReport second = import();
  EXPECT_EQ(second.documents, 1);
  EXPECT_EQ(second.removed, 1);
  EXPECT_THAT(addresses("grow"), ElementsAre("/docs/trees/intro"));
  EXPECT_THAT(addresses("saw"), IsEmpty());
}

TEST_F(DocumentationTest, SaysWhichFilesItCannotRead) {
  write("broken.md", "\xff\xfe");
  const ImportReport report = import();
  EXPECT_THAT(report.refused, ElementsAre("broken.md: the file is not in UTF-8"));
  EXPECT_EQ(report.documents, 2);
}

TEST_F(DocumentationTest, FindsSectionsWithWhatTheyStandIn) {
  import();
  const DocumentationAnswer answer = search({.q = "branches"});
  ASSERT_EQ(answer.sections.size(), 2U);
  EXPECT_EQ(answer.total, 2U);
  EXPECT_GT(answer.milliseconds, 0);
  EXPECT_THAT(
      answer.sections,
      testing::Contains(AllOf(Field(&FoundSection::address, "/docs/trees/ref/pruning#tree.prune"),
                              Field(&FoundSection::title, "tree.prune(depth)"),
                              Field(&FoundSection::trail, ElementsAre("Pruning", "The saw")),
                              Field(&FoundSection::manual, "Trees 2"),
                              Field(&FoundSection::snippet, HasSubstr("<mark>branches</mark>")))));
  EXPECT_THAT(answer.kinds, ElementsAre(Field(&FacetValue::value, "reference"),
                                        Field(&FacetValue::value, "text")));
}

TEST_F(DocumentationTest, FindsBeginningsOfWordsAndPartsOfNames) {
  import();
  EXPECT_THAT(addresses("plantin"),
              ElementsAre("/docs/trees/intro#planting", "/docs/trees/ref/pruning#saw"));
  EXPECT_EQ(addresses("prune").front(), "/docs/trees/ref/pruning#tree.prune");
  EXPECT_THAT(addresses("sharp"), ElementsAre("/docs/trees/ref/pruning#saw"));
}

TEST_F(DocumentationTest, EscapesWhatItShows) {
  import();
  EXPECT_THAT(search({.q = "twigs"}).sections.front().snippet,
              HasSubstr("branches &amp; <mark>twigs</mark>"));
}

TEST_F(DocumentationTest, CountsEachFacetWithoutItsOwnChoice) {
  import();
  const DocumentationAnswer answer = search({.q = "planting", .kind = "code"});
  EXPECT_EQ(answer.sections.size(), 1U);
  EXPECT_THAT(answer.kinds,
              testing::UnorderedElementsAre(
                  AllOf(Field(&FacetValue::value, "text"), Field(&FacetValue::count, 2)),
                  AllOf(Field(&FacetValue::value, "code"), Field(&FacetValue::is_chosen, true))));
  EXPECT_THAT(answer.tags, ElementsAre(Field(&FacetValue::value, "ref")));
}

TEST_F(DocumentationTest, SaysWhatMayHaveBeenMeant) {
  import();
  const DocumentationAnswer answer = search({.q = "brunches fell"});
  EXPECT_THAT(answer.sections, IsEmpty());
  EXPECT_EQ(answer.correction, "branches fell");
}

TEST_F(DocumentationTest, ShowsPagesWhereNoWordsAreGiven) {
  import();
  const DocumentationAnswer answer = search({});
  ASSERT_EQ(answer.sections.size(), 2U);
  EXPECT_EQ(answer.sections[0].address, "/docs/trees/intro");
  EXPECT_EQ(answer.sections[1].address, "/docs/trees/ref/pruning");
}

TEST_F(DocumentationTest, LeavesOutHitsThatAreGone) {
  import();
  database_->write_now([](data::Transaction& tx) {
    tx.execute("UPDATE doc_sections SET text = 'Nothing.' WHERE text LIKE 'Dig%'");
  });
  const DocumentationAnswer answer = search({.q = "hole"});
  EXPECT_THAT(answer.sections, IsEmpty());
  EXPECT_EQ(answer.left_out, 1U);
}

TEST_F(DocumentationTest, AManualsNewNameReachesAllOfItsSections) {
  import();
  database_->write_now(
      [](data::Transaction& tx) { tx.execute("UPDATE doc_versions SET name = 'Forests'"); });
  indexer_->catch_up();
  const DocumentationAnswer answer = search({.q = "branches"});
  ASSERT_EQ(answer.sections.size(), 2U);
  EXPECT_EQ(answer.sections[0].manual, "Forests 2");
}

TEST_F(DocumentationTest, SaysThatThereIsNoIndexYet) {
  const auto answer = base::run(search_documentation(*finder_, {.q = "tree"}));
  EXPECT_FALSE(answer);
}

TEST_F(DocumentationTest, ReadsAPageFromTheDatabase) {
  import();
  const auto page = database_->read_now(
      [](data::Snapshot& db) { return read_document_page(db, "trees", "ref/pruning"); });
  ASSERT_TRUE(page);
  EXPECT_EQ(page->title, "Pruning");
  EXPECT_THAT(page->tags, ElementsAre("ref"));
  ASSERT_EQ(page->sections.size(), 3U);
  EXPECT_THAT(page->sections[1].html, HasSubstr("<a href=\"/docs/trees/intro#planting\">"));
  const auto none = database_->read_now(
      [](data::Snapshot& db) { return read_document_page(db, "trees", "ref/../x"); });
  EXPECT_FALSE(none);
}

}  // namespace
}  // namespace hornbeam::site
