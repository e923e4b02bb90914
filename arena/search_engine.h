#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hornbeam/data.h"
#include "hornbeam/denorm.h"
#include "hornbeam/documentation.h"
#include "hornbeam/site.h"

namespace arena {

/// Where the indices of searches are.
struct SearchOptions {
  /// A cluster of OpenSearch or Elasticsearch: "https://user:password@search.example:9200". Empty:
  /// the engine of this process.
  std::string url;
  /// Before the names of a cluster's indices, for those who share one.
  std::string prefix;
  /// Certificates that a cluster is trusted by, as PEM; empty: those that the system trusts.
  std::string certificates;
  /// Of the engine of this process. Empty, without a `url`: there are no searches.
  std::string folder;
  /// Whether the indices are kept as the database is: not by commands, which come and go.
  bool follows = true;
  /// An index that is farther behind is an alarm.
  std::chrono::seconds longest_lag{30};

  /// Whether there are searches at all.
  bool is_on() const { return !url.empty() || !folder.empty(); }
};

/// Everything that is searched: what the tables are followed for.
std::vector<hornbeam::denorm::DocumentType> document_types();

/// The indices, in this process or in a cluster, and the threads that keep them as the database is.
class SearchEngine {
 public:
  /// Opens the indices, or begins them, and follows. A cluster may be away: it is waited for.
  /// Throws std::system_error if another process has the folder open, web::ConfigError for a URL
  /// that is none. Lifetime: `database` outlives it.
  SearchEngine(hornbeam::data::Database& database, const SearchOptions& options);

  /// Where documents go.
  hornbeam::denorm::Target& target() noexcept { return *target_; }
  /// What the console asks.
  const std::shared_ptr<hornbeam::site::RestIndex>& rest() const noexcept { return rest_; }
  /// Which of several indices of the same tables this one is; empty where processes share one.
  std::string replica() const { return node_ ? node_->uuid() : std::string(); }
  /// Sections of the documentation.
  hornbeam::denorm::Finder& sections() noexcept { return sections_.finder; }
  /// Debian's packages.
  hornbeam::denorm::Finder& packages() noexcept { return packages_.finder; }
  /// Finished games.
  hornbeam::denorm::Finder& games() noexcept { return games_.finder; }

 private:
  struct Followed {
    Followed(SearchEngine& engine, hornbeam::data::Database& database,
             const hornbeam::denorm::DocumentType& type, bool follows,
             hornbeam::denorm::StaleHits stale = hornbeam::denorm::StaleHits::kDrop);
    hornbeam::denorm::Finder finder;
    hornbeam::denorm::Indexer indexer;
  };

  std::unique_ptr<hornbeam::search::Node> node_;  ///< Null where a cluster has the indices.
  std::unique_ptr<hornbeam::denorm::Target> target_;
  std::shared_ptr<hornbeam::site::RestIndex> rest_;
  Followed sections_;
  Followed packages_;
  Followed games_;
};

/// Opens them; null, with a warning in the log, where another process has the folder open: then
/// this one serves everything but searches. Null too if they are off.
std::unique_ptr<SearchEngine> open_search(hornbeam::data::Database& database,
                                          const SearchOptions& options);

}  // namespace arena
