#include "hornbeam/site/search_api/handlers.h"

namespace hornbeam::site::search_handlers {

RestResponse info(SearchApi& api, RestCall&) {
  const bool says_elasticsearch = api.options().says_elasticsearch;
  base::JsonWriter out;
  out.begin_object().member("name", "hornbeam").member("cluster_name", "hornbeam");
  out.member("cluster_uuid", api.node().uuid()).key("version").begin_object();
  if (says_elasticsearch) {
    out.member("number", "8.19.0").member("build_flavor", "default");
  } else {
    out.member("distribution", "opensearch").member("number", "3.4.0");
  }
  out.member("build_type", "hornbeam").member("build_hash", "unknown");
  out.member("build_date", "2026-01-01T00:00:00Z").member("build_snapshot", false);
  out.member("lucene_version", says_elasticsearch ? "9.12.0" : "10.3.2");
  out.member("minimum_wire_compatibility_version", says_elasticsearch ? "7.17.0" : "2.19.0");
  out.member("minimum_index_compatibility_version", says_elasticsearch ? "7.0.0" : "2.0.0");
  out.end_object();
  out.member("tagline", says_elasticsearch ? "You Know, for Search"
                                           : "The OpenSearch Project: https://opensearch.org/");
  out.end_object();
  return answer(out);
}

}  // namespace hornbeam::site::search_handlers
