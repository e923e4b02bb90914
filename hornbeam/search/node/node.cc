#include "hornbeam/search/node/node.h"

#include <algorithm>
#include <ranges>

#include <fmt/format.h>

#include "hornbeam/base/log.h"
#include "hornbeam/search/node/node_state.h"
#include "hornbeam/search/store/file_directory.h"

namespace hornbeam::search {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr milliseconds kTick{200};
constexpr milliseconds kCommitEvery{5'000};

std::int64_t now_milliseconds() {
  return std::chrono::duration_cast<milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

void check_name(const std::string& name) {
  const auto refuse = [&](std::string_view why) {
    throw NodeError("invalid_index_name_exception",
                    fmt::format("Invalid index name [{}], {}", name, why), name);
  };
  if (name.empty()) refuse("must not be empty");
  if (name.find_first_of("\\/*?\"<>| ,#") != std::string::npos) {
    refuse("must not contain the following characters [ , \", *, \\, <, |, ,, >, /, ?]");
  }
  if (name.contains(':')) refuse("must not contain ':'");
  if (name.starts_with('_') || name.starts_with('-') || name.starts_with('+')) {
    refuse("must not start with '_', '-', or '+'");
  }
  if (name.size() > 255) {
    refuse(fmt::format("index name is too long, ({} > 255)", name.size()));
  }
  if (name == "." || name == "..") refuse("must not be '.' or '..'");
  if (std::ranges::any_of(name, [](char c) { return c >= 'A' && c <= 'Z'; })) {
    refuse("must be lowercase");
  }
}

std::shared_ptr<const AnalyzerRegistry> analyzers_of(const Settings& settings) {
  const auto described = base::JsonDocument::parse(settings.below("index.analysis.").json());
  return std::make_shared<const AnalyzerRegistry>(
      value_or_throw(AnalyzerRegistry::parse(described->root())));
}

/// How long an index may keep what was written from searches; none: until it is asked to refresh.
std::optional<milliseconds> refresh_interval(const Settings& settings) {
  const std::string text = settings.find("index.refresh_interval").value_or("1s");
  if (text.starts_with('-')) return std::nullopt;
  return parse_duration(text).value_or(milliseconds(1'000));
}

}  // namespace

Node::Node(fs::path folder)
    : folder_(std::move(folder)), indices_(std::make_shared<const Indices>()) {
  fs::create_directories(folder_);
  NodeState state = read_state(folder_);
  uuid_ = std::move(state.uuid);
  templates_ = std::move(state.templates);
  persistent_ = std::move(state.settings);
  Indices opened;
  for (NodeIndex& described : state.indices) {
    const std::string name = described.name;
    opened[name] = open_index(std::move(described));
  }
  indices_ = std::make_shared<const Indices>(std::move(opened));
  maintainer_ = std::jthread([this](const std::stop_token& stop) { maintain(stop); });
}

Node::~Node() {
  maintainer_.request_stop();
  maintainer_.join();
  for (const auto& [name, index] : *indices_) index->index->commit_again();
}

std::shared_ptr<const NodeIndex> Node::open_index(NodeIndex described) const {
  IndexOptions options{.analyzers = analyzers_of(described.settings)};
  described.index = value_or_throw(
      Index::open(folder_ / "indices" / described.uuid, std::move(options)), described.name);
  described.counts = std::make_shared<OperationCounts>();
  return std::make_shared<const NodeIndex>(std::move(described));
}

std::shared_ptr<const Node::Indices> Node::indices() const {
  const std::lock_guard lock(mutex_);
  return indices_;
}

void Node::change(const std::function<void(Indices&)>& change) {
  const std::lock_guard whole(change_mutex_);
  Indices changed = *indices();
  change(changed);
  write_state(folder_, uuid_, {changed, templates(), persistent_settings()});
  std::shared_ptr<const Indices> old = std::make_shared<const Indices>(std::move(changed));
  {
    const std::lock_guard lock(mutex_);
    indices_.swap(old);
  }
  remove_folders_of_missing(*old);
}

void Node::remove_folders_of_missing(const Indices& old) const {
  const std::shared_ptr<const Indices> kept = indices();
  for (const auto& [name, index] : old) {
    const auto found = kept->find(name);
    if (found != kept->end() && found->second->uuid == index->uuid) continue;
    // Whoever still reads it has its files open.
    std::error_code ignored;
    fs::remove_all(folder_ / "indices" / index->uuid, ignored);
  }
}

void Node::change(const std::string& name, const std::function<void(NodeIndex&)>& change_one) {
  change([&](Indices& indices) {
    const auto found = indices.find(name);
    if (found == indices.end()) throw no_such_index(name);
    NodeIndex changed = *found->second;
    change_one(changed);
    found->second = std::make_shared<const NodeIndex>(std::move(changed));
  });
}

CreateIndex Node::with_templates(const std::string& name, const CreateIndex& create) const {
  const Templates templates = this->templates();
  CreateIndex whole;
  for (const IndexTemplate* const one : templates.for_index(name)) {
    whole.settings.merge(one->create.settings);
    for (const auto& [alias, value] : one->create.aliases)
      whole.aliases.insert_or_assign(alias, value);
  }
  whole.settings.merge(create.settings);
  for (const auto& [alias, value] : create.aliases) whole.aliases.insert_or_assign(alias, value);
  return whole;
}

std::shared_ptr<const NodeIndex> Node::create(const std::string& name, const CreateIndex& create) {
  check_name(name);
  CreateIndex whole = with_templates(name, create);
  std::shared_ptr<const NodeIndex> created;
  change([&](Indices& indices) {
    if (const auto found = indices.find(name); found != indices.end()) {
      throw NodeError("resource_already_exists_exception",
                      fmt::format("index [{}/{}] already exists", name, found->second->uuid), name);
    }
    for (const auto& other : indices | std::views::values) {
      if (other->aliases.contains(name)) {
        throw NodeError("invalid_index_name_exception",
                        fmt::format("Invalid index name [{}], already exists as alias", name),
                        name);
      }
    }
    NodeIndex described{.name = name,
                        .uuid = new_uuid(),
                        .created_at = now_milliseconds(),
                        .settings = std::move(whole.settings),
                        .aliases = std::move(whole.aliases)};
    complete_settings(described);
    created = open_index(std::move(described));
    const auto apply = [&](const std::string& mappings) {
      if (!mappings.empty()) value_or_throw(created->index->put_mapping(mappings), name);
    };
    try {
      const Templates templates = this->templates();
      for (const IndexTemplate* const one : templates.for_index(name)) apply(one->create.mappings);
      apply(create.mappings);
    } catch (...) {
      const fs::path folder = folder_ / "indices" / created->uuid;
      created.reset();
      fs::remove_all(folder);
      throw;
    }
    indices[name] = created;
  });
  return created;
}

void Node::remove(const std::string& name) {
  change([&](Indices& indices) {
    if (indices.erase(name) == 0) throw no_such_index(name);
  });
}

Templates Node::templates() const {
  const std::lock_guard lock(mutex_);
  return templates_;
}

void Node::change_templates(const std::function<void(Templates&)>& change) {
  const std::lock_guard whole(change_mutex_);
  Templates changed = templates();
  change(changed);
  write_state(folder_, uuid_, {*indices(), changed, persistent_settings()});
  const std::lock_guard lock(mutex_);
  templates_ = std::move(changed);
}

Settings Node::persistent_settings() const {
  const std::lock_guard lock(mutex_);
  return persistent_;
}

Settings Node::transient_settings() const {
  const std::lock_guard lock(mutex_);
  return transient_;
}

std::optional<std::string> Node::find_setting(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto found = transient_.find(name);
  return found ? found : persistent_.find(name);
}

void Node::merge_settings(const Settings& persistent, const Settings& transient) {
  const std::lock_guard whole(change_mutex_);
  Settings changed = persistent_settings();
  changed.merge(persistent);
  write_state(folder_, uuid_, {*indices(), templates(), changed});
  const std::lock_guard lock(mutex_);
  persistent_ = std::move(changed);
  transient_.merge(transient);
}

void Node::maintain_one(const NodeIndex& index, bool refreshes, bool commits) const {
  try {
    if (refreshes) index.index->refresh();
    if (commits) index.index->commit_again();
  } catch (const std::exception& error) {
    // One that was deleted meanwhile has lost its folder; any other is tried again.
    const std::shared_ptr<const Indices> now = indices();
    const auto found = now->find(index.name);
    if (found == now->end() || found->second->uuid != index.uuid) return;
    base::log_error("an index could not be kept",
                    {{"index", index.name}, {"error", std::string(error.what())}});
  }
}

void Node::maintain(const std::stop_token& stop) {
  using Clock = std::chrono::steady_clock;
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::map<std::string, Clock::time_point> refreshed;
  Clock::time_point committed = Clock::now();
  while (!stop.stop_requested()) {
    std::unique_lock lock(mutex);
    stopped.wait_for(lock, stop, kTick, [] { return false; });
    const Clock::time_point now = Clock::now();
    const bool commits = now - committed >= kCommitEvery;
    if (commits) committed = now;
    for (const auto& index : *indices() | std::views::values) {
      const std::optional<milliseconds> interval = refresh_interval(index->settings);
      Clock::time_point& last = refreshed[index->uuid];
      const bool refreshes = interval && now - last >= *interval;
      if (refreshes) last = now;
      maintain_one(*index, refreshes, commits);
    }
  }
}

}  // namespace hornbeam::search
