#include <algorithm>
#include <ranges>

#include <fmt/format.h>

#include "hornbeam/search/node/node.h"
#include "hornbeam/search/node/node_state.h"

namespace hornbeam::search {
namespace {

/// Collects what the parts of an expression name.
class Resolver {
 public:
  Resolver(const Node::Indices& indices, const IndexOptionsOfRequest& options)
      : indices_(indices), options_(options) {}

  void add(std::string_view part) {
    if (is_all(part)) {
      add_pattern("*");
    } else if (part.contains('*')) {
      add_pattern(part);
    } else {
      add_name(part);
    }
  }

  void exclude(std::string_view pattern) {
    std::erase_if(found_, [&](const auto& one) { return matches_pattern(pattern, one.first); });
  }

  std::vector<ResolvedIndex> take() {
    std::vector<ResolvedIndex> all;
    for (auto& [name, found] : found_) {
      if (found.is_whole) found.resolved.filters.clear();
      all.push_back(std::move(found.resolved));
    }
    return all;
  }

 private:
  struct Found {
    ResolvedIndex resolved;
    bool is_whole = false;  ///< Named without a filter at least once.
  };

  void take(const std::shared_ptr<const NodeIndex>& index, const Alias* alias) {
    Found& found = found_[index->name];
    found.resolved.index = index;
    if (alias && !alias->filter.empty()) {
      found.resolved.filters.push_back(alias->filter);
    } else {
      found.is_whole = true;
    }
  }

  void add_pattern(std::string_view pattern) {
    bool is_any = false;
    for (const auto& index : indices_ | std::views::values) {
      if (index->is_open ? !options_.expands_open : !options_.expands_closed) continue;
      const bool shows = options_.expands_hidden || !index->is_hidden() ||
                         (pattern.starts_with('.') && index->name.starts_with('.'));
      if (matches_pattern(pattern, index->name)) {
        if (shows && admits(*index)) take(index, nullptr), is_any = true;
        continue;
      }
      for (const auto& [name, alias] : index->aliases) {
        if (!matches_pattern(pattern, name)) continue;
        if (alias.is_hidden.value_or(false) && !options_.expands_hidden) continue;
        if (!admits(*index)) continue;
        take(index, &alias);
        is_any = true;
      }
    }
    if (!is_any && !options_.allows_none) throw no_such_index(pattern);
  }

  void add_name(std::string_view name) {
    bool is_any = false;
    if (const auto index = indices_.find(name); index != indices_.end()) {
      is_any = true;
      if (admits(*index->second)) take(index->second, nullptr);
    }
    for (const auto& index : indices_ | std::views::values) {
      const auto alias = index->aliases.find(name);
      if (alias == index->aliases.end()) continue;
      is_any = true;
      if (admits(*index)) take(index, &alias->second);
    }
    if (!is_any && !options_.ignores_unavailable) throw no_such_index(name);
  }

  bool admits(const NodeIndex& index) const {
    if (index.is_open || !options_.forbids_closed) return true;
    if (options_.ignores_unavailable) return false;
    throw NodeError("index_closed_exception", "closed", index.name);
  }

  const Node::Indices& indices_;
  const IndexOptionsOfRequest& options_;
  std::map<std::string, Found, std::less<>> found_;
};

}  // namespace

std::vector<std::string> split_names(std::string_view list) {
  std::vector<std::string> parts;
  for (const auto part : list | std::views::split(',')) {
    std::string name(part.begin(), part.end());
    name.erase(0, name.find_first_not_of(' '));
    name.erase(name.find_last_not_of(' ') + 1);
    if (!name.empty()) parts.push_back(std::move(name));
  }
  return parts;
}

bool is_all(std::string_view expression) noexcept {
  return expression.empty() || expression == "_all" || expression == "*";
}

std::vector<ResolvedIndex> Node::resolve(std::string_view expression,
                                         const IndexOptionsOfRequest& options) const {
  const std::shared_ptr<const Indices> all = indices();
  Resolver resolver(*all, options);
  const std::vector<std::string> parts = split_names(expression);
  if (parts.empty()) resolver.add("_all");
  // As theirs, a part that begins with "-" takes away only behind a wildcard.
  bool has_wildcard = false;
  for (const std::string& part : parts) {
    if (part.starts_with('-') && has_wildcard) {
      resolver.exclude(std::string_view(part).substr(1));
    } else {
      resolver.add(part);
      has_wildcard = has_wildcard || part.contains('*') || part == "_all";
    }
  }
  std::vector<ResolvedIndex> found = resolver.take();
  if (found.empty() && !options.allows_none) throw no_such_index(expression);
  return found;
}

std::shared_ptr<const NodeIndex> Node::find(std::string_view name) const {
  const std::shared_ptr<const Indices> all = indices();
  if (const auto found = all->find(name); found != all->end()) return found->second;
  std::vector<std::shared_ptr<const NodeIndex>> candidates;
  std::shared_ptr<const NodeIndex> writer;
  for (const auto& index : *all | std::views::values) {
    const auto alias = index->aliases.find(name);
    if (alias == index->aliases.end()) continue;
    candidates.push_back(index);
    if (alias->second.is_write_index.value_or(false)) writer = index;
  }
  if (writer) return writer;
  if (candidates.size() == 1 && candidates[0]->aliases.find(name)->second.is_write_index != false) {
    return candidates[0];
  }
  if (candidates.empty()) return nullptr;
  throw NodeError("illegal_argument_exception",
                  fmt::format("no write index is defined for alias [{}]. The write index may be "
                              "explicitly disabled using is_write_index=false or the alias points "
                              "to multiple indices without one being designated as a write index",
                              name));
}

std::shared_ptr<const NodeIndex> Node::find_or_create(const std::string& name) {
  if (auto found = find(name)) return found;
  try {
    return create(name, {});
  } catch (const NodeError& error) {
    // Another thread may have created it in between.
    if (error.type() != "resource_already_exists_exception") throw;
    if (auto found = find(name)) return found;
    throw;
  }
}

}  // namespace hornbeam::search
