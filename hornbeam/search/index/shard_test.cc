#include "hornbeam/search/index/shard.h"

#include <latch>
#include <memory>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hornbeam/search/store/corrupt_index.h"
#include "hornbeam/search/testing/crash_directory.h"
#include "hornbeam/search/testing/shard_contents.h"

namespace hornbeam::search {
namespace {

using testing::contents;
using testing::CrashDirectory;
using testing::document;
using testing::PowerCut;

ShardOptions quiet() {
  return {.merges_in_background = false};
}

TEST(Shard, ShowsWritesAfterRefreshOnly) {
  Shard shard(std::make_unique<CrashDirectory>(), quiet());
  ASSERT_TRUE(shard.put(document("a", "1")));
  const auto before = shard.snapshot();
  EXPECT_TRUE(contents(*before).empty());
  shard.refresh();
  EXPECT_TRUE(contents(*before).empty());
  EXPECT_EQ(contents(*shard.snapshot()), (std::map<std::string, std::string>{{"a", "1"}}));
}

/// A disk that is not done with a commit until it may be.
class SlowDisk final : public Directory {
 public:
  std::vector<std::string> list() const override { return disk_.list(); }
  std::unique_ptr<OutputFile> create(std::string_view name) override { return disk_.create(name); }
  std::shared_ptr<const InputFile> open(std::string_view name) const override {
    return disk_.open(name);
  }
  void rename(std::string_view from, std::string_view to) override { disk_.rename(from, to); }
  void remove(std::string_view name) override { disk_.remove(name); }
  void sync_file(std::string_view name) override {
    has_begun.count_down();
    may_end.wait();
    disk_.sync_file(name);
  }
  void sync_names() override { disk_.sync_names(); }

  std::latch has_begun{1};
  std::latch may_end{1};

 private:
  CrashDirectory disk_;
};

TEST(Shard, SearchesWaitForNoCommit) {
  auto owned = std::make_unique<SlowDisk>();
  SlowDisk& disk = *owned;
  Shard shard(std::move(owned), quiet());
  ASSERT_TRUE(shard.put(document("a", "1")));
  std::jthread committing([&] { shard.commit("", ""); });
  disk.has_begun.wait();
  EXPECT_TRUE(contents(*shard.snapshot()).empty());
  disk.may_end.count_down();
}

TEST(Shard, ReplacesAndDeletesInBufferAndSegments) {
  Shard shard(std::make_unique<CrashDirectory>(), quiet());
  ASSERT_TRUE(shard.put(document("a", "1")));
  ASSERT_TRUE(shard.put(document("a", "2")));
  ASSERT_TRUE(shard.put(document("b", "1")));
  shard.refresh();
  const auto old = shard.snapshot();
  EXPECT_EQ(shard.put(document("a", "3"))->version, 3);
  EXPECT_TRUE(shard.remove("b")->existed);
  EXPECT_FALSE(shard.remove("b")->existed);
  shard.refresh();
  EXPECT_EQ(contents(*old), (std::map<std::string, std::string>{{"a", "2"}, {"b", "1"}}));
  EXPECT_EQ(contents(*shard.snapshot()), (std::map<std::string, std::string>{{"a", "3"}}));
}

TEST(Shard, RefusesWritesThatLost) {
  Shard shard(std::make_unique<CrashDirectory>(), quiet());
  ASSERT_TRUE(shard.put(document("a", "1"), {.external_version = 5}));
  const auto stale = shard.put(document("a", "0"), {.external_version = 5});
  ASSERT_FALSE(stale);
  EXPECT_EQ(stale.error().code, "version_conflict_engine_exception");
  EXPECT_EQ(stale.error().message,
            "[a]: version conflict, current version [5] is higher or equal than the one provided "
            "[5]");
  EXPECT_TRUE(shard.put(document("a", "1"), {.external_version = 5, .or_equal = true}));
  const auto second = shard.put(document("a", "2"));
  EXPECT_FALSE(shard.put(document("a", "3"), {.if_seq_no = second->seq_no - 1}));
  EXPECT_TRUE(shard.put(document("a", "3"), {.if_seq_no = second->seq_no}));
  EXPECT_FALSE(shard.put(document("a", "4"), {.if_absent = true}));
  ASSERT_TRUE(shard.remove("a", {.external_version = 9}));
  shard.refresh();
  EXPECT_FALSE(shard.put(document("a", "late"), {.external_version = 8}));
}

TEST(Shard, KeepsTombstonesAndUserDataInTheCommit) {
  auto directory = std::make_unique<CrashDirectory>();
  CrashDirectory& disk = *directory;
  Shard shard(std::move(directory), quiet());
  ASSERT_TRUE(shard.put(document("a", "1"), {.external_version = 1}));
  ASSERT_TRUE(shard.remove("a", {.external_version = 7}));
  shard.commit("{}", "cursor 3");
  Shard opened(disk.after_crash(CrashDirectory::Kept::kNothing), quiet());
  EXPECT_EQ(opened.committed_user_data(), "cursor 3");
  EXPECT_FALSE(opened.put(document("a", "late"), {.external_version = 6}));
}

/// A few commits with all that changes files between them; what was committed is told to `commits`.
void live_through(Shard& shard, std::vector<std::map<std::string, std::string>>& commits) {
  std::map<std::string, std::string> documents;
  for (int round = 0; round < 4; ++round) {
    for (int i = 0; i < 5; ++i) {
      const std::string id = std::to_string((round * 3 + i) % 9);
      documents[id] = fmt::format("{} of round {}", id, round);
      ASSERT_TRUE(shard.put(document(id, documents[id])));
    }
    shard.refresh();
    const std::string gone = std::to_string(round * 2);
    ASSERT_TRUE(shard.remove(gone));
    documents.erase(gone);
    if (round == 2) shard.merge_all();
    commits.push_back(documents);
    shard.commit("{}", std::to_string(commits.size()));
  }
}

// The power goes at every single step, and the disk keeps none, half or all of what it was not told
// to keep: the index is at the last commit, or at the one that was being made.
TEST(Shard, OpensAtItsLastCommitWhereverThePowerWent) {
  std::size_t steps = 0;
  {
    auto directory = std::make_unique<CrashDirectory>();
    CrashDirectory& disk = *directory;
    Shard shard(std::move(directory), quiet());
    std::vector<std::map<std::string, std::string>> commits;
    live_through(shard, commits);
    steps = disk.steps();
  }
  ASSERT_GT(steps, 50U);
  for (std::size_t cut = 0; cut < steps; ++cut) {
    auto directory = std::make_unique<CrashDirectory>();
    CrashDirectory& disk = *directory;
    disk.cut_at(cut);
    std::vector<std::map<std::string, std::string>> commits = {{}};
    std::size_t finished = 0;
    Shard shard(std::move(directory), quiet());
    try {
      live_through(shard, commits);
    } catch (const PowerCut&) {
    }
    const std::string user_data = shard.committed_user_data();
    finished = user_data.empty() ? 0 : std::stoul(user_data) - 1;
    for (const auto kept : {CrashDirectory::Kept::kNothing, CrashDirectory::Kept::kHalf,
                            CrashDirectory::Kept::kEverything}) {
      Shard opened(disk.after_crash(kept), quiet());
      const std::string found = opened.committed_user_data();
      const std::size_t at = found.empty() ? 0 : std::stoul(found) - 1;
      EXPECT_GE(at, finished) << "cut at step " << cut;
      EXPECT_LE(at, finished + 1) << "cut at step " << cut;
      EXPECT_EQ(contents(*opened.snapshot()), commits.at(at)) << "cut at step " << cut;
    }
  }
}

TEST(Shard, NamesWhereABitWasFlipped) {
  auto directory = std::make_unique<CrashDirectory>();
  CrashDirectory& disk = *directory;
  Shard shard(std::move(directory), quiet());
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(shard.put(document(std::to_string(i), "text")));
  shard.refresh();
  ASSERT_TRUE(shard.remove("3"));
  shard.commit("{}", "");
  for (const std::string& name : disk.list()) {
    for (std::size_t bit = 0; bit < disk.size_of(name) * 8; ++bit) {
      auto damaged = disk.after_crash(CrashDirectory::Kept::kEverything);
      damaged->flip(name, bit);
      try {
        Shard opened(std::move(damaged), quiet());
        ADD_FAILURE() << name << " was read with bit " << bit << " flipped";
      } catch (const CorruptIndex& found) {
        EXPECT_EQ(found.file(), name);
        EXPECT_FALSE(found.structure().empty());
      }
    }
  }
}

TEST(IdFilter, KnowsEachIdAndFewOthers) {
  Shard shard(std::make_unique<CrashDirectory>(), quiet());
  for (int i = 0; i < 5000; ++i) ASSERT_TRUE(shard.put(document(fmt::format("id-{}", i), "1")));
  shard.refresh();
  const IdFilter ids(*shard.snapshot()->segments.front().segment);
  int mistaken = 0;
  for (int i = 0; i < 5000; ++i) {
    ASSERT_TRUE(ids.may_hold(IdFilter::hash_of(fmt::format("id-{}", i)))) << i;
    mistaken += ids.may_hold(IdFilter::hash_of(fmt::format("id-{}", i + 5000))) ? 1 : 0;
  }
  EXPECT_LT(mistaken, 250);
}

}  // namespace
}  // namespace hornbeam::search
