#include "hornbeam/denorm/finder.h"

#include <algorithm>
#include <set>

#include "hornbeam/base/json_view.h"
#include "hornbeam/feed/change_log.h"

namespace hornbeam::denorm {

namespace {

/// Those remembered for being wrong, at most; more are found again.
constexpr std::size_t kMostSuspects = 1'024;

/// Whether two texts are the same document: a cluster may write its JSON in its own way.
bool is_same(const std::string& rendered, const std::string& found) {
  if (rendered == found) return true;
  const auto left = base::JsonDocument::parse(rendered);
  const auto right = base::JsonDocument::parse(found);
  return left && right && left->root().text() == right->root().text();
}

}  // namespace

Finder::Finder(data::Database& database, Target& target, DocumentType type, FinderOptions options)
    : database_(database), target_(target), type_(std::move(type)), options_(options) {}

base::Task<base::Result<FoundDocuments>> Finder::search(search::Find find) {
  base::Result<search::SearchRequest> request = find.request();
  if (!request) co_return std::unexpected(request.error());
  co_return co_await search(std::move(*request));
}

base::Task<base::Result<FoundDocuments>> Finder::search(search::SearchRequest request) {
  base::Result<search::SearchResult> result =
      co_await target_.search_later(type_.name, std::move(request));
  if (!result) co_return std::unexpected(std::move(result.error()));
  std::vector<std::string> ids;
  for (const search::Hit& each : result->hits) ids.push_back(each.id);
  RenderedBatch batch;
  if (!ids.empty()) {
    batch = co_await database_.read(
        [this, &ids](data::Snapshot& db) { return render_batch(db, type_, ids); });
  }
  FoundDocuments found = inflate(std::move(*result), std::move(batch));
  const std::vector<std::string> due = due_for_repair(found);
  if (!due.empty()) {
    std::vector<feed::Change> changes;
    for (const std::string& id : due) changes.push_back({type_.key.place(), id});
    co_await database_.write([&](data::Transaction& tx) { feed::add_changes(tx, changes); });
  }
  co_return found;
}

FoundDocuments Finder::inflate(search::SearchResult result, RenderedBatch batch) const {
  std::map<std::string, std::string> by_id;
  const std::set<std::string> absent(batch.absent.begin(), batch.absent.end());
  for (Rendered& each : batch.documents) by_id.emplace(std::move(each.id), std::move(each.json));
  FoundDocuments found{.total = result.total, .aggregations = std::move(result.aggregations)};
  for (search::Hit& hit : result.hits) {
    const auto now = by_id.find(hit.id);
    if (now == by_id.end()) {
      (absent.contains(hit.id) ? found.vanished : found.stale).push_back(hit.id);
      continue;
    }
    if (!is_same(now->second, hit.source)) {
      found.stale.push_back(hit.id);
      if (options_.stale == StaleHits::kDrop) continue;
    }
    found.hits.push_back({.id = std::move(hit.id),
                          .score = hit.score,
                          .json = now->second,
                          .highlight = std::move(hit.highlight)});
  }
  return found;
}

std::vector<std::string> Finder::due_for_repair(const FoundDocuments& found) {
  const std::lock_guard lock(mutex_);
  for (const FoundDocument& each : found.hits) {
    const auto& stale = found.stale;
    if (std::find(stale.begin(), stale.end(), each.id) == stale.end()) suspects_.erase(each.id);
  }
  std::vector<std::string> due;
  const Clock::time_point now = Clock::now();
  for (const auto* ids : {&found.vanished, &found.stale}) {
    for (const std::string& id : *ids) {
      if (suspects_.size() >= kMostSuspects) suspects_.clear();
      const auto since = suspects_.try_emplace(id, now).first;
      if (now - since->second < options_.repair_after) continue;
      due.push_back(id);
      since->second = now;
    }
  }
  return due;
}

base::Result<search::SearchResult> Finder::aggregate(const search::Find& find) {
  base::Result<search::SearchRequest> request = find.request();
  if (!request) return std::unexpected(request.error());
  return aggregate(std::move(*request));
}

base::Result<search::SearchResult> Finder::aggregate(search::SearchRequest request) {
  request.size = 0;
  return target_.search(type_.name, request);
}

base::Task<base::Result<search::SearchResult>> Finder::aggregate_later(
    search::SearchRequest request) {
  request.size = 0;
  co_return co_await target_.search_later(type_.name, std::move(request));
}

}  // namespace hornbeam::denorm
