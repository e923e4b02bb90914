#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "hornbeam/data/transaction.h"
#include "hornbeam/denorm/document_type.h"
#include "hornbeam/feed/change_log.h"

namespace hornbeam::denorm {

/// The documents that some changes are about, a part at a time: one row may be embedded in a
/// million documents. Each part is found in the snapshot it is asked with, so that links are
/// followed as they are then; those that were changed meanwhile have changes of their own.
class FanOut {
 public:
  /// Of no changes.
  FanOut() = default;
  /// Of those of `changes` that are about documents of `type`. Lifetime: `type` outlives it.
  FanOut(const DocumentType& type, std::span<const feed::Change> changes);

  /// At most `most` keys of documents, none of them twice in one part; none at the end.
  std::vector<std::string> next(data::Snapshot& db, std::size_t most);
  /// Whether nothing is left.
  bool is_done() const noexcept { return direct_.empty() && searches_.empty(); }

 private:
  /// Documents that are found over links.
  struct Search {
    feed::Path path;
    std::vector<std::string> values;
    std::string after;  ///< The last key that was found.
    bool has_begun = false;
  };
  void search(data::Snapshot& db, std::size_t most, std::set<std::string>& found);

  const DocumentType* type_ = nullptr;
  std::set<std::string> direct_;
  std::vector<Search> searches_;
};

}  // namespace hornbeam::denorm
