#include "hornbeam/data/sqlite/log_files.h"

#include <algorithm>
#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "hornbeam/data/testing/fixture.h"

namespace hornbeam::data::sqlite {
namespace {

/// A log opened through a layer, and read back through it and around it.
class OpenLog {
 public:
  OpenLog(const LogFiles& layer, const std::string& path)
      : path_(path + '\0'),  // SQLite's layers look for a second end
        memory_(static_cast<std::size_t>(sqlite3_vfs_find(layer.name().c_str())->szOsFile)) {
    sqlite3_vfs* vfs = sqlite3_vfs_find(layer.name().c_str());
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_WAL;
    EXPECT_EQ(vfs->xOpen(vfs, path_.c_str(), file(), flags, &flags), SQLITE_OK);
  }
  ~OpenLog() { file()->pMethods->xClose(file()); }
  OpenLog(const OpenLog&) = delete;
  OpenLog& operator=(const OpenLog&) = delete;

  void write(const std::string& data, std::size_t at) {
    EXPECT_EQ(file()->pMethods->xWrite(file(), data.data(), static_cast<int>(data.size()),
                                       static_cast<sqlite3_int64>(at)),
              SQLITE_OK);
  }
  void sync() { EXPECT_EQ(file()->pMethods->xSync(file(), SQLITE_SYNC_NORMAL), SQLITE_OK); }
  void truncate(std::size_t size) {
    EXPECT_EQ(file()->pMethods->xTruncate(file(), static_cast<sqlite3_int64>(size)), SQLITE_OK);
  }
  std::size_t size() {
    sqlite3_int64 size = 0;
    EXPECT_EQ(file()->pMethods->xFileSize(file(), &size), SQLITE_OK);
    return static_cast<std::size_t>(size);
  }
  std::string read(std::size_t at, std::size_t length) {
    std::string data(length, '\0');
    EXPECT_EQ(file()->pMethods->xRead(file(), data.data(), static_cast<int>(length),
                                      static_cast<sqlite3_int64>(at)),
              SQLITE_OK);
    return data;
  }

 private:
  sqlite3_file* file() { return reinterpret_cast<sqlite3_file*>(memory_.data()); }

  std::string path_;
  std::vector<std::max_align_t> memory_;  // more than enough, and aligned
};

// Whatever the order of calls, the file holds what a string holds to which the same is done.
TEST(LogFiles, AgreesWithAStringOnRandomCalls) {
  const TemporaryFolder folder;
  const LogFiles layer("");
  std::mt19937 random(11);
  const auto pick = [&](std::size_t below) { return random() % below; };
  for (int round = 0; round < 20; ++round) {
    const std::string path = (folder.path() / (std::to_string(round) + ".log")).string();
    OpenLog log(layer, path);
    std::string model;
    std::size_t next = 0;  // mostly, one write follows the other, as in a log
    for (int call = 0; call < 200; ++call) {
      const std::size_t kind = pick(20);
      if (kind < 14) {
        const std::size_t at = pick(8) == 0 ? pick(model.size() + 1) : std::min(next, model.size());
        const std::string data(1 + pick(5000), static_cast<char>('a' + pick(26)));
        log.write(data, at);
        model.resize(std::max(model.size(), at + data.size()));
        model.replace(at, data.size(), data);
        next = at + data.size();
      } else if (kind < 16 && !model.empty()) {
        const std::size_t at = pick(model.size());
        const std::size_t length = 1 + pick(model.size() - at);
        ASSERT_EQ(log.read(at, length), model.substr(at, length));
      } else if (kind == 16) {
        model.resize(pick(model.size() + 1));
        log.truncate(model.size());
      } else if (kind == 17) {
        ASSERT_EQ(log.size(), model.size());
      } else {
        log.sync();
        OpenLog other(layer, path);
        ASSERT_EQ(other.size(), model.size());
        if (!model.empty()) ASSERT_EQ(other.read(0, model.size()), model);
      }
    }
  }
}

TEST(LogFiles, OthersSeeNothingBeforeTheSync) {
  const TemporaryFolder folder;
  const LogFiles layer("");
  const std::string path = (folder.path() / "0.log").string();
  OpenLog log(layer, path);
  OpenLog other(layer, path);
  log.write("header", 0);
  log.write("page", 6);
  EXPECT_EQ(other.size(), 0u);
  log.sync();
  EXPECT_EQ(other.read(0, 10), "headerpage");
}

}  // namespace
}  // namespace hornbeam::data::sqlite
