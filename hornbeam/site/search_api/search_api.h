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
#include "hornbeam/site/search_api/rest_index.h"
#include "hornbeam/site/search_api/scrolls.h"
#include "hornbeam/site/search_api/tasks.h"
#include "hornbeam/web/routes.h"

namespace hornbeam::site {

/// How the API presents itself.
struct SearchApiOptions {
  /// Whether it says that it is Elasticsearch, in `GET /` and in the field that its clients since
  /// 7.14 look for in every answer. Those of OpenSearch refuse a server that says so.
  bool says_elasticsearch = false;
};

/// What a request does to what is stored.
enum class RestEffect : std::uint8_t {
  kReads,    ///< Nothing: one of a list of requests that only look.
  kChanges,  ///< Anything else that there is.
  kNothing,  ///< There is no such request: its answer is an error.
};

/// What answers. Thread: any.
class SearchApi final : public RestIndex {
 public:
  explicit SearchApi(search::Node& node, SearchApiOptions options = {})
      : node_(node), options_(options) {}

  /// Never throws: what goes wrong is in the answer.
  RestResponse handle(const RestRequest& request) override;
  bool is_known_whole() const noexcept override { return true; }

  /// What `handle` would do, found out without doing it. A search that leaves a scroll open changes
  /// something: whoever may only read holds no memory here.
  static RestEffect effect_of(const RestRequest& request);

  search::Node& node() noexcept { return node_; }
  Scrolls& scrolls() noexcept { return scrolls_; }
  Tasks& tasks() noexcept { return tasks_; }
  /// What stands for this node in ids of tasks and in lists of nodes.
  const std::string& node_id() const noexcept { return node_.uuid(); }
  const SearchApiOptions& options() const noexcept { return options_; }

 private:
  RestResponse find_answer(const RestRequest& request);

  search::Node& node_;
  const SearchApiOptions options_;
  Scrolls scrolls_;
  Tasks tasks_;  ///< Last: they use the rest.
};

/// The API as a blueprint. Requests are answered on threads of `pool`, so that a loop waits for
/// none. Lifetime: `node` and `pool` outlive the application.
web::Blueprint search_api(search::Node& node, base::ThreadPool& pool,
                          SearchApiOptions options = {});

}  // namespace hornbeam::site
