#pragma once

// Finder: the three ways to read, by name.
//
//   own()        what a user has written: the database, so that nobody asks where a change is
//   search()     what is found among everything: ids from the index, contents from the database
//   aggregate()  counts and sums over everything: the index alone
//
// A page of hits never shows what is not so: each hit is rendered from the database, in one
// snapshot, and one that is gone, or is not what the index found, is left out.

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hornbeam/base/json.h"
#include "hornbeam/base/task.h"
#include "hornbeam/data/database.h"
#include "hornbeam/denorm/document_type.h"
#include "hornbeam/denorm/render.h"
#include "hornbeam/denorm/target.h"
#include "hornbeam/search/collection/find.h"

namespace hornbeam::denorm {

/// What becomes of a hit whose document has changed since it was indexed.
enum class StaleHits {
  kDrop,  ///< It may not match any more.
  kShow,  ///< As it is in the database now.
};

/// How hits are read.
struct FinderOptions {
  /// See `StaleHits`.
  StaleHits stale = StaleHits::kDrop;
  /// A hit that is still wrong after so long is queued for repair; what is wrong for a shorter time
  /// is an index that lags.
  std::chrono::milliseconds repair_after{2'000};
};

/// A hit, as the database has it.
struct FoundDocument {
  /// The key of its root.
  std::string id;
  std::optional<float> score{};    ///< None if the hits are ordered otherwise.
  std::string json;                ///< Rendered from the database.
  search::Highlights highlight{};  ///< Of the index.
};

/// What a search found.
struct FoundDocuments {
  search::HitCount total{};  ///< As the index counts, with what was left out.
  /// The best first, or as was asked.
  std::vector<FoundDocument> hits{};
  std::vector<std::string> vanished{};  ///< Ids of hits that have no row.
  /// Ids of hits that are not what was indexed, or cannot be rendered now.
  std::vector<std::string> stale{};
  std::string aggregations{};  ///< As JSON; empty if none were asked for.
};

/// Thread: any. Lifetime: `database` and `target` outlive it.
class Finder {
 public:
  /// Of the documents of `type`.
  Finder(data::Database& database, Target& target, DocumentType type, FinderOptions options = {});

  /// Runs `read` (a call with a `data::Snapshot&`) on the database: for what must be as it was
  /// written, such as a user's own rows, prices and permissions.
  template <class Read>
  auto own(Read read) {
    return database_.read(std::move(read));
  }

  /// The hits of a search, as the database has them. The error is that of the search.
  base::Task<base::Result<FoundDocuments>> search(search::SearchRequest request);
  /// The same of a `Find`.
  base::Task<base::Result<FoundDocuments>> search(search::Find find);

  /// What the index counts and computes; no hits. As fresh as the index.
  base::Result<search::SearchResult> aggregate(const search::Find& find);
  /// The same of a request. Blocks where the target is a cluster.
  base::Result<search::SearchResult> aggregate(search::SearchRequest request);
  /// The same, for who runs on a loop.
  base::Task<base::Result<search::SearchResult>> aggregate_later(search::SearchRequest request);

  /// What it finds.
  const DocumentType& type() const noexcept { return type_; }

 private:
  using Clock = std::chrono::steady_clock;
  FoundDocuments inflate(search::SearchResult result, RenderedBatch batch) const;
  std::vector<std::string> due_for_repair(const FoundDocuments& found);

  data::Database& database_;
  Target& target_;
  const DocumentType type_;
  const FinderOptions options_;
  std::mutex mutex_;
  std::map<std::string, Clock::time_point> suspects_;  // Since when; guarded by mutex_.
};

/// The value of a hit. The error says what of its JSON does not fit.
template <base::Described Document>
base::Result<Document> read_document(const FoundDocument& found) {
  auto value = base::from_json<Document>(found.json);
  if (value) return std::move(*value);
  return base::error("document_differs", "document [" + found.id + "] is rendered as another " +
                                             "struct: " + value.error().message());
}

}  // namespace hornbeam::denorm
