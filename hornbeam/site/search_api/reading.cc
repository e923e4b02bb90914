#include <algorithm>
#include <array>

#include "hornbeam/site/search_api/handlers.h"

namespace hornbeam::site::search_handlers {

// By handler and not by path: so what is asked about a request is what answers it, however its path
// is written. Scrolls are left out, since each of them holds its hits in memory.
bool only_reads(Handler handler) {
  static constexpr std::array kReads = {
      &info,
      &health,
      &get_document,
      &get_source,
      &multi_get,
      &search,
      &multi_search,
      &count,
      &explain,
      &term_vectors,
      &multi_term_vectors,
      &validate_query,
      &get_task,
      &list_tasks,
      &index_exists,
      &get_index,
      &resolve_index,
      &analyze,
      &get_mapping,
      &get_field_mapping,
      &field_capabilities,
      &get_settings,
      &get_alias,
      &alias_exists,
      &get_template,
      &template_exists,
      &get_index_template,
      &index_template_exists,
      &get_component_template,
      &component_template_exists,
      &index_stats,
      &index_segments,
      &cluster_state,
      &cluster_stats,
      &get_cluster_settings,
      &nodes_info,
      &cat_list,
      &cat_health,
      &cat_nodes,
      &cat_cluster_manager,
      &cat_shards,
      &cat_segments,
      &cat_templates,
      &cat_tasks,
      &cat_indices,
      &cat_aliases,
      &cat_count,
  };
  return std::ranges::find(kReads, handler) != kReads.end();
}

}  // namespace hornbeam::site::search_handlers
