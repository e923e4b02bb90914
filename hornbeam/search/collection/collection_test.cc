#include "hornbeam/search/collection/collection.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "hornbeam/search/testing/crash_directory.h"

namespace hornbeam::search {
namespace {

using namespace std::chrono_literals;
using base::field;
using base::fields;
using base::Type;

struct Person {
  std::string name;
  std::optional<std::int16_t> born;
};
constexpr auto describe(Type<Person>) {
  return fields(field("name", &Person::name), field("born", &Person::born));
}

struct Book {
  std::int64_t number = 0;
  std::string title;
  std::string shelf;
  int year = 0;
  double price = 0;
  bool is_new = false;
  std::vector<std::string> tags;
  std::vector<Person> authors;
  std::chrono::system_clock::time_point bought{};
};
constexpr auto describe(Type<Book>) {
  return fields(field("number", &Book::number, document_id),
                field("title", &Book::title, base::length(1, 100), analyzed("english")),
                field("shelf", &Book::shelf, keyword), field("year", &Book::year),
                field("price", &Book::price), field("is_new", &Book::is_new),
                field("tags", &Book::tags), field("authors", &Book::authors),
                field("bought", &Book::bought));
}

std::unique_ptr<Collection<Book>> new_collection() {
  return Collection<Book>::open(std::make_unique<testing::CrashDirectory>(),
                                {.shard = {.merges_in_background = false}})
      .value();
}

template <class Search>
std::string found(const Collection<Book>& books, Search&& search) {
  const auto result = books.search(std::forward<Search>(search));
  if (!result) return result.error().code + ": " + result.error().message;
  std::string ids;
  for (const auto& hit : result->hits) ids += (ids.empty() ? "" : " ") + hit.id;
  return ids;
}

class Books : public ::testing::Test {
 protected:
  Books() : books_(new_collection()) {
    const auto day = std::chrono::sys_days(std::chrono::year(2024) / 2 / 29);
    const std::vector<Book> all = {
        {1, "The quick brown fox", "cellar", 1999, 2.5, false, {"animals", "Fast food"}, {}, day},
        {2, "Foxes and dogs", "attic", 2005, 10, true, {"animals"}, {{"Ann Lee", 1970}}, day + 24h},
        {3, "Of gardens", "attic", 2010, 7.25, false, {}, {{"Bob", {}}, {"Ann", 1980}}, day - 24h}};
    for (const Book& book : all) EXPECT_TRUE(books_->put(book));
    books_->refresh();
  }
  std::unique_ptr<Collection<Book>> books_;
};

TEST(DescribedMapping, SaysWhatTheStructIs) {
  EXPECT_EQ(
      mapping_of<Book>(),
      R"({"properties":{"number":{"type":"long"},"title":{"type":"text","analyzer":"english",)"
      R"("fields":{"keyword":{"type":"keyword","ignore_above":256}}},"shelf":{"type":"keyword"},)"
      R"("year":{"type":"integer"},"price":{"type":"double"},"is_new":{"type":"boolean"},)"
      R"("tags":{"type":"text","fields":{"keyword":{"type":"keyword","ignore_above":256}}},)"
      R"("authors":{"properties":{"name":{"type":"text","fields":{"keyword":{"type":"keyword",)"
      R"("ignore_above":256}}},"born":{"type":"short"}}},"bought":{"type":"date"}}})");
}

TEST_F(Books, AreFoundByWhatTheirMembersSay) {
  const auto day = std::chrono::sys_days(std::chrono::year(2024) / 2 / 29);
  EXPECT_EQ(found(*books_, match(&Book::title, "fox")), "2 1");
  EXPECT_EQ(found(*books_, match(&Book::title, "fox dogs", TextOperator::kAnd)), "2");
  EXPECT_EQ(found(*books_, phrase(&Book::title, "quick brown")), "1");
  EXPECT_EQ(found(*books_, is(&Book::shelf, "cellar")), "1");
  EXPECT_EQ(found(*books_, is(&Book::tags, "Fast food")), "1");
  EXPECT_EQ(found(*books_, is(&Book::is_new, true)), "2");
  EXPECT_EQ(found(*books_, is(&Book::number, 3)), "3");
  EXPECT_EQ(found(*books_, is_any_of(&Book::year, std::vector{1999, 2010})), "1 3");
  EXPECT_EQ(found(*books_, between(&Book::price, 2.5, 7.25)), "1 3");
  EXPECT_EQ(found(*books_, at_least(&Book::bought, day)), "1 2");
  EXPECT_EQ(found(*books_, at_most(&Book::year, 2004)), "1");
  EXPECT_EQ(found(*books_, exists(&Book::authors)), "2 3");
  EXPECT_EQ(found(*books_, starts_with(&Book::shelf, "at")), "2 3");
  EXPECT_EQ(found(*books_, match(path(&Book::authors, &Person::name), "ann")), "2 3");
  EXPECT_EQ(found(*books_, is(path(&Book::authors, &Person::name), "Ann Lee")), "2");
  EXPECT_EQ(found(*books_, match_any({&Book::title, "authors.name"}, "gardens lee")), "3 2");
  EXPECT_EQ(found(*books_, query_string("title:(fox -dogs)")), "1");
}

TEST_F(Books, AreFoundByWhatIsPutTogether) {
  const Query fox = match(&Book::title, "fox");
  EXPECT_EQ(found(*books_, fox && at_least(&Book::year, 2000)), "2");
  EXPECT_EQ(found(*books_, Find(fox || is(&Book::shelf, "attic")).order_by("_doc")), "1 2 3");
  EXPECT_EQ(found(*books_, !fox), "3");
  EXPECT_EQ(found(*books_, fox && !is(&Book::shelf, "attic") && exists(&Book::tags)), "1");
  EXPECT_EQ(found(*books_, !fox || is(&Book::year, 1999)), "1 3");
  EXPECT_EQ(found(*books_, filtered_by(everything(), fox)), "1 2");
  EXPECT_EQ(found(*books_, fox || boosted(is(&Book::shelf, "cellar"), 5)), "1 2");
}

TEST_F(Books, AreOrderedPagedHighlightedAndCounted) {
  EXPECT_EQ(found(*books_, Find(everything()).order_by(&Book::year, descending)), "3 2 1");
  EXPECT_EQ(found(*books_, Find(everything()).order_by(&Book::shelf).order_by(&Book::price)),
            "3 2 1");
  EXPECT_EQ(found(*books_, Find(everything()).order_by(&Book::title).skip(1).first(1)), "3");
  const auto result = books_->search(Find(match(&Book::title, "fox"))
                                         .highlight(&Book::title)
                                         .count_all()
                                         .count_by("tags", &Book::tags)
                                         .count_by("by date", &Book::bought)
                                         .compute("price", "avg", &Book::price));
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->total.value, 2U);
  EXPECT_EQ(result->hits[0].value.authors[0].name, "Ann Lee");
  EXPECT_EQ(result->hits[0].highlight.at("title")[0], "<em>Foxes</em> and dogs");
  const auto tags = result->buckets("tags");
  ASSERT_EQ(tags.size(), 2U);
  EXPECT_EQ(tags[0].key, "animals");
  EXPECT_EQ(tags[0].count, 2U);
  EXPECT_EQ(result->buckets("by date").at(0).key, "2024-02-29T00:00:00.000Z");
  EXPECT_EQ(result->number("price"), 6.25);
  EXPECT_EQ(result->number("tags"), std::nullopt);
  EXPECT_TRUE(result->buckets("none").empty());
}

TEST_F(Books, AreReplacedAndDeletedByTheirId) {
  Book other;
  other.number = 1;
  other.title = "A new one";
  ASSERT_TRUE(books_->put(other));
  ASSERT_TRUE(books_->remove("3"));
  EXPECT_EQ(books_->get("1").value()->title, "A new one");
  EXPECT_EQ(books_->get("3").value().has_value(), false);
  books_->refresh();
  EXPECT_EQ(found(*books_, everything()), "2 1");
}

TEST_F(Books, TakeTheQueryLanguageToo) {
  EXPECT_EQ(found(*books_, R"({"query": {"match": {"title": "foxes"}}, "sort": "year"})"), "1 2");
  EXPECT_EQ(found(*books_, Find(everything()).aggregate("x", R"({"nothing": {}})")).substr(0, 17),
            "parsing_exception");
  EXPECT_EQ(found(*books_, Find(everything()).aggregate("x", "{")).substr(0, 17),
            "parsing_exception");
}

struct OtherBook {
  std::string number;
  std::string year;
};
constexpr auto describe(Type<OtherBook>) {
  return fields(field("number", &OtherBook::number, document_id), field("year", &OtherBook::year));
}

TEST(Collection, SaysWhichFieldIsOfAnotherType) {
  auto directory = std::make_unique<testing::CrashDirectory>();
  testing::CrashDirectory& disk = *directory;
  auto books = Collection<Book>::open(std::move(directory)).value();
  books->commit();
  const auto other =
      Collection<OtherBook>::open(disk.after_crash(testing::CrashDirectory::Kept::kNothing));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().message,
            "mapper [number] cannot be changed from type [long] to "
            "[keyword]");
}

TEST(Collection, SaysWhichDocumentIsNoneOfItsStructs) {
  const auto books = new_collection();
  ASSERT_TRUE(books->index().put("7", R"({"number": 7})"));
  books->refresh();
  const auto result = books->search(everything());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "document_differs");
  EXPECT_TRUE(result.error().message.contains("document [7]")) << result.error().message;
}

struct Review {
  std::string by;
  int stars = 0;
};
constexpr auto describe(Type<Review>) {
  return fields(field("by", &Review::by, keyword), field("stars", &Review::stars));
}
struct Film {
  std::int64_t number = 0;
  std::vector<Review> reviews;
};
constexpr auto describe(Type<Film>) {
  return fields(field("number", &Film::number, document_id),
                field("reviews", &Film::reviews, nested));
}

TEST(Collection, FindsObjectsThatAreMarkedNestedByThemselves) {
  const auto films = Collection<Film>::open(std::make_unique<testing::CrashDirectory>(),
                                            {.shard = {.merges_in_background = false}})
                         .value();
  ASSERT_TRUE(films->put({.number = 1, .reviews = {{"ann", 5}, {"bob", 1}}}));
  ASSERT_TRUE(films->put({.number = 2, .reviews = {{"ann", 1}, {"bob", 5}}}));
  films->refresh();
  const auto by = path(&Film::reviews, &Review::by);
  const auto stars = path(&Film::reviews, &Review::stars);
  const auto result =
      films->search(Find(in_one(&Film::reviews, is(by, "ann") && at_least(stars, 4))));
  ASSERT_TRUE(result) << result.error().message;
  ASSERT_EQ(result->hits.size(), 1U);
  EXPECT_EQ(result->hits[0].value.number, 1);
}

}  // namespace
}  // namespace hornbeam::search
