#pragma once

// OpenSearchTarget: documents in an OpenSearch or Elasticsearch cluster, by its REST API.
//
//   denorm::OpenSearchTarget target("https://user:secret@search.example:9200");
//   denorm::Indexer indexer(*database, target, books_type(), {}, wakeups.get());
//
// Processes share a cluster: of them one writes to an index at a time, and the others stand by. A
// cluster has no commit that holds documents and a cursor, so documents are written first, which
// the cluster makes last, and then the cursor, a document of an index of its own: a crash between
// them writes some documents again, as they are. What is late loses by its version; who has lost
// the lease is refused by the token that stands with the cursor.

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>

#include "hornbeam/base/thread_pool.h"
#include "hornbeam/denorm/opensearch/cluster.h"
#include "hornbeam/denorm/opensearch/request_json.h"
#include "hornbeam/denorm/target.h"

namespace hornbeam::denorm {

/// How a cluster is used.
struct OpenSearchOptions {
  /// How patient one is with it.
  ClusterOptions cluster{};
  /// Settings of each index that is made, as JSON: shards, replicas, analyzers.
  std::string settings{};
  /// Before the name of each index, alias and cursor, so that applications share a cluster.
  std::string prefix{};
  /// Where cursors and tokens are kept.
  std::string state_index = "hornbeam_state";
  /// Whether what was written is searchable when a write returns, as a refresh of the cluster makes
  /// it. If not, it is once the index refreshes by itself.
  bool refreshes = true;
  /// Searches at the same time; more wait.
  std::size_t search_threads = 4;
  /// How often a search is tried, whose reader waits; what is written is tried more patiently. One
  /// that fails gives the error "target_unavailable".
  int search_tries = 2;
};

/// Thread: any; blocks, except `search_later`.
class OpenSearchTarget final : public Target {
 public:
  /// `url` as `http::Client` takes it. Connects when it is first needed. Throws:
  /// std::invalid_argument.
  explicit OpenSearchTarget(std::string_view url, OpenSearchOptions options = {});

  std::vector<std::string> indices() override;
  void create(const std::string& index, const std::string& mapping) override;
  void remove(const std::string& index) override;
  std::optional<std::string> find_alias(const std::string& alias) override;
  void point(const std::string& alias, const std::string& index) override;
  void claim(const std::string& index, std::int64_t token) override;
  std::vector<Refusal> apply(const std::string& index, const Writes& writes) override;
  void commit(const std::string& index, const std::string& state, std::int64_t token) override;
  std::string state(const std::string& index) override;
  std::vector<std::optional<std::string>> hashes(const std::string& index,
                                                 std::span<const std::string> ids) override;
  void visit_ids(const std::string& index,
                 const std::function<bool(std::span<const std::string>)>& visit) override;
  std::uint64_t count(const std::string& index) override;
  base::Result<search::SearchResult> search(const std::string& name,
                                            const search::SearchRequest& request) override;
  base::Task<base::Result<search::SearchResult>> search_later(
      std::string name, search::SearchRequest request) override;

  /// What the cluster was asked for.
  ClusterStatistics statistics() const { return cluster_.statistics(); }

 private:
  /// What is kept of an index beside its documents.
  struct Kept {
    std::string state;
    std::int64_t token = 0;
    std::int64_t number = -1;  ///< Of the last change of it, and ...
    std::int64_t term = 0;     ///< ... under which primary; -1: there is none yet.
  };
  /// Asked once.
  ClusterKind cluster_kind();
  /// A name as it stands in a URL.
  std::string path_of(const std::string& name) const;
  Kept kept(const std::string& index);
  void keep(const std::string& index, const std::string* state, std::int64_t token);
  void require_token(const std::string& index, const Kept& kept, std::int64_t token) const;

  const OpenSearchOptions options_;
  Cluster cluster_;
  std::mutex mutex_;
  std::optional<ClusterKind> kind_;  ///< Guarded by mutex_.
  base::ThreadPool pool_;            ///< Last: it ends before what it uses.
};

}  // namespace hornbeam::denorm
