#include "hornbeam/site/index_operations.h"

#include <algorithm>
#include <iostream>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "hornbeam/base/log.h"

namespace hornbeam::site {

IndexOperations::IndexOperations(denorm::IndicesOfProgram indices, IndexOperationsOptions options)
    : indices_(std::move(indices)), options_(options) {}

IndexOperations::~IndexOperations() = default;

void IndexOperations::add_to(web::App& app, web::MetricRegistry& registry) {
  registry_ = &registry;
  app.command("index", std::string(denorm::kIndexCommands),
              [this](const std::vector<std::string>& arguments) {
                return denorm::run_index_command(indices_, arguments, std::cout, std::cerr);
              });
}

void IndexOperations::watch() {
  feed::FollowerOptions options{.name = "index watch", .poll = options_.every};
  thread_ = std::make_unique<feed::FollowerThread>(std::move(options), nullptr,
                                                   [this](const std::stop_token&) {
                                                     look();
                                                     return feed::Work::kDone;
                                                   });
}

bool IndexOperations::is_alarming(const denorm::IndexStatus& status) const {
  const double longest = std::chrono::duration<double>(options_.longest_lag).count();
  return status.index.empty() || status.is_lost || status.lag.seconds > longest;
}

void IndexOperations::publish(const denorm::IndexStatus& status) {
  if (registry_ == nullptr) return;
  const auto set = [&](const char* name, const char* help, double value) {
    registry_->gauge(name, help, {"index"}).with({status.name}).set(value);
  };
  set("hornbeam_index_lag_changes", "Changes that searches do not see yet.",
      static_cast<double>(status.lag.changes));
  set("hornbeam_index_lag_seconds", "Age of the oldest change that searches do not see.",
      status.lag.seconds);
  set("hornbeam_index_documents", "Documents that searches see.",
      static_cast<double>(status.documents));
  set("hornbeam_index_dead_letters", "Documents that failed.",
      static_cast<double>(status.dead_letters));
  set("hornbeam_index_alarm", "1 while the index is too far behind, lost or not there.",
      is_alarming(status) ? 1 : 0);
}

void IndexOperations::look() {
  std::vector<denorm::IndexStatus> found;
  for (const denorm::DocumentType& type : indices_.types) {
    found.push_back(denorm::status_of(indices_.database, indices_.target, type));
    publish(found.back());
  }
  const std::lock_guard lock(mutex_);
  for (const denorm::IndexStatus& each : found) {
    const auto before =
        std::find_if(last_.begin(), last_.end(),
                     [&](const denorm::IndexStatus& one) { return one.name == each.name; });
    const bool was = before != last_.end() && is_alarming(*before);
    if (is_alarming(each) == was) continue;
    if (was) {
      base::log_info("an index has caught up", {{"index", each.name}});
    } else {
      base::log_warning("an index is too far behind, or cannot be followed",
                        {{"index", each.name},
                         {"behind_changes", each.lag.changes},
                         {"behind_seconds", each.lag.seconds},
                         {"lost", each.is_lost},
                         {"built", !each.index.empty()}});
    }
  }
  last_ = std::move(found);
}

std::vector<denorm::IndexStatus> IndexOperations::last() const {
  const std::lock_guard lock(mutex_);
  return last_;
}

web::HealthCheck IndexOperations::check() {
  return {.name = "indices", .run = [this]() -> base::Task<void> {
            for (const denorm::IndexStatus& each : last()) {
              if (!is_alarming(each)) continue;
              throw std::runtime_error(fmt::format("the index {} is {:.0f} s behind{}", each.name,
                                                   each.lag.seconds,
                                                   each.is_lost ? " and cannot catch up" : ""));
            }
            co_return;
          }};
}

}  // namespace hornbeam::site
