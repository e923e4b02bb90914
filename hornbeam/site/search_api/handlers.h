#pragma once

#include "hornbeam/site/search_api/search_api.h"

// The handlers of the search API, by family. Each throws NodeError for what cannot go on.
namespace hornbeam::site::search_handlers {

using Handler = RestResponse (*)(SearchApi&, RestCall&);

/// A request's method and path, in which {name} stands for one segment, and what answers it.
struct RestRoute {
  std::string_view methods;  ///< "GET POST".
  std::string_view path;
  Handler handler;
};

/// All of them.
const std::vector<RestRoute>& routes();

/// Whether `handler` is on the list of those that change nothing. Whatever is new is not, until it
/// is written there.
bool only_reads(Handler handler);

RestResponse info(SearchApi& api, RestCall& call);
RestResponse health(SearchApi& api, RestCall& call);

RestResponse index_document(SearchApi& api, RestCall& call);
RestResponse create_document(SearchApi& api, RestCall& call);
RestResponse get_document(SearchApi& api, RestCall& call);
RestResponse get_source(SearchApi& api, RestCall& call);
RestResponse delete_document(SearchApi& api, RestCall& call);
RestResponse update_document(SearchApi& api, RestCall& call);
RestResponse multi_get(SearchApi& api, RestCall& call);
RestResponse bulk(SearchApi& api, RestCall& call);

RestResponse search(SearchApi& api, RestCall& call);
RestResponse multi_search(SearchApi& api, RestCall& call);
RestResponse count(SearchApi& api, RestCall& call);
RestResponse scroll(SearchApi& api, RestCall& call);
RestResponse clear_scroll(SearchApi& api, RestCall& call);
RestResponse explain(SearchApi& api, RestCall& call);
RestResponse term_vectors(SearchApi& api, RestCall& call);
RestResponse multi_term_vectors(SearchApi& api, RestCall& call);
RestResponse validate_query(SearchApi& api, RestCall& call);

RestResponse delete_by_query(SearchApi& api, RestCall& call);
RestResponse update_by_query(SearchApi& api, RestCall& call);
RestResponse reindex(SearchApi& api, RestCall& call);
RestResponse get_task(SearchApi& api, RestCall& call);
RestResponse list_tasks(SearchApi& api, RestCall& call);
RestResponse cancel_task(SearchApi& api, RestCall& call);

RestResponse create_index(SearchApi& api, RestCall& call);
RestResponse delete_index(SearchApi& api, RestCall& call);
RestResponse index_exists(SearchApi& api, RestCall& call);
RestResponse get_index(SearchApi& api, RestCall& call);
RestResponse refresh(SearchApi& api, RestCall& call);
RestResponse flush(SearchApi& api, RestCall& call);
RestResponse force_merge(SearchApi& api, RestCall& call);
RestResponse open_index(SearchApi& api, RestCall& call);
RestResponse close_index(SearchApi& api, RestCall& call);
RestResponse add_block(SearchApi& api, RestCall& call);
RestResponse resolve_index(SearchApi& api, RestCall& call);
RestResponse analyze(SearchApi& api, RestCall& call);

RestResponse put_mapping(SearchApi& api, RestCall& call);
RestResponse get_mapping(SearchApi& api, RestCall& call);
RestResponse get_field_mapping(SearchApi& api, RestCall& call);
RestResponse field_capabilities(SearchApi& api, RestCall& call);
RestResponse put_settings(SearchApi& api, RestCall& call);
RestResponse get_settings(SearchApi& api, RestCall& call);

RestResponse put_alias(SearchApi& api, RestCall& call);
RestResponse get_alias(SearchApi& api, RestCall& call);
RestResponse alias_exists(SearchApi& api, RestCall& call);
RestResponse delete_alias(SearchApi& api, RestCall& call);
RestResponse update_aliases(SearchApi& api, RestCall& call);
RestResponse put_template(SearchApi& api, RestCall& call);
RestResponse delete_template(SearchApi& api, RestCall& call);

RestResponse put_cluster_settings(SearchApi& api, RestCall& call);
RestResponse get_cluster_settings(SearchApi& api, RestCall& call);
RestResponse cluster_state(SearchApi& api, RestCall& call);
RestResponse cluster_stats(SearchApi& api, RestCall& call);
RestResponse nodes_info(SearchApi& api, RestCall& call);
RestResponse index_stats(SearchApi& api, RestCall& call);
RestResponse index_segments(SearchApi& api, RestCall& call);
RestResponse get_template(SearchApi& api, RestCall& call);
RestResponse template_exists(SearchApi& api, RestCall& call);
RestResponse put_index_template(SearchApi& api, RestCall& call);
RestResponse get_index_template(SearchApi& api, RestCall& call);
RestResponse index_template_exists(SearchApi& api, RestCall& call);
RestResponse delete_index_template(SearchApi& api, RestCall& call);
RestResponse put_component_template(SearchApi& api, RestCall& call);
RestResponse get_component_template(SearchApi& api, RestCall& call);
RestResponse component_template_exists(SearchApi& api, RestCall& call);
RestResponse delete_component_template(SearchApi& api, RestCall& call);
RestResponse cat_health(SearchApi& api, RestCall& call);
RestResponse cat_nodes(SearchApi& api, RestCall& call);
RestResponse cat_cluster_manager(SearchApi& api, RestCall& call);
RestResponse cat_shards(SearchApi& api, RestCall& call);
RestResponse cat_segments(SearchApi& api, RestCall& call);
RestResponse cat_templates(SearchApi& api, RestCall& call);
RestResponse cat_tasks(SearchApi& api, RestCall& call);
RestResponse cat_list(SearchApi& api, RestCall& call);
RestResponse cat_indices(SearchApi& api, RestCall& call);
RestResponse cat_aliases(SearchApi& api, RestCall& call);
RestResponse cat_count(SearchApi& api, RestCall& call);

}  // namespace hornbeam::site::search_handlers
