#include "arena/search_engine.h"

#include <stdexcept>
#include <system_error>

#include "arena/games/game_document.h"
#include "arena/packages/package.h"
#include "hornbeam/web.h"

namespace arena {

namespace denorm = hornbeam::denorm;
namespace search = hornbeam::search;
namespace site = hornbeam::site;
namespace web = hornbeam::web;

namespace {

std::unique_ptr<search::Node> open_node(const SearchOptions& options) {
  return options.url.empty() ? std::make_unique<search::Node>(options.folder) : nullptr;
}

/// Whatever speaks to the cluster, which is made of a URL and certificates.
template <class Client, class Options>
auto open_client(const SearchOptions& search, Options options) {
  try {
    return std::make_unique<Client>(search.url, std::move(options));
  } catch (const std::invalid_argument& error) {
    throw web::ConfigError(std::string("the configuration keys 'search.url' and "
                                       "'search.certificates': ") +
                           error.what());
  }
}

std::unique_ptr<denorm::Target> open_target(search::Node* node, const SearchOptions& options) {
  if (node != nullptr) return std::make_unique<denorm::EmbeddedTarget>(*node);
  denorm::OpenSearchOptions cluster;
  cluster.prefix = options.prefix;
  cluster.cluster.client.trusted_file = options.certificates;
  return open_client<denorm::OpenSearchTarget>(options, std::move(cluster));
}

std::shared_ptr<site::RestIndex> open_rest(search::Node* node, const SearchOptions& options) {
  if (node != nullptr) return site::rest_index(*node);
  return open_client<site::RemoteIndex>(
      options, site::RemoteIndexOptions{.trusted_file = options.certificates});
}

denorm::IndexerOptions of_replica(std::string replica) {
  denorm::IndexerOptions options;
  options.writer.replica = std::move(replica);
  return options;
}

}  // namespace

std::vector<denorm::DocumentType> document_types() {
  return {site::sections_type(), packages::package_documents(), games::game_documents()};
}

SearchEngine::Followed::Followed(SearchEngine& engine, hornbeam::data::Database& database,
                                 const denorm::DocumentType& type, bool follows,
                                 denorm::StaleHits stale)
    : finder(database, engine.target(), type, {.stale = stale}),
      indexer(database, engine.target(), type, of_replica(engine.replica())) {
  if (follows) indexer.start();
}

SearchEngine::SearchEngine(hornbeam::data::Database& database, const SearchOptions& options)
    : node_(open_node(options)),
      target_(open_target(node_.get(), options)),
      rest_(open_rest(node_.get(), options)),
      sections_(*this, database, site::sections_type(), options.follows),
      packages_(*this, database, packages::package_documents(), options.follows),
      // A game whose player has another name now is still that game.
      games_(*this, database, games::game_documents(), options.follows, denorm::StaleHits::kShow) {}

std::unique_ptr<SearchEngine> open_search(hornbeam::data::Database& database,
                                          const SearchOptions& options) {
  if (!options.is_on()) return nullptr;
  try {
    return std::make_unique<SearchEngine>(database, options);
  } catch (const std::system_error& error) {
    hornbeam::base::log_warning(
        "searches are off: the folder of indices cannot be opened. Mend: "
        "end the process that has it, give this one its own search.folder, or a cluster for all "
        "by search.url",
        {{"folder", options.folder}, {"reason", error.what()}});
    return nullptr;
  }
}

}  // namespace arena
