#include "arena/load/load.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <memory>
#include <queue>
#include <stdexcept>
#include <system_error>

#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "arena/load/client_socket.h"
#include "arena/load/load_watcher.h"

namespace arena {
namespace {

using Clock = LoadTable::Clock;
using Time = LoadTable::Time;

constexpr std::size_t kSocketsPerSource = 16'000;  // Of the 28 000 ports that an address has.
constexpr std::chrono::microseconds kBetweenConnects{100};
constexpr std::chrono::milliseconds kDisplayInterval{250};
constexpr std::chrono::milliseconds kPlainInterval{10'000};
constexpr std::chrono::milliseconds kHandshakePatience{5000};
constexpr std::chrono::milliseconds kShortestReturn{50};
constexpr int kReturnSpread = 200;  // Milliseconds.

void allow_sockets(std::size_t count) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  if (count + 64 > limit.rlim_max) {
    throw std::invalid_argument(
        fmt::format("{} sockets are more than the {} files that this process may open: ask for "
                    "fewer, or raise the limit (ulimit -n)",
                    count, limit.rlim_max));
  }
}

/// Memory of a process that belongs to no file; none if there is no such process.
std::optional<std::int64_t> resident_bytes(int process) {
  std::ifstream status(fmt::format("/proc/{}/status", process));
  std::string word;
  while (status >> word) {
    if (word != "RssAnon:") continue;
    std::int64_t kilobytes = 0;
    status >> kilobytes;
    return kilobytes * 1024;
  }
  return std::nullopt;
}

/// One socket's place: it is connected, lost and connected anew.
struct Slot {
  std::unique_ptr<ClientSocket> socket{};
  bool was_open = false;  // This socket.
  bool was_ever_open = false;
  Time began{};  // To connect.
  Time armed{};  // The timer that is set.
};

class Load {
 public:
  explicit Load(const LoadPlan& plan)
      : plan_(plan), server_(resolve(plan.url)), random_(plan.seed), events_(256) {
    const std::size_t watchers = plan.games == 0 ? 0 : plan.watchers;
    allow_sockets(2 * plan.games + plan.idle + watchers);
    epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    if (epoll_ < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
    for (std::size_t i = 0; i < plan.games; ++i) {
      tables_.push_back(std::make_unique<LoadTable>(tally_, plan.manners, random_()));
    }
    for (std::size_t i = 0; i < watchers; ++i) {
      watchers_.push_back(std::make_unique<LoadWatcher>(tally_, *tables_[i % plan.games]));
    }
    watched_.resize(plan.games, -1);
    slots_.resize(2 * plan.games + plan.idle + watchers);
  }
  ~Load() { ::close(epoll_); }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  LoadOutcome run() {
    const auto bytes_before = resident_bytes(plan_.server);
    const Time began = Clock::now();
    for (std::size_t i = 0; i < slots_.size(); ++i) arm(i, began + i * kBetweenConnects);
    const Time end = began + plan_.duration;
    display_from_ = displayed_at_ = began;
    work_until(end, [] { return false; });
    const auto elapsed = Clock::now() - began;
    const auto bytes = resident_bytes(plan_.server);
    if (bytes && bytes_before && tally_.open > 0) {
      tally_.bytes_per_socket = (*bytes - *bytes_before) / static_cast<std::int64_t>(tally_.open);
    }
    for (auto& table : tables_) table->finish(Clock::now());
    for (std::size_t i = 0; i < tables_.size(); ++i) speak(i, Clock::now());
    const auto is_done = [this] { return std::ranges::all_of(tables_, &is_table_done); };
    work_until(Clock::now() + plan_.grace, is_done);
    tally_.unverified += static_cast<std::uint64_t>(
        std::ranges::count_if(tables_, [](const auto& table) { return !table->is_done(); }));
    if (plan_.display == LoadDisplay::kLine) fmt::print(stderr, "\r\033[K");
    return {tally_, elapsed};
  }

 private:
  using Timer = std::pair<Time, std::size_t>;

  static bool is_table_done(const std::unique_ptr<LoadTable>& table) { return table->is_done(); }
  bool is_player(std::size_t index) const { return index < 2 * tables_.size(); }
  LoadTable& table_of(std::size_t index) { return *tables_[index / 2]; }
  /// The first slot of those who watch.
  std::size_t first_watcher() const { return slots_.size() - watchers_.size(); }
  LoadWatcher* find_watcher(std::size_t index) {
    return index < first_watcher() ? nullptr : watchers_[index - first_watcher()].get();
  }

  template <class Condition>
  void work_until(Time end, Condition is_enough) {
    Time now = Clock::now();
    while (now < end && !is_enough()) {
      const Time next = timers_.empty() ? end : std::min(end, timers_.top().first);
      const auto wait = std::chrono::ceil<std::chrono::milliseconds>(next - now).count();
      const int count = ::epoll_wait(epoll_, events_.data(), static_cast<int>(events_.size()),
                                     static_cast<int>(std::clamp<std::int64_t>(wait, 0, 50)));
      now = Clock::now();
      for (int i = 0; i < count; ++i) serve(events_[static_cast<std::size_t>(i)].data.u64, now);
      while (!timers_.empty() && timers_.top().first <= now) {
        const auto [at, index] = timers_.top();
        timers_.pop();
        if (slots_[index].armed == at) ring(index, now);
      }
      if (now - displayed_at_ >= display_interval_) display(now, end);
    }
  }

  void arm(std::size_t index, Time at) {
    if (slots_[index].armed == at) return;
    slots_[index].armed = at;
    timers_.emplace(at, index);
  }

  /// The slot's time has come.
  void ring(std::size_t index, Time now) {
    Slot& slot = slots_[index];
    slot.armed = {};
    if (!slot.socket) return connect(index, now);
    if (!slot.was_open) {
      if (now - slot.began >= kHandshakePatience) return lose(index, "no handshake", now);
      return arm(index, slot.began + kHandshakePatience);
    }
    if (find_watcher(index) != nullptr) return watch(index, now);
    if (!is_player(index)) return;
    if (table_of(index).has_waited_too_long(index % 2, now)) return lose(index, "no answer", now);
    speak(index / 2, now);
  }

  void connect(std::size_t index, Time now) {
    Slot& slot = slots_[index];
    // Once the first source is full, from the next address: 127.0.0.2 and so on.
    slot.socket =
        std::make_unique<ClientSocket>(server_, static_cast<unsigned>(index / kSocketsPerSource));
    slot.was_open = false;
    slot.began = now;
    if (!slot.socket->end().empty()) return lose(index, slot.socket->end(), now);
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.u64 = index;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, slot.socket->descriptor(), &event);
    arm(index, now + kHandshakePatience);
  }

  void serve(std::size_t index, Time now) {
    Slot& slot = slots_[index];
    if (!slot.socket) return;
    slot.socket->advance([&](std::string_view text) {
      greet(index, now);
      if (is_player(index)) table_of(index).take(index % 2, text, now);
      if (LoadWatcher* const watcher = find_watcher(index)) watcher->take(text, now);
    });
    if (slot.socket->is_open()) greet(index, now);
    if (!slot.socket->end().empty()) return lose(index, slot.socket->end(), now);
    if (slot.was_open && is_player(index)) speak(index / 2, now);
    if (slot.was_open && find_watcher(index) != nullptr) watch(index, now);
  }

  /// Notes that the connection stands.
  void greet(std::size_t index, Time now) {
    Slot& slot = slots_[index];
    if (slot.was_open) return;
    slot.was_open = true;
    tally_.most_open = std::max(tally_.most_open, ++tally_.open);
    if (std::exchange(slot.was_ever_open, true)) ++tally_.returns;
    if (is_player(index)) table_of(index).connected(index % 2, now);
  }

  void lose(std::size_t index, std::string why, Time now) {
    Slot& slot = slots_[index];
    tally_.count_error(why);
    slot.socket.reset();
    if (std::exchange(slot.was_open, false)) --tally_.open;
    arm(index, now + kShortestReturn + std::chrono::milliseconds(random_() % kReturnSpread));
    if (LoadWatcher* const watcher = find_watcher(index)) watcher->disconnected();
    if (!is_player(index)) return;
    table_of(index).disconnected(index % 2, now);
    speak(index / 2, now);
  }

  /// Says what the table's players have to say now, and has them looked at when it is time.
  void speak(std::size_t table, Time now) {
    for (const std::size_t seat : {0U, 1U}) {
      Slot& slot = slots_[2 * table + seat];
      if (!slot.socket || !slot.was_open) continue;
      if (const auto text = tables_[table]->next_to_say(seat, now)) slot.socket->send(*text);
      const Time due = tables_[table]->due(seat);
      if (due > now) arm(2 * table + seat, due);
    }
    call_watchers(table, now);
  }

  /// Tells those who watch a table that it has begun another game.
  void call_watchers(std::size_t table, Time now) {
    if (std::exchange(watched_[table], tables_[table]->game()) == tables_[table]->game()) return;
    for (std::size_t i = table; i < watchers_.size(); i += tables_.size()) {
      watch(first_watcher() + i, now);
    }
  }

  /// Says what a watcher has to say now.
  void watch(std::size_t index, Time now) {
    Slot& slot = slots_[index];
    if (!slot.socket || !slot.was_open) return;
    LoadWatcher& watcher = *find_watcher(index);
    if (const auto text = watcher.next_to_say(now)) slot.socket->send(*text);
    if (watcher.due() > now) arm(index, watcher.due());
  }

  void display(Time now, Time end) {
    const std::chrono::duration<double> passed = now - display_from_;
    const double rate = static_cast<double>(tally_.moves - displayed_moves_) / passed.count();
    const auto left = std::chrono::ceil<std::chrono::seconds>(end - now);
    const bool is_line = plan_.display == LoadDisplay::kLine;
    const std::string line = to_line(tally_, rate, left);
    if (plan_.display != LoadDisplay::kNone) {
      fmt::print(stderr, "{}{}{}", is_line ? "\r\033[K" : "", line, is_line ? "" : "\n");
      std::fflush(stderr);
    }
    displayed_at_ = now;
    // The rate is of the last two seconds or so.
    if (passed < std::chrono::seconds(2)) return;
    display_from_ = now;
    displayed_moves_ = tally_.moves;
  }

  const LoadPlan& plan_;
  const ServerAddress server_;
  LoadTally tally_;
  std::mt19937_64 random_;
  int epoll_ = -1;
  std::vector<epoll_event> events_;
  std::vector<std::unique_ptr<LoadTable>> tables_;
  std::vector<std::unique_ptr<LoadWatcher>> watchers_;
  std::vector<std::int64_t> watched_;  // By table: the game that its watchers were called to.
  std::vector<Slot> slots_;            // Players, those who say nothing, those who watch.
  std::priority_queue<Timer, std::vector<Timer>, std::greater<>> timers_;
  const std::chrono::milliseconds display_interval_ =
      plan_.display == LoadDisplay::kLine ? kDisplayInterval : kPlainInterval;
  Time displayed_at_{};
  Time display_from_{};
  std::uint64_t displayed_moves_ = 0;
};

}  // namespace

LoadOutcome run_load(const LoadPlan& plan) {
  return Load(plan).run();
}

}  // namespace arena
