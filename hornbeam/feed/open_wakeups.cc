#include "hornbeam/feed/open_wakeups.h"

#include <stdexcept>

#include <fmt/format.h>

#include "hornbeam/base/url_password.h"
#include "hornbeam/feed/kafka_wakeups.h"
#include "hornbeam/feed/postgres_wakeups.h"
#include "hornbeam/feed/redis_wakeups.h"

namespace hornbeam::feed {

std::unique_ptr<Wakeups> open_wakeups(const std::string& url) {
  if (url.empty() || url == "in-process:") return std::make_unique<InProcessWakeups>();
  if (url.starts_with("postgresql://") || url.starts_with("postgres://")) {
    return std::make_unique<PostgresWakeups>(url);
  }
  if (url.starts_with("redis://")) return std::make_unique<RedisWakeups>(url);
  if (url.starts_with("kafka://")) return std::make_unique<KafkaWakeups>(url);
  throw std::invalid_argument(
      fmt::format("{} names no kind of wake-ups. Mend: in-process:, postgresql://..., redis://... "
                  "or kafka://...",
                  base::without_password(url)));
}

}  // namespace hornbeam::feed
