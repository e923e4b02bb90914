#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace hornbeam::site {

/// Searches whose hits are handed out page by page, each until nobody asked for it for a while.
/// Thread: any.
class Scrolls {
 public:
  using Clock = std::chrono::steady_clock;

  /// The hits that were found, as JSON, and how far they were handed out.
  struct Scroll {
    std::vector<std::string> hits;
    std::string total;  ///< As JSON.
    std::size_t page = 10;
    std::size_t next = 0;
    Clock::time_point ends_at{};
  };

  std::string add(Scroll scroll);
  /// The next page, and what it is a page of; none if the id is not known (any more).
  std::optional<Scroll> take(const std::string& id, std::chrono::milliseconds kept);
  bool remove(const std::string& id);
  std::size_t remove_all();
  std::size_t count();

 private:
  void drop_old();

  std::mutex mutex_;
  std::map<std::string, Scroll, std::less<>> scrolls_;
};

}  // namespace hornbeam::site
