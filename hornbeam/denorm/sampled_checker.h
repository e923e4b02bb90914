#pragma once

#include <cstdint>
#include <memory>
#include <mutex>

#include "hornbeam/denorm/indexer.h"
#include "hornbeam/denorm/verify.h"

namespace hornbeam::denorm {

/// How often a sample is compared.
struct CheckerOptions {
  /// Between two comparisons.
  std::chrono::milliseconds every{60'000};
  /// What is looked at each time; the places differ.
  VerifyOptions sample{};
};

/// What comparisons have found.
struct CheckerStatistics {
  std::uint64_t checks = 0;      ///< Comparisons.
  std::uint64_t compared = 0;    ///< Rows and documents.
  std::uint64_t wrong = 0;       ///< Those that differed, and were queued for repair.
  std::uint64_t last_wrong = 0;  ///< Of the last comparison.
};

/// Compares samples of an index with the database for as long as it lives, and has what differs
/// repaired: what nobody expects where triggers follow, and what finds deleted and late rows where
/// a `feed::TouchScan` does. Thread: any. Lifetime: what it is given outlives it.
class SampledChecker {
 public:
  /// Of what `indexer` follows. Does nothing by itself before `start`.
  SampledChecker(data::Database& database, Target& target, Indexer& indexer,
                 CheckerOptions options = {});
  ~SampledChecker();
  SampledChecker(const SampledChecker&) = delete;
  SampledChecker& operator=(const SampledChecker&) = delete;

  /// Begins on a thread of its own.
  void start();
  /// Ends it.
  void stop();
  /// One comparison now. Blocks. Throws what the database and the target throw.
  VerifyReport check();
  /// What was found so far.
  CheckerStatistics statistics() const;

 private:
  data::Database& database_;
  Target& target_;
  Indexer& indexer_;
  const CheckerOptions options_;
  mutable std::mutex mutex_;
  CheckerStatistics statistics_;  // Guarded by mutex_.
  std::unique_ptr<feed::FollowerThread> thread_;
};

}  // namespace hornbeam::denorm
