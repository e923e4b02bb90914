#pragma once

// Many indices under names, as one Elasticsearch node has them: created with settings and mappings,
// or by the first document; reached by name, by alias and by pattern.
//
//   search::Node node("var/search");
//   node.create("books", {.mappings = R"({"properties": {"title": {"type": "text"}}})"});
//   for (const auto& found : node.resolve("bo*")) found.index->index->refresh();
//
// What it knows of an index is a value that never changes; a change makes a new one. Whoever holds
// one may go on with it, even if the index is deleted meanwhile.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "hornbeam/search/index.h"
#include "hornbeam/search/node/create_index.h"
#include "hornbeam/search/node/index_expression.h"
#include "hornbeam/search/node/node_error.h"
#include "hornbeam/search/node/settings.h"
#include "hornbeam/search/node/templates.h"

namespace hornbeam::search {

/// What was asked of an index since it was opened.
struct OperationCounts {
  std::atomic<std::uint64_t> writes = 0;
  std::atomic<std::uint64_t> deletes = 0;
  std::atomic<std::uint64_t> gets = 0;
  std::atomic<std::uint64_t> searches = 0;
  std::atomic<std::uint64_t> refreshes = 0;
  std::atomic<std::uint64_t> flushes = 0;
  std::atomic<std::uint64_t> merges = 0;
};

/// One index of a node.
struct NodeIndex {
  std::string name;
  std::string uuid;
  std::int64_t created_at = 0;  ///< Milliseconds since 1970.
  Settings settings{};
  std::map<std::string, Alias, std::less<>> aliases{};
  bool is_open = true;
  std::shared_ptr<Index> index;
  std::shared_ptr<OperationCounts> counts{};

  bool is_hidden() const { return settings.flag("index.hidden", false); }
};

/// An index that a request goes to, and the filters of the aliases by which it was named.
struct ResolvedIndex {
  std::shared_ptr<const NodeIndex> index;
  std::vector<std::string> filters{};  ///< Any of them; empty: everything.
};

/// Thread: any.
class Node {
 public:
  using Indices = std::map<std::string, std::shared_ptr<const NodeIndex>, std::less<>>;

  /// Opens what the folder has. Refreshes and commits in the background.
  explicit Node(std::filesystem::path folder);
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  /// Commits every index.
  ~Node();

  /// All of them, as of now.
  std::shared_ptr<const Indices> indices() const;
  /// The index of that name, or the one that an alias of that name writes to; null if none.
  std::shared_ptr<const NodeIndex> find(std::string_view name) const;
  /// Those that an expression such as "a,b*,-c" names, in the order of their names. Throws
  /// NodeError: "index_not_found_exception", "index_closed_exception".
  std::vector<ResolvedIndex> resolve(std::string_view expression,
                                     const IndexOptionsOfRequest& options = {}) const;

  /// Throws NodeError: "resource_already_exists_exception", "invalid_index_name_exception", and
  /// what mappings and settings are refused with.
  std::shared_ptr<const NodeIndex> create(const std::string& name, const CreateIndex& create);
  /// The index a document goes to: by name or alias, created if there is none.
  std::shared_ptr<const NodeIndex> find_or_create(const std::string& name);
  void remove(const std::string& name);
  /// Changes what is known of indices, all or nothing: `change` may throw.
  void change(const std::function<void(Indices&)>& change);
  /// As `change`, for one index.
  void change(const std::string& name, const std::function<void(NodeIndex&)>& change);

  /// All of them, as of now.
  Templates templates() const;
  /// Changes them, all or nothing: `change` may throw.
  void change_templates(const std::function<void(Templates&)>& change);

  /// Settings of the whole, such as "search.max_buckets": those that are kept ...
  Settings persistent_settings() const;
  /// ... and those that have the last word until the node ends.
  Settings transient_settings() const;
  /// The text of a setting of the whole; none if it is not set.
  std::optional<std::string> find_setting(std::string_view name) const;
  /// Changes both.
  void merge_settings(const Settings& persistent, const Settings& transient);

  const std::string& uuid() const noexcept { return uuid_; }

 private:
  void remove_folders_of_missing(const Indices& old) const;
  std::shared_ptr<const NodeIndex> open_index(NodeIndex described) const;
  CreateIndex with_templates(const std::string& name, const CreateIndex& create) const;
  void maintain(const std::stop_token& stop);
  void maintain_one(const NodeIndex& index, bool refreshes, bool commits) const;

  const std::filesystem::path folder_;
  std::string uuid_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Indices> indices_;
  Templates templates_;
  Settings persistent_;
  Settings transient_;
  std::mutex change_mutex_;  ///< Held over a whole change.
  std::jthread maintainer_;  ///< Last: it ends before what it uses.
};

}  // namespace hornbeam::search
