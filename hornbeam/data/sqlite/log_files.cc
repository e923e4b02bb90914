#include "hornbeam/data/sqlite/log_files.h"

#include <new>
#include <vector>

#include <fmt/format.h>
#include <sqlite3.h>

#include "hornbeam/data/error.h"

namespace hornbeam::data::sqlite {

namespace {

// SQLite's own file layer takes less than 128 KiB at a time: it drops the higher bits of a size.
constexpr std::size_t kMostGathered = std::size_t{127} * 1024;

// SQLite gives raw memory for a file; the real file's own structure follows this one in it.
struct LogFile : sqlite3_file {
  sqlite3_file* real = nullptr;
  std::vector<char> gathered;
  sqlite3_int64 gathered_at = 0;

  int write_gathered() {
    if (gathered.empty()) return SQLITE_OK;
    const int code = real->pMethods->xWrite(real, gathered.data(),
                                            static_cast<int>(gathered.size()), gathered_at);
    // After a failure too: the commit fails with it, and its pages are of no use to the next.
    gathered.clear();
    return code;
  }
};

constexpr std::size_t kRealFileAt = (sizeof(LogFile) + 15) / 16 * 16;

LogFile& log(sqlite3_file* file) {
  return *static_cast<LogFile*>(file);
}

int write(sqlite3_file* file, const void* data, int size, sqlite3_int64 at) {
  LogFile& self = log(file);
  const auto* bytes = static_cast<const char*>(data);
  const auto end = self.gathered_at + static_cast<sqlite3_int64>(self.gathered.size());
  if (at != end || self.gathered.size() + static_cast<std::size_t>(size) > kMostGathered) {
    if (const int code = self.write_gathered(); code != SQLITE_OK) return code;
  }
  try {
    if (self.gathered.empty()) self.gathered_at = at;
    self.gathered.insert(self.gathered.end(), bytes, bytes + size);
  } catch (const std::bad_alloc&) {
    return SQLITE_IOERR_NOMEM;
  }
  return SQLITE_OK;
}

int read(sqlite3_file* file, void* data, int size, sqlite3_int64 at) {
  if (const int code = log(file).write_gathered(); code != SQLITE_OK) return code;
  return log(file).real->pMethods->xRead(log(file).real, data, size, at);
}
int truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (const int code = log(file).write_gathered(); code != SQLITE_OK) return code;
  return log(file).real->pMethods->xTruncate(log(file).real, size);
}
int sync(sqlite3_file* file, int flags) {
  if (const int code = log(file).write_gathered(); code != SQLITE_OK) return code;
  return log(file).real->pMethods->xSync(log(file).real, flags);
}
int file_size(sqlite3_file* file, sqlite3_int64* size) {
  if (const int code = log(file).write_gathered(); code != SQLITE_OK) return code;
  return log(file).real->pMethods->xFileSize(log(file).real, size);
}
int close(sqlite3_file* file) {
  // What was not synced belongs to no commit.
  const int code = log(file).real->pMethods->xClose(log(file).real);
  log(file).~LogFile();
  return code;
}

int lock(sqlite3_file* file, int level) {
  return log(file).real->pMethods->xLock(log(file).real, level);
}
int unlock(sqlite3_file* file, int level) {
  return log(file).real->pMethods->xUnlock(log(file).real, level);
}
int check_reserved_lock(sqlite3_file* file, int* result) {
  return log(file).real->pMethods->xCheckReservedLock(log(file).real, result);
}
int file_control(sqlite3_file* file, int operation, void* argument) {
  return log(file).real->pMethods->xFileControl(log(file).real, operation, argument);
}
int sector_size(sqlite3_file* file) {
  return log(file).real->pMethods->xSectorSize(log(file).real);
}
int device_characteristics(sqlite3_file* file) {
  return log(file).real->pMethods->xDeviceCharacteristics(log(file).real);
}

// Version 1: shared memory and mapping are asked of the database file, never of its log.
constexpr sqlite3_io_methods kMethods = {.iVersion = 1,
                                         .xClose = close,
                                         .xRead = read,
                                         .xWrite = write,
                                         .xTruncate = truncate,
                                         .xSync = sync,
                                         .xFileSize = file_size,
                                         .xLock = lock,
                                         .xUnlock = unlock,
                                         .xCheckReservedLock = check_reserved_lock,
                                         .xFileControl = file_control,
                                         .xSectorSize = sector_size,
                                         .xDeviceCharacteristics = device_characteristics};

}  // namespace

struct LogFiles::Layer : sqlite3_vfs {
  sqlite3_vfs* base;

  explicit Layer(sqlite3_vfs& on) : sqlite3_vfs(on), base(&on) {
    szOsFile += static_cast<int>(kRealFileAt);
    pNext = nullptr;
    xOpen = open;
  }

  static int open(sqlite3_vfs* self, const char* path, sqlite3_file* file, int flags, int* out) {
    sqlite3_vfs* const base = static_cast<Layer*>(self)->base;
    if ((flags & SQLITE_OPEN_WAL) == 0) return base->xOpen(base, path, file, flags, out);
    auto* const real = reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + kRealFileAt);
    const int code = base->xOpen(base, path, real, flags, out);
    if (code != SQLITE_OK) {
      if (real->pMethods != nullptr) real->pMethods->xClose(real);
      file->pMethods = nullptr;
      return code;
    }
    auto* const opened = ::new (static_cast<void*>(file)) LogFile;
    opened->pMethods = &kMethods;
    opened->real = real;
    return SQLITE_OK;
  }
};

LogFiles::LogFiles(const std::string& base)
    : name_(fmt::format("hornbeam-log-{}", static_cast<const void*>(this))) {
  sqlite3_vfs* found = sqlite3_vfs_find(base.empty() ? nullptr : base.c_str());
  if (found == nullptr) {
    throw DatabaseError(ErrorKind::kOther,
                        fmt::format("SQLite has no file layer (vfs) called \"{}\"", base));
  }
  layer_ = std::make_unique<Layer>(*found);
  layer_->zName = name_.c_str();
  sqlite3_vfs_register(layer_.get(), 0);
}

LogFiles::~LogFiles() {
  sqlite3_vfs_unregister(layer_.get());
}

}  // namespace hornbeam::data::sqlite
