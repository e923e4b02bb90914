#pragma once

#include <memory>
#include <string>

#include "hornbeam/feed/wakeups.h"

namespace hornbeam::feed {

/// Hints by PostgreSQL's NOTIFY, which the triggers send with each commit: whoever writes, by
/// whatever program, is heard. Listens on a connection of its own, which is opened anew when it
/// breaks; what was said meanwhile is lost, so listeners are called once after that.
class PostgresWakeups final : public Wakeups {
 public:
  /// `url` is that of the database, `postgresql://...`. Does not wait for the connection.
  explicit PostgresWakeups(std::string url);
  ~PostgresWakeups() override;

  /// Sends a hint without a change, on the same connection; lost while there is none.
  void announce() noexcept override;
  [[nodiscard]] Subscription listen(Listener listener) override;

 private:
  class Listening;
  std::unique_ptr<Listening> listening_;
};

}  // namespace hornbeam::feed
