#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hornbeam/search/node/node.h"
#include "hornbeam/search/source/json_paths.h"
#include "hornbeam/site/search_api/rest.h"

// What single writes and those of a bulk share.
namespace hornbeam::site {

/// One write, as a request or an item of a bulk asks for it.
struct WriteRequest {
  std::string index;
  std::optional<std::string> id{};
  std::optional<std::string> routing{};
  std::optional<std::int64_t> version{};
  std::string version_type = "internal";
  std::optional<std::int64_t> if_seq_no{};
  std::optional<std::int64_t> if_primary_term{};
  bool creates = false;
  bool requires_alias = false;
  std::string pipeline{};
};

/// What a write is answered with.
struct WriteAnswer {
  std::string index;
  std::string id;
  search::WriteOutcome outcome{};
  std::string_view result;  ///< "created", "updated", "deleted", "not_found" or "noop".
  std::size_t copies = 1;
  std::string got{};  ///< The document then, as JSON, if an update asks for it.
};

/// Adds or replaces a document. Throws NodeError.
WriteAnswer write_document(search::Node& node, const WriteRequest& request, std::string_view json);
/// Deletes one. Throws NodeError.
WriteAnswer delete_one(search::Node& node, const WriteRequest& request);
/// Changes one as the body of `_update` says. Throws NodeError.
WriteAnswer update_one(search::Node& node, const WriteRequest& request, base::JsonView body,
                       const search::SourceFilter* shown);

/// Writes the members of an answer, without the braces.
void write_answer(base::JsonWriter& out, const WriteAnswer& answer, bool is_refreshed);
int status_of(const WriteAnswer& answer) noexcept;

/// The routing of a document that is named by `name`, an alias of the index maybe, which may fix
/// it. Throws NodeError.
std::optional<std::string> routing_through(const search::NodeIndex& index, const std::string& name,
                                           const std::optional<std::string>& routing);
/// The document of an id, as it is now or as of the last refresh, if the routing leads to it.
std::optional<search::Document> read_document(const search::NodeIndex& index,
                                              const std::string& name, const std::string& id,
                                              const std::optional<std::string>& routing,
                                              bool is_realtime);
/// The index that reads of a document go to. Throws NodeError.
std::shared_ptr<const search::NodeIndex> index_to_read(search::Node& node, const std::string& name);

/// `_source`, `_source_includes` and `_source_excludes`; none if the source is not shown.
std::optional<search::SourceFilter> source_filter(const RestCall& call);
/// The same as a body has it: true, false, a pattern, several, or an object.
std::optional<search::SourceFilter> source_filter(base::JsonView json);

}  // namespace hornbeam::site
