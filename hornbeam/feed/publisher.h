#pragma once

// Publisher: tells others what has changed, by Redis or Kafka, for those who follow without this
// database's log.
//
//   const auto sink = feed::open_sink("kafka://broker:9092/changes");
//   feed::Publisher publisher(*database, *sink, "publish");
//   feed::FollowerThread thread({.name = "publish"}, wakeups.get(),
//                               [&](const std::stop_token&) { return publisher.step(); });
//
// Each change is told at least once, those of one transaction in any order, and the log is kept
// until it was: a crash repeats some and loses none. What is told is the place and the key, never
// contents: whoever hears it asks for the row.

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "hornbeam/data/database.h"
#include "hornbeam/feed/change_log.h"
#include "hornbeam/feed/follower_thread.h"
#include "hornbeam/feed/followers.h"

namespace hornbeam::feed {

/// Where changes are told.
class ChangeSink {
 public:
  ChangeSink() = default;
  ChangeSink(const ChangeSink&) = delete;
  ChangeSink& operator=(const ChangeSink&) = delete;
  virtual ~ChangeSink() = default;

  /// Returns once all of them are with the broker. Throws: std::runtime_error; then any of them may
  /// be, and they are told again.
  virtual void publish(std::span<const Change> changes) = 0;
};

/// `redis://...?stream=NAME`: an entry for each change with the fields `place`, `key` and `at`, of
/// which the last `kept` (an option, 100000 unless told) stay. `kafka://.../topic`: a message for
/// each, whose key is `place=key`, so that changes of one row are in one partition, and whose value
/// is JSON with the same three. Throws: std::invalid_argument.
std::unique_ptr<ChangeSink> open_sink(const std::string& url);

/// How a publisher works.
struct PublisherOptions {
  /// Changes told at a time.
  std::size_t changes_at_once = 1'000;
  /// How long another process waits for this one before it takes its place.
  std::chrono::milliseconds lease{10'000};
};

/// A follower of the log that tells what it reads. Of several processes, one does. Thread: one.
///
/// Lifetime: `database` and `sink` outlive it.
class Publisher {
 public:
  /// Begins, the first time, with what changes from then on. `name` is that of the follower.
  Publisher(data::Database& database, ChangeSink& sink, std::string name,
            PublisherOptions options = {});
  /// Gives the lease back.
  ~Publisher();
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  /// Tells some changes; gives `kDone` when there are none, or another process does it. Where the
  /// log was trimmed before they were told, tells one of the place "*" and the key "*": anything
  /// may have changed. Throws what the database and the sink throw, after which it is called again.
  Work step();
  /// How far it is; none while another process does it.
  std::optional<Cursor> cursor() const { return cursor_; }

 private:
  bool begin();
  Changes read();

  data::Database& database_;
  ChangeSink& sink_;
  const std::string name_;
  const PublisherOptions options_;
  const std::string holder_;
  std::optional<Lease> lease_;
  std::optional<Cursor> cursor_;
  std::chrono::steady_clock::time_point renewed_at_{};
};

}  // namespace hornbeam::feed
