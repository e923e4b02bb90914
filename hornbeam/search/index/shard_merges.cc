#include <algorithm>
#include <numeric>

#include "hornbeam/search/index/shard.h"

namespace hornbeam::search {

std::vector<std::size_t> Shard::next_merge() const {
  std::vector<SegmentSize> sizes;
  for (const Entry& entry : entries_) {
    const double live = static_cast<double>(entry.live->live_count()) / entry.segment->doc_count();
    sizes.push_back(
        {.bytes = entry.segment->size(), .deleted = 1 - live, .is_merging = entry.is_merging});
  }
  return choose_merge(sizes, options_.merges);
}

void Shard::merge_loop(const std::stop_token& stop) {
  Lock lock(mutex_);
  while (!stop.stop_requested() && !merge_failure_) {
    std::vector<std::size_t> chosen = next_merge();
    if (chosen.empty()) {
      changed_.wait(lock, stop, [&] { return !(chosen = next_merge()).empty(); });
      if (chosen.empty()) return;
    }
    try {
      merge_once(lock, chosen);
    } catch (const std::exception& failure) {
      // A full disk or a damaged file: the segments stay as they are, and are readable.
      merge_failure_ = failure.what();
      changed_.notify_all();
    }
  }
}

void Shard::merge_once(Lock& lock, std::span<const std::size_t> chosen) {
  std::vector<SegmentView> sources;
  for (const std::size_t index : chosen) {
    Entry& entry = entries_[index];
    entry.is_merging = true;
    entry.is_live_shared = true;
    sources.push_back({.segment = entry.segment, .live = entry.live});
  }
  const std::string name = next_name("segment");
  being_written_.insert(name);
  ++running_merges_;
  std::shared_ptr<const Segment> merged;
  std::shared_ptr<const IdFilter> ids;
  DocMaps maps;
  std::exception_ptr failure;
  lock.unlock();
  try {
    maps = make_doc_maps(sources);
    const bool has_any = std::ranges::any_of(
        sources, [](const SegmentView& view) { return view.live->live_count() > 0; });
    if (has_any) {
      merge_segments(sources, maps, *directory_, name);
      merged = std::make_shared<const Segment>(*directory_, name);
      // Here, where no writer waits for it.
      ids = std::make_shared<const IdFilter>(*merged);
    }
  } catch (...) {
    failure = std::current_exception();
  }
  lock.lock();
  --running_merges_;
  being_written_.erase(name);
  if (!failure) finish_merge(sources, maps, std::move(merged), std::move(ids));
  for (Entry& entry : entries_) {
    for (const SegmentView& source : sources) entry.is_merging &= source.segment != entry.segment;
  }
  changed_.notify_all();
  if (failure) std::rethrow_exception(failure);
}

void Shard::finish_merge(std::span<const SegmentView> sources, const DocMaps& maps,
                         std::shared_ptr<const Segment> merged,
                         std::shared_ptr<const IdFilter> ids) {
  auto live = std::make_shared<LiveDocs>(merged ? merged->doc_count() : 0);
  std::vector<Entry> kept;
  std::size_t place = 0;
  for (Entry& entry : entries_) {
    const auto source = std::ranges::find(sources, entry.segment, &SegmentView::segment);
    if (source == sources.end()) {
      kept.push_back(std::move(entry));
      continue;
    }
    if (source == sources.begin()) place = kept.size();
    // What was deleted while the merge ran is deleted in what it made.
    const std::vector<DocId>& map = maps[static_cast<std::size_t>(source - sources.begin())];
    for (DocId doc = 0; doc < map.size(); ++doc) {
      if (map[doc] != kNoMoreDocs && !entry.live->is_live(doc)) live->remove(map[doc]);
    }
  }
  if (merged) {
    kept.insert(kept.begin() + static_cast<std::ptrdiff_t>(place),
                Entry{.segment = std::move(merged),
                      .live = live,
                      .is_live_shared = false,
                      .ids = std::move(ids)});
  }
  entries_ = std::move(kept);
  has_news_ = true;
}

void Shard::merge_all() {
  Lock lock(mutex_);
  flush();
  changed_.wait(lock, [this] { return running_merges_ == 0; });
  std::vector<std::size_t> all(entries_.size());
  std::iota(all.begin(), all.end(), 0);
  const bool is_one = all.empty() || (all.size() == 1 && entries_.front().live->all_live());
  if (!is_one) merge_once(lock, all);
  publish();
}

void Shard::wait_for_merges() {
  Lock lock(mutex_);
  changed_.wait(lock, [this] {
    return running_merges_ == 0 &&
           (!options_.merges_in_background || merge_failure_ || next_merge().empty());
  });
}

std::optional<std::string> Shard::merge_failure() const {
  const Lock lock(mutex_);
  return merge_failure_;
}

}  // namespace hornbeam::search
