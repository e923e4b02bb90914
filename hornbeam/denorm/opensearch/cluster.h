#pragma once

// Cluster: asks an OpenSearch or Elasticsearch cluster, and asks again where that may help.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/http/client.h"

namespace hornbeam::denorm {

/// How patient one is with a cluster.
struct ClusterOptions {
  /// Connections, and how long they wait.
  http::ClientOptions client{};
  /// How often a request is tried that meets nobody, or "not now" (429, 502, 503, 504).
  int most_tries = 6;
  /// The pause before the second, which doubles with each; half of it is random. A `Retry-After` of
  /// the answer counts if it is longer, up to `longest_pause`.
  std::chrono::milliseconds first_pause{100};
  /// Where it stops doubling.
  std::chrono::milliseconds longest_pause{5'000};
  /// Bytes of one bulk request. Halved each time that the cluster says that it is too much, and
  /// slowly back up from there.
  std::size_t bulk_bytes = std::size_t{4} * 1024 * 1024;
};

/// One action of a bulk request.
struct BulkAction {
  /// The line that says what is done, and the document's, each with its line end.
  std::string lines;
};
/// What became of one.
struct BulkOutcome {
  int status = 0;      ///< As HTTP's.
  std::string type{};  ///< Of the error, such as "mapper_parsing_exception"; empty: none.
  /// Its words.
  std::string reason{};
};

/// What the cluster was asked for, and how often it was asked again.
struct ClusterStatistics {
  std::uint64_t requests = 0;   ///< Sent.
  std::uint64_t retries = 0;    ///< Those of them that were sent again.
  std::uint64_t pushbacks = 0;  ///< Times that it said that it was too much (429, 503).
  std::size_t bulk_bytes = 0;   ///< Of one bulk request, as it is now.
};

/// Thread: any; blocks.
class Cluster {
 public:
  /// `url` as `http::Client` takes it.
  Cluster(std::string_view url, ClusterOptions options);

  /// Asks, and again while the cluster is away or busy. Gives whatever else it answers. Throws:
  /// `TargetUnavailable` once that was tried `most_tries` times, or as the options say if that is
  /// 0.
  http::ClientResponse ask(const std::string& method, const std::string& path,
                           const std::string& body = {}, int most_tries = 0);
  /// The same; whatever is no success throws `TargetUnavailable` with the cluster's words, 404 not
  /// if `may_be_missing`.
  http::ClientResponse require(const std::string& method, const std::string& path,
                               const std::string& body = {}, bool may_be_missing = false);
  /// Does all of `actions`, in pieces as large as the cluster takes; those it had no room for are
  /// sent again, and no others. Outcomes are in the order of the actions. Throws: as `ask`.
  std::vector<BulkOutcome> bulk(const std::string& path, std::span<const BulkAction> actions);

  /// Counters.
  ClusterStatistics statistics() const;

 private:
  http::ClientResponse send(const http::ClientRequest& request, int most_tries);
  std::vector<std::size_t> bulk_once(const std::string& path, std::span<const BulkAction> actions,
                                     std::span<const std::size_t> which,
                                     std::vector<BulkOutcome>& outcomes);
  void pause(int tries, const http::ClientResponse* answer);
  void note_pushback();
  void note_room();

  const ClusterOptions options_;
  http::Client client_;
  mutable std::mutex mutex_;
  ClusterStatistics statistics_;  // Guarded by mutex_.
};

}  // namespace hornbeam::denorm
