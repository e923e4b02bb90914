#pragma once

#include <memory>
#include <string>

namespace hornbeam::data::sqlite {

/// A file layer for SQLite that writes the log in large pieces; every other file is as it was.
///
/// SQLite writes each page that a commit changed in two calls, 24 bytes and then 4096, one page
/// after the other, and asks for a sync at the end. Nothing may read them before that sync, since
/// only after it are they announced in the shared index. So they are gathered here and written by
/// one call when the sync comes (or a read, or a truncation): for a commit of sixty small writes,
/// one call in place of more than a hundred.
///
/// Requires: a synchronous level at which every commit syncs (FULL). Lifetime: outlives the
/// connections opened with it.
class LogFiles {
 public:
  /// A layer on top of the one called `base`; empty means SQLite's default. Throws: `DatabaseError`
  /// if there is none.
  explicit LogFiles(const std::string& base);
  ~LogFiles();
  LogFiles(const LogFiles&) = delete;
  LogFiles& operator=(const LogFiles&) = delete;

  /// What SQLite knows it by while it lives.
  const std::string& name() const noexcept { return name_; }

 private:
  struct Layer;
  std::string name_;
  std::unique_ptr<Layer> layer_;
};

}  // namespace hornbeam::data::sqlite
