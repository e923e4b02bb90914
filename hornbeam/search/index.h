#pragma once

// A full-text index inside the process.
//
//   auto index = search::Index::open("var/books").value();
//   index->put("1", R"({"title": "The quick fox", "year": 1999})");
//   index->refresh();
//   auto found = index->search(R"({"query": {"match": {"title": "foxes"}}})");
//
// Documents are JSON; the mapping says how their fields are indexed, and grows with them. What was
// written is found after `refresh` and survives after `commit`, which also keeps the application's
// `user_data`: the cursor of a feed advances in the same step as the documents that it stands for.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/result.h"
#include "hornbeam/search/index/shard.h"
#include "hornbeam/search/mapping/mapping.h"
#include "hornbeam/search/query/search_request.h"
#include "hornbeam/search/query/search_target.h"
#include "hornbeam/search/score/bm25.h"

namespace hornbeam::search {

/// What an index is opened with.
struct IndexOptions {
  ShardOptions shard{};  ///< Memory, merges.
  Bm25Options bm25{};    ///< How scores weigh frequency and length.
  /// Analyzers of its own; null: the built-in ones.
  std::shared_ptr<const AnalyzerRegistry> analyzers{};
  std::size_t largest_document = 100ULL << 20;  ///< In bytes of JSON; larger ones are refused.
};

/// A document by its id.
struct Document {
  std::int64_t version = 0;  ///< Rises with each write of the id.
  std::int64_t seq_no = 0;   ///< Rises with each write of the index; for `if_seq_no`.
  std::string source;        ///< As JSON.
  std::string routing{};     ///< What it was written with; kept, and shown.
};

/// The document at a place of a snapshot. Requires: `doc` is one of the view's.
Document document_at(const SegmentView& view, DocId doc);

/// Thread: any. Writes wait for each other; searches wait for nothing.
class Index {
 public:
  /// Opens the index in a folder at its last commit, or begins one. Throws CorruptIndex if a file
  /// is damaged, std::system_error if another process has it open.
  static base::Result<std::unique_ptr<Index>> open(const std::filesystem::path& folder,
                                                   IndexOptions options = {});
  static base::Result<std::unique_ptr<Index>> open(std::unique_ptr<Directory> directory,
                                                   IndexOptions options = {});

  /// Adds fields to the mapping: `{"properties": {"title": {"type": "text"}}}`.
  base::Result<void> put_mapping(std::string_view json);
  /// The mapping as JSON that `put_mapping` reads.
  std::string mapping() const;
  /// The mapping as it is now.
  std::shared_ptr<const Mapping> current_mapping() const;

  /// Adds a document or replaces the one of its id. A refused document changes nothing.
  base::Result<WriteOutcome> put(std::string_view id, std::string_view json,
                                 const WriteCondition& condition = {},
                                 std::string_view routing = {});
  /// Deletes the document of an id, and remembers that, whether there is one or not.
  base::Result<WriteOutcome> remove(std::string_view id, const WriteCondition& condition = {});
  /// The document of an id, as of the last refresh.
  std::optional<Document> find(std::string_view id) const;
  /// The document of an id as it is now; refreshes if it was written since the last time.
  std::optional<Document> get(std::string_view id);

  /// Makes everything written so far visible to searches.
  void refresh() { shard_.refresh(); }
  /// Makes everything written so far survive, together with `user_data`.
  void commit(std::string user_data = {});
  /// As `commit`, with the `user_data` of the last one, whoever commits at the same time.
  void commit_again();
  /// What the last commit kept.
  std::string user_data() const { return shard_.committed_user_data(); }
  /// Documents that are visible.
  std::uint64_t document_count() const { return shard_.snapshot()->live_count(); }

  base::Result<SearchResult> search(const SearchRequest& request) const;
  /// The body of Elasticsearch's `_search`.
  base::Result<SearchResult> search(std::string_view json) const;

  /// The index as it is now, for searches of several at once (query/execute_search.h).
  SearchTarget target() const;

  /// What keeps the documents, for merging and for measuring.
  Shard& shard() noexcept { return shard_; }

 private:
  Index(std::unique_ptr<Directory> directory, IndexOptions options);

  const IndexOptions options_;
  Shard shard_;
  mutable std::mutex mutex_;  ///< Of `mapping_`; a write holds it until the document is in.
  std::shared_ptr<const Mapping> mapping_;
};

}  // namespace hornbeam::search
