// A few books are indexed in a folder, found, shown, counted, and found again when it is opened
// anew. No server, no schema besides the struct.

#include "hornbeam/search.h"

#include <cstdint>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace hornbeam;
using search::at_least;
using search::Find;
using search::is;
using search::match;

// [book]
struct Book {
  std::int64_t number = 0;
  std::string title;
  int year = 0;
  std::vector<std::string> tags;
};
constexpr auto describe(base::Type<Book>) {
  using base::field;
  return base::fields(field("number", &Book::number, search::document_id),
                      field("title", &Book::title, search::analyzed("english")),
                      field("year", &Book::year), field("tags", &Book::tags, search::keyword));
}
// [/book]

void fill(const std::filesystem::path& folder) {
  // [put]
  auto books = search::Collection<Book>::open(folder).value();
  const std::vector<Book> all = {{1, "The quick brown fox", 1999, {"animals"}},
                                 {2, "Of gardens", 2003, {"plants"}},
                                 {3, "Two Foxes", 2010, {"animals", "in print"}},
                                 {4, "Bees", 2021, {"animals", "in print"}}};
  for (const Book& book : all) books->put(book).value();
  books->commit("cursor 4");
  // [/put]
}

void find(const std::filesystem::path& folder) {
  auto books = search::Collection<Book>::open(folder).value();
  // [find]
  const auto found = books
                         ->search(Find(match(&Book::title, "foxes") && at_least(&Book::year, 1990))
                                      .highlight(&Book::title)
                                      .order_by(&Book::year, search::descending)
                                      .count_by("tags", &Book::tags, 1)
                                      .compute("year", "avg", &Book::year))
                         .value();
  for (const auto& hit : found.hits) {
    std::cout << hit.highlight.at("title").front() << ", " << hit.value.year << '\n';
  }
  for (const auto& [tag, count] : found.buckets("tags")) std::cout << tag << ": " << count << '\n';
  std::cout << "on average of " << static_cast<int>(found.number("year").value()) << '\n';
  // [/find]

  // [json]
  const auto others = books->search(R"({"query": {"bool": {
      "must": {"match": {"title": "garden"}},
      "must_not": {"term": {"tags": "animals"}}}}})");
  if (!others) throw std::runtime_error(others.error().message);
  for (const auto& hit : others->hits) std::cout << hit.value.title << '\n';
  // [/json]

  // [count]
  const auto in_print = books->search(Find(is(&Book::tags, "in print")).first(0)).value();
  std::cout << in_print.total.value << " books were in print\n";
  // [/count]
  std::cout << books->index().user_data() << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  const std::filesystem::path folder = argc > 1 ? argv[1] : "books";
  std::filesystem::remove_all(folder);
  fill(folder);
  find(folder);
}
