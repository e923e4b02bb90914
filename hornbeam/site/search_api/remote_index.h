#pragma once

// RemoteIndex: hands requests on to a cluster of OpenSearch or Elasticsearch, for the console and
// the dashboards.
//
//   auto cluster =
//   std::make_shared<site::RemoteIndex>("https://reader:secret@search.example:9200");
//   app.mount("/console", site::search_console(cluster, pool));
//
// Whoever may read here reads what the user of the URL may: give it one who sees no more than its
// own indices.

#include <memory>
#include <string>
#include <string_view>

#include "hornbeam/site/search_api/rest_index.h"

namespace hornbeam::http {
class Client;
}  // namespace hornbeam::http

namespace hornbeam::site {

/// How a cluster is asked.
struct RemoteIndexOptions {
  /// Certificates that are trusted, as PEM; empty: those that the system trusts.
  std::string trusted_file{};
};

/// Thread: any that may wait.
class RemoteIndex final : public RestIndex {
 public:
  /// `url` as `http::Client` takes it. Connects when it is first asked. Throws:
  /// std::invalid_argument.
  explicit RemoteIndex(std::string_view url, const RemoteIndexOptions& options = {});
  ~RemoteIndex() override;

  /// What the cluster answers; 502 with an error of the same shape where it does not, and 400 for a
  /// path that a proxy might read otherwise than we do.
  RestResponse handle(const RestRequest& request) override;
  bool is_known_whole() const noexcept override { return false; }

 private:
  std::unique_ptr<http::Client> client_;
};

}  // namespace hornbeam::site
