#include "hornbeam/denorm/sampled_checker.h"

#include <utility>

#include "hornbeam/base/log.h"

namespace hornbeam::denorm {

SampledChecker::SampledChecker(data::Database& database, Target& target, Indexer& indexer,
                               CheckerOptions options)
    : database_(database), target_(target), indexer_(indexer), options_(options) {}

SampledChecker::~SampledChecker() {
  stop();
}

void SampledChecker::start() {
  feed::FollowerOptions options{.name = indexer_.type().name + " checker", .poll = options_.every};
  thread_ = std::make_unique<feed::FollowerThread>(std::move(options), nullptr,
                                                   [this](const std::stop_token&) {
                                                     if (target_.find_alias(indexer_.type().name))
                                                       check();
                                                     return feed::Work::kDone;
                                                   });
}

void SampledChecker::stop() {
  thread_.reset();
}

VerifyReport SampledChecker::check() {
  VerifyOptions sample = options_.sample;
  sample.seed += statistics().checks;
  VerifyReport report = verify(
      database_, target_, indexer_.type(),
      [this](const feed::Cursor& cursor, std::chrono::milliseconds patience) {
        return indexer_.wait_for_now(cursor, patience);
      },
      sample);
  if (!report.is_clean()) {
    base::log_warning("an index differed from the database", {{"index", indexer_.type().name},
                                                              {"missing", report.missing},
                                                              {"different", report.different},
                                                              {"ghosts", report.ghosts}});
  }
  const std::lock_guard lock(mutex_);
  ++statistics_.checks;
  statistics_.compared += report.rows + report.documents;
  statistics_.wrong += report.wrong.size();
  statistics_.last_wrong = report.wrong.size();
  return report;
}

CheckerStatistics SampledChecker::statistics() const {
  const std::lock_guard lock(mutex_);
  return statistics_;
}

}  // namespace hornbeam::denorm
