#pragma once

// Rebuild: a new index beside the one that serves, and then in its place.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "hornbeam/denorm/index_writer.h"

namespace hornbeam::denorm {

/// How far a rebuild is.
struct Progress {
  std::string index;        ///< The one that is built.
  std::int64_t done = 0;    ///< Rows looked at, those before a crash included.
  std::int64_t total = 0;   ///< Rows there were when it began, or went on.
  double per_second = 0;    ///< Of this run.
  double seconds_left = 0;  ///< At that rate; 0 while it is not known.
  bool is_filled = false;   ///< What is left is to catch up with the changes since.
};

/// How an index is rebuilt.
struct RebuildOptions {
  /// How it writes.
  WriterOptions writer{};
  /// Called after each piece of work.
  std::function<void(const Progress&)> progress{};
  /// Only if no index serves yet: of two processes that begin together, one builds.
  bool only_first = false;
};

/// Builds an index a piece at a time. Lifetime: `database`, `target` and `type` outlive it.
class Rebuild {
 public:
  /// Does nothing before `step`.
  Rebuild(data::Database& database, Target& target, const DocumentType& type,
          RebuildOptions options);

  /// Does a piece. Gives `kDone` when it is complete, or while another process is building. Goes on
  /// with an index that was left unfinished, if it is of the type as it is now. At the end, the
  /// alias is pointed at the new index in one step, the one before is kept for `roll_back`, and
  /// older ones are deleted. Throws: `feed::CursorLost` with the reason where the log does not
  /// reach back to where the index began; that index is deleted, and the next call begins another.
  feed::Work step();
  /// Whether the alias stands for the new index.
  bool is_complete() const noexcept { return is_complete_; }
  /// How far it is.
  Progress progress() const;

 private:
  /// None if nothing is to be built.
  std::optional<std::string> choose_index();
  bool begin();
  feed::Work work();
  void swap();

  data::Database& database_;
  Target& target_;
  const DocumentType& type_;
  const RebuildOptions options_;
  std::unique_ptr<IndexWriter> writer_;
  std::int64_t total_ = 0;
  std::int64_t done_before_ = 0;
  std::chrono::steady_clock::time_point began_at_{};
  bool is_complete_ = false;
};

/// A whole rebuild; gives the name of the new index, or none if it was stopped, or another process
/// is at it. Blocks. Throws what the database and the target throw: it goes on from there when it
/// is called again.
std::optional<std::string> rebuild(data::Database& database, Target& target,
                                   const DocumentType& type, const RebuildOptions& options = {},
                                   const std::stop_token& stop = {});

/// Points the alias at the index before, which then catches up; gives its name, or none if there is
/// none.
std::optional<std::string> roll_back(Target& target, const DocumentType& type);
/// Deletes every index of the type but the one that serves, so that the log is not kept for them;
/// gives their names.
std::vector<std::string> drop_others(data::Database& database, Target& target,
                                     const DocumentType& type);

/// The indices of a type, oldest first.
std::vector<std::string> indices_of(Target& target, const DocumentType& type);

}  // namespace hornbeam::denorm
