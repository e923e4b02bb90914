#pragma once

#include <memory>

#include "hornbeam/site/search_api/rest.h"

namespace hornbeam::site {

/// What answers requests of the REST API: the engine of this process (`SearchApi`), or a cluster
/// (`RemoteIndex`). Thread: any that may wait.
class RestIndex {
 public:
  RestIndex() = default;
  RestIndex(const RestIndex&) = delete;
  RestIndex& operator=(const RestIndex&) = delete;
  virtual ~RestIndex() = default;

  /// Never throws: what goes wrong is in the answer. Blocks.
  virtual RestResponse handle(const RestRequest& request) = 0;
  /// Whether it answers no other requests than `SearchApi::effect_of` knows: then one that this
  /// does not know is an error and no more. A cluster may have what we have never heard of.
  virtual bool is_known_whole() const noexcept = 0;
};

/// A node of this process. Lifetime: `node` outlives it.
std::shared_ptr<RestIndex> rest_index(search::Node& node);

}  // namespace hornbeam::site
