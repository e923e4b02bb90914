#pragma once

// Target: where documents go. The embedded engine is one (embedded_target.h); a cluster reached
// over HTTP is another (opensearch/opensearch_target.h).

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "hornbeam/base/result.h"
#include "hornbeam/base/task.h"
#include "hornbeam/denorm/document_type.h"
#include "hornbeam/search/query/search_request.h"

namespace hornbeam::denorm {

/// The target is away, or refuses for now; the same may work later.
class TargetUnavailable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};
/// Another process has written to the index with a newer lease: whoever gets this writes no more.
class FencedOut : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Some documents, all or some of which may be refused one by one.
struct Writes {
  /// Added, or replaced.
  std::vector<Rendered> puts{};
  /// Ids.
  std::vector<std::string> removals{};
  /// Of all of them. A document that is there with a greater version stays as it is.
  std::int64_t version = 0;
  std::int64_t token = 0;  ///< Of the lease; see `FencedOut`.
};
/// A document that the index does not take, such as one whose date is none.
struct Refusal {
  /// Of the document.
  std::string id;
  /// In the words of the index.
  std::string reason;
};

/// Indices by name, and aliases of theirs. Every member may throw `TargetUnavailable`. Thread: any;
/// one index is written to by one thread at a time.
class Target {
 public:
  Target() = default;
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;
  virtual ~Target() = default;

  /// The names of all indices.
  virtual std::vector<std::string> indices() = 0;
  /// Makes an empty index, with a mapping as `DocumentType` has it. One that is there stays.
  virtual void create(const std::string& index, const std::string& mapping) = 0;
  /// Deletes an index; one that is not there is no error.
  virtual void remove(const std::string& index) = 0;
  /// The index that an alias stands for; none if there is no such alias.
  virtual std::optional<std::string> find_alias(const std::string& alias) = 0;
  /// Makes an alias stand for another index, in one step.
  virtual void point(const std::string& alias, const std::string& index) = 0;

  /// From here on nobody writes to the index who has an older lease. Throws: `FencedOut`.
  virtual void claim(const std::string& index, std::int64_t token);
  /// Writes, so that searches find it; gives those that were refused. Throws: `FencedOut`.
  virtual std::vector<Refusal> apply(const std::string& index, const Writes& writes) = 0;
  /// Makes all that was applied survive, together with `state`, in one step. Throws: `FencedOut`.
  virtual void commit(const std::string& index, const std::string& state, std::int64_t token) = 0;
  /// The state of the last commit; empty if there was none.
  virtual std::string state(const std::string& index) = 0;

  /// What `hash_of` gives for each document, applied or committed; none where there is none.
  virtual std::vector<std::optional<std::string>> hashes(const std::string& index,
                                                         std::span<const std::string> ids) = 0;
  /// Calls `visit` with the ids of all documents, some at a time, until it returns false.
  virtual void visit_ids(const std::string& index,
                         const std::function<bool(std::span<const std::string>)>& visit) = 0;
  /// How many documents there are.
  virtual std::uint64_t count(const std::string& index) = 0;

  /// Searches an index or alias.
  virtual base::Result<search::SearchResult> search(const std::string& name,
                                                    const search::SearchRequest& request) = 0;
  /// The same for who runs on a loop: a target that is far away does it elsewhere.
  virtual base::Task<base::Result<search::SearchResult>> search_later(
      std::string name, search::SearchRequest request);
};

/// What tells one text of a document from another.
std::string hash_of(std::string_view json);

}  // namespace hornbeam::denorm
