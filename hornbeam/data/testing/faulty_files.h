#pragma once

// A file layer of SQLite that is the ordinary one, until it is told that the disk fails.

#include <atomic>

#include <sqlite3.h>

namespace hornbeam::data {

/// Registers the layer as "faulty", for URLs that end in `?vfs=faulty`, as long as it lives. One at
/// a time.
class FaultyFiles {
 public:
  enum class Failing { kNothing, kLog, kDatabaseFile };
  enum class Room { kEnough, kNone };

  FaultyFiles() {
    ordinary_ = sqlite3_vfs_find(nullptr);
    layer_ = *ordinary_;
    layer_.zName = "faulty";
    layer_.xOpen = open;
    sqlite3_vfs_register(&layer_, 0);
    fail_syncs_of(Failing::kNothing);
    leave_room(Room::kEnough);
  }
  ~FaultyFiles() { sqlite3_vfs_unregister(&layer_); }
  FaultyFiles(const FaultyFiles&) = delete;
  FaultyFiles& operator=(const FaultyFiles&) = delete;

  /// From now on these syncs fail. Thread: any.
  static void fail_syncs_of(Failing which) { failing_ = which; }
  /// Without room, every write to the log fails as on a full disk. Thread: any.
  static void leave_room(Room room) { room_ = room; }
  /// Writes to the log so far.
  static int log_writes() { return log_writes_; }
  /// Syncs asked for so far, failed ones included.
  static int syncs() { return syncs_; }

 private:
  static int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
    const int code = ordinary_->xOpen(ordinary_, name, file, flags, out);
    const bool is_log = (flags & SQLITE_OPEN_WAL) != 0;
    if (code != SQLITE_OK || (!is_log && (flags & SQLITE_OPEN_MAIN_DB) == 0)) return code;
    is_log ? watch<Failing::kLog>(*file) : watch<Failing::kDatabaseFile>(*file);
    return code;
  }

  /// The methods of one sort of file, as they were and as they are here.
  template <Failing kWhich>
  struct Methods {
    static inline const sqlite3_io_methods* ordinary = nullptr;
    static inline sqlite3_io_methods ours;
  };

  template <Failing kWhich>
  static void watch(sqlite3_file& file) {
    using Mine = Methods<kWhich>;
    if (Mine::ordinary == nullptr) {  // the first of a sort is opened before there are threads
      Mine::ordinary = file.pMethods;
      Mine::ours = *file.pMethods;
      Mine::ours.xSync = sync<kWhich>;
      if (kWhich == Failing::kLog) Mine::ours.xWrite = write_log;
    }
    file.pMethods = &Mine::ours;
  }

  template <Failing kWhich>
  static int sync(sqlite3_file* file, int flags) {
    ++syncs_;
    return failing_ == kWhich ? SQLITE_IOERR_FSYNC : Methods<kWhich>::ordinary->xSync(file, flags);
  }

  static int write_log(sqlite3_file* file, const void* data, int size, sqlite3_int64 at) {
    ++log_writes_;
    if (room_ == Room::kNone) return SQLITE_FULL;
    return Methods<Failing::kLog>::ordinary->xWrite(file, data, size, at);
  }

  static inline sqlite3_vfs* ordinary_ = nullptr;
  static inline sqlite3_vfs layer_;
  static inline std::atomic<Failing> failing_ = Failing::kNothing;
  static inline std::atomic<Room> room_ = Room::kEnough;
  static inline std::atomic<int> log_writes_ = 0;
  static inline std::atomic<int> syncs_ = 0;
};

}  // namespace hornbeam::data
