#pragma once

// An index of the values of one described struct.
//
//   auto books = search::Collection<Book>::open("var/books").value();
//   books->put({.isbn = "1", .title = "The quick fox", .year = 1999});
//   books->refresh();
//   auto found = books->search(match(&Book::title, "foxes") && at_least(&Book::year, 1990));
//   for (const auto& hit : found->hits) std::cout << hit.value.title;
//
// The struct's description is the mapping: what is added to it later is added to an index that is
// there; what changes its type needs a new one, which `open` says.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hornbeam/base/describe.h"
#include "hornbeam/base/json.h"
#include "hornbeam/search/collection/described_mapping.h"
#include "hornbeam/search/collection/find.h"
#include "hornbeam/search/collection/queries.h"
#include "hornbeam/search/index.h"

namespace hornbeam::search {

/// A value that was found.
template <class Subject>
struct FoundValue {
  Subject value{};
  std::string id;
  std::optional<float> score{};  ///< None if the hits are ordered otherwise.
  Highlights highlight{};        ///< Passages by the name of the field, if they were asked for.
};

/// What a search found.
template <class Subject>
struct Found {
  HitCount total{};
  std::vector<FoundValue<Subject>> hits{};
  std::string aggregations{};  ///< As JSON; empty if none were asked for.

  /// What `Find::count_by` counted.
  std::vector<BucketCount> buckets(std::string_view name) const {
    return buckets_of(aggregations, name);
  }
  /// What `Find::compute` computed; none if no match has a value.
  std::optional<double> number(std::string_view name) const {
    return number_of(aggregations, name);
  }
};

namespace collection_detail {

template <class Subject>
inline constexpr std::size_t kIdCount = []<class... Each>(const std::tuple<Each...>&) {
  return (std::size_t{0} + ... + std::size_t{Each::template has<DocumentId>()});
}(base::kDescription<Subject>.all);

template <class Subject>
base::Result<Subject> read_value(std::string_view id, std::string_view source) {
  auto value = base::from_json<Subject>(source);
  if (value) return std::move(*value);
  return base::error("document_differs",
                     "document [" + std::string(id) +
                         "] was put as another struct: " + value.error().message() +
                         ". Mend: put it again, or let the struct read what it was");
}

}  // namespace collection_detail

/// Thread: any. Writes wait for each other; searches wait for nothing.
template <base::Described Subject>
class Collection {
  static_assert(collection_detail::kIdCount<Subject> == 1,
                "one field tells the documents apart. Mend: mark it in the description, "
                "field(\"id\", &Subject::id, search::document_id)");

 public:
  /// Opens the index in a folder at its last commit, or begins one. The error says which field is
  /// of another type than in the index. Throws as `Index::open` does.
  static base::Result<std::unique_ptr<Collection>> open(const std::filesystem::path& folder,
                                                        IndexOptions options = {}) {
    return with(Index::open(folder, std::move(options)));
  }
  static base::Result<std::unique_ptr<Collection>> open(std::unique_ptr<Directory> directory,
                                                        IndexOptions options = {}) {
    return with(Index::open(std::move(directory), std::move(options)));
  }

  /// The id of a value, as text.
  static std::string id_of(const Subject& value) {
    std::string id;
    base::for_each_field<Subject>([&]<class Field>(const Field& field) {
      if constexpr (Field::template has<DocumentId>()) {
        id = collection_detail::value_text(field.get(value));
      }
    });
    return id;
  }

  /// Adds a value, or replaces the one of its id.
  base::Result<WriteOutcome> put(const Subject& value, const WriteCondition& condition = {}) {
    return index_->put(id_of(value), base::to_json(value), condition);
  }
  /// Deletes the value of an id; an id that is not there is no error.
  base::Result<WriteOutcome> remove(std::string_view id) { return index_->remove(id); }
  /// The value of an id as it is now.
  base::Result<std::optional<Subject>> get(std::string_view id) {
    const std::optional<Document> document = index_->get(id);
    if (!document) return std::optional<Subject>();
    return collection_detail::read_value<Subject>(id, document->source);
  }

  /// Makes everything put so far visible to searches.
  void refresh() { index_->refresh(); }
  /// Makes everything put so far survive, together with `user_data`.
  void commit(std::string user_data = {}) { index_->commit(std::move(user_data)); }

  /// Searches what the last refresh made visible.
  base::Result<Found<Subject>> search(const Find& find) const {
    const base::Result<SearchRequest> request = find.request();
    if (!request) return std::unexpected(request.error());
    return read(index_->search(*request));
  }
  base::Result<Found<Subject>> search(Query query) const { return search(Find(std::move(query))); }
  /// The body of Elasticsearch's `_search`, as JSON.
  base::Result<Found<Subject>> search(std::string_view json) const {
    return read(index_->search(json));
  }

  /// What keeps the documents, for all that is not said here.
  Index& index() noexcept { return *index_; }

 private:
  explicit Collection(std::unique_ptr<Index> index) : index_(std::move(index)) {}

  static base::Result<std::unique_ptr<Collection>> with(
      base::Result<std::unique_ptr<Index>> index) {
    if (!index) return std::unexpected(std::move(index.error()));
    const base::Result<void> mapped = (*index)->put_mapping(mapping_of<Subject>());
    if (!mapped) return std::unexpected(mapped.error());
    return std::unique_ptr<Collection>(new Collection(std::move(*index)));
  }

  static base::Result<Found<Subject>> read(base::Result<SearchResult> result) {
    if (!result) return std::unexpected(std::move(result.error()));
    Found<Subject> found{.total = result->total, .aggregations = std::move(result->aggregations)};
    for (Hit& hit : result->hits) {
      base::Result<Subject> value = collection_detail::read_value<Subject>(hit.id, hit.source);
      if (!value) return std::unexpected(std::move(value.error()));
      found.hits.push_back({.value = std::move(*value),
                            .id = std::move(hit.id),
                            .score = hit.score,
                            .highlight = std::move(hit.highlight)});
    }
    return found;
  }

  std::unique_ptr<Index> index_;
};

}  // namespace hornbeam::search
