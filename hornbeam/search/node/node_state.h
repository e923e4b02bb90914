#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/search/node/node.h"

namespace hornbeam::search {

/// What a node keeps beside its indices.
struct NodeState {
  std::string uuid;
  std::vector<NodeIndex> indices;  ///< Without their `index`.
  Templates templates;
  Settings settings;
};

/// The same of a node that runs.
struct NodeView {
  const Node::Indices& indices;
  const Templates& templates;
  const Settings& settings;
};

/// What was written last, or that of a new node. Throws CorruptIndex.
NodeState read_state(const std::filesystem::path& folder);
/// Replaces it in one step.
void write_state(const std::filesystem::path& folder, const std::string& uuid,
                 const NodeView& node);

/// Twenty-two characters that no other call gives.
std::string new_uuid();
/// Adds what every index has: its name, its number of shards and so on.
void complete_settings(NodeIndex& index);
NodeError no_such_index(std::string_view name);

}  // namespace hornbeam::search
