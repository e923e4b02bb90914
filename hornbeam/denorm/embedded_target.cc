#include "hornbeam/denorm/embedded_target.h"

#include <fmt/format.h>
#include <xxhash.h>

#include "hornbeam/search/node/node.h"
#include "hornbeam/search/query/execute_search.h"

namespace hornbeam::denorm {

namespace {

constexpr std::string_view kStale = "version_conflict_engine_exception";
constexpr std::size_t kIdsAtOnce = 1'000;

}  // namespace

std::string hash_of(std::string_view json) {
  const XXH128_hash_t hash = XXH3_128bits(json.data(), json.size());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

std::shared_ptr<search::Index> EmbeddedTarget::find(const std::string& index) const {
  const auto found = node_.find(index);
  if (!found || !found->index) {
    throw TargetUnavailable(fmt::format("there is no index {} here, or it is closed", index));
  }
  return found->index;
}

void EmbeddedTarget::require_token(const std::string& index, std::int64_t token) {
  const std::lock_guard lock(mutex_);
  std::int64_t& greatest = tokens_[index];
  if (token < greatest) {
    throw FencedOut(
        fmt::format("the index {} was written to under the lease {}, which is newer "
                    "than {}",
                    index, greatest, token));
  }
  greatest = token;
}

std::vector<std::string> EmbeddedTarget::indices() {
  std::vector<std::string> names;
  for (const auto& [name, index] : *node_.indices()) names.push_back(name);
  return names;
}

void EmbeddedTarget::create(const std::string& index, const std::string& mapping) {
  if (node_.indices()->contains(index)) return;
  node_.create(index, {.mappings = mapping});
}

void EmbeddedTarget::remove(const std::string& index) {
  if (node_.indices()->contains(index)) node_.remove(index);
  const std::lock_guard lock(mutex_);
  tokens_.erase(index);  // One made later under this name begins with leases of its own.
}

std::optional<std::string> EmbeddedTarget::find_alias(const std::string& alias) {
  for (const auto& [name, index] : *node_.indices()) {
    if (index->aliases.contains(alias)) return name;
  }
  return std::nullopt;
}

void EmbeddedTarget::point(const std::string& alias, const std::string& index) {
  node_.change([&](search::Node::Indices& indices) {
    for (auto& [name, each] : indices) {
      if (each->aliases.contains(alias) == (name == index)) continue;
      search::NodeIndex changed = *each;
      if (name == index) {
        changed.aliases[alias] = {};
      } else {
        changed.aliases.erase(alias);
      }
      each = std::make_shared<const search::NodeIndex>(std::move(changed));
    }
  });
}

std::vector<Refusal> EmbeddedTarget::apply(const std::string& index, const Writes& writes) {
  require_token(index, writes.token);
  const auto target = find(index);
  const search::WriteCondition condition{.external_version = writes.version, .or_equal = true};
  std::vector<Refusal> refusals;
  for (const Rendered& each : writes.puts) {
    const auto outcome = target->put(each.id, each.json, condition);
    if (!outcome && outcome.error().code != kStale) {
      refusals.push_back({each.id, outcome.error().message});
    }
  }
  for (const std::string& id : writes.removals) {
    const auto outcome = target->remove(id, condition);
    if (!outcome && outcome.error().code != kStale) {
      refusals.push_back({id, outcome.error().message});
    }
  }
  target->refresh();
  return refusals;
}

void EmbeddedTarget::commit(const std::string& index, const std::string& state,
                            std::int64_t token) {
  require_token(index, token);
  find(index)->commit(state);
}

std::string EmbeddedTarget::state(const std::string& index) {
  return find(index)->user_data();
}

std::vector<std::optional<std::string>> EmbeddedTarget::hashes(const std::string& index,
                                                               std::span<const std::string> ids) {
  const auto target = find(index);
  std::vector<std::optional<std::string>> hashes;
  for (const std::string& id : ids) {
    const auto document = target->get(id);
    hashes.push_back(document ? std::optional(hash_of(document->source)) : std::nullopt);
  }
  return hashes;
}

void EmbeddedTarget::visit_ids(const std::string& index,
                               const std::function<bool(std::span<const std::string>)>& visit) {
  const auto snapshot = find(index)->shard().snapshot();
  std::vector<std::string> ids;
  for (const search::SegmentView& view : snapshot->segments) {
    for (search::DocId doc = 0; doc < view.live->doc_count(); ++doc) {
      if (!view.is_live(doc)) continue;
      ids.emplace_back(view.segment->stored().id(doc));
      if (ids.size() < kIdsAtOnce) continue;
      if (!visit(ids)) return;
      ids.clear();
    }
  }
  if (!ids.empty()) visit(ids);
}

std::uint64_t EmbeddedTarget::count(const std::string& index) {
  return find(index)->document_count();
}

base::Result<search::SearchResult> EmbeddedTarget::search(const std::string& name,
                                                          const search::SearchRequest& request) {
  const auto index = node_.find(name);
  if (!index || !index->index) {
    return base::error("index_not_found_exception", fmt::format("no such index [{}]", name));
  }
  return index->index->search(request);
}

}  // namespace hornbeam::denorm
