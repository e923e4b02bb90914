#pragma once

// OpenSearch's REST API over a node of our own.
//
//   search::Node node("var/search");
//   base::ThreadPool pool(2);
//   app.mount("/search", site::search_api(node, pool));
//
// Clients that speak to OpenSearch or Elasticsearch speak to it: documents, bulk, search, mappings,
// settings, aliases. What is not there is answered as OpenSearch answers an unknown path.

#include "hornbeam/base/thread_pool.h"
#include "hornbeam/search/node/node.h"
#include "hornbeam/site/search_api/rest.h"
#include "hornbeam/site/search_api/scrolls.h"
#include "hornbeam/web/routes.h"

namespace hornbeam::site {

/// What answers. Thread: any.
class SearchApi {
 public:
  explicit SearchApi(search::Node& node) : node_(node) {}

  /// Never throws: what goes wrong is in the answer.
  RestResponse handle(const RestRequest& request);

  search::Node& node() noexcept { return node_; }
  Scrolls& scrolls() noexcept { return scrolls_; }

 private:
  search::Node& node_;
  Scrolls scrolls_;
};

/// The API as a blueprint. Requests are answered on threads of `pool`, so that a loop waits for
/// none. Lifetime: `node` and `pool` outlive the application.
web::Blueprint search_api(search::Node& node, base::ThreadPool& pool);

}  // namespace hornbeam::site
