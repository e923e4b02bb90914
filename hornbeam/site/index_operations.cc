#include "hornbeam/site/index_operations.h"

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

std::string IndexOperations::problem_of(const denorm::IndexStatus& status) const {
  if (status.index.empty()) {
    const bool is_late = std::chrono::steady_clock::now() - began_ >= options_.longest_lag;
    return is_late ? "is not built yet" : "";
  }
  if (status.is_lost) return "cannot catch up, since the log it followed is gone";
  const double longest = std::chrono::duration<double>(options_.longest_lag).count();
  if (status.lag.seconds <= longest) return {};
  return fmt::format("is {:.0f} s behind, by {} changes", status.lag.seconds, status.lag.changes);
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
}

void IndexOperations::note(const std::string& index, const std::string& problem) {
  if (registry_ != nullptr) {
    registry_
        ->gauge("hornbeam_index_alarm",
                "1 while the index is too far behind, lost, not there or out of reach.", {"index"})
        .with({index})
        .set(problem.empty() ? 0 : 1);
  }
  const std::lock_guard lock(mutex_);
  const bool was = alarms_.contains(index);
  if (problem.empty()) {
    alarms_.erase(index);
    if (was) base::log_info("an index has caught up", {{"index", index}});
    return;
  }
  alarms_[index] = problem;
  if (!was) base::log_warning("an index needs a look", {{"index", index}, {"problem", problem}});
}

void IndexOperations::look() {
  std::vector<denorm::IndexStatus> found;
  for (const denorm::DocumentType& type : indices_.types) {
    try {
      found.push_back(
          denorm::status_of(indices_.database, indices_.target, type, indices_.replica));
      publish(found.back());
      note(type.name, problem_of(found.back()));
    } catch (const denorm::TargetUnavailable& away) {
      note(type.name, std::string("cannot be looked at: ") + away.what());
    }
  }
  const std::lock_guard lock(mutex_);
  last_ = std::move(found);
}

std::vector<denorm::IndexStatus> IndexOperations::last() const {
  const std::lock_guard lock(mutex_);
  return last_;
}

std::map<std::string, std::string> IndexOperations::alarms() const {
  const std::lock_guard lock(mutex_);
  return alarms_;
}

web::HealthCheck IndexOperations::check() {
  return {.name = "indices", .run = [this]() -> base::Task<void> {
            const auto problems = alarms();
            if (problems.empty()) co_return;
            const auto& [index, problem] = *problems.begin();
            throw std::runtime_error(fmt::format("the index {} {}", index, problem));
          }};
}

}  // namespace hornbeam::site
