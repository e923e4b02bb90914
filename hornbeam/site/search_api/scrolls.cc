#include "hornbeam/site/search_api/scrolls.h"

#include <algorithm>

#include "hornbeam/search/node/node_state.h"

namespace hornbeam::site {

void Scrolls::drop_old() {
  const Clock::time_point now = Clock::now();
  std::erase_if(scrolls_, [&](const auto& one) { return one.second.ends_at < now; });
}

std::string Scrolls::add(Scroll scroll) {
  const std::lock_guard lock(mutex_);
  drop_old();
  std::string id = search::new_uuid();
  scrolls_.emplace(id, std::move(scroll));
  return id;
}

std::optional<Scrolls::Scroll> Scrolls::take(const std::string& id,
                                             std::chrono::milliseconds kept) {
  const std::lock_guard lock(mutex_);
  drop_old();
  const auto found = scrolls_.find(id);
  if (found == scrolls_.end()) return std::nullopt;
  Scroll& scroll = found->second;
  if (kept.count() > 0) scroll.ends_at = Clock::now() + kept;
  Scroll page{.total = scroll.total, .page = scroll.page};
  const std::size_t end = std::min(scroll.next + scroll.page, scroll.hits.size());
  for (; scroll.next < end; ++scroll.next) page.hits.push_back(std::move(scroll.hits[scroll.next]));
  return page;
}

bool Scrolls::remove(const std::string& id) {
  const std::lock_guard lock(mutex_);
  return scrolls_.erase(id) > 0;
}

std::size_t Scrolls::remove_all() {
  const std::lock_guard lock(mutex_);
  const std::size_t count = scrolls_.size();
  scrolls_.clear();
  return count;
}

std::size_t Scrolls::count() {
  const std::lock_guard lock(mutex_);
  return scrolls_.size();
}

}  // namespace hornbeam::site
