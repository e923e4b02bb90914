// A disk that fails once, at any write, rename or sync, and then works again: whoever asked is
// told, nothing that was there is gone, and the next commit keeps everything.

#include <map>
#include <memory>
#include <string>
#include <system_error>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hornbeam/search/index.h"
#include "hornbeam/search/testing/crash_directory.h"

namespace hornbeam::search {
namespace {

using testing::CrashDirectory;

IndexOptions quiet() {
  return {.shard = {.merges_in_background = false}};
}

std::string json(int i, int round) {
  return fmt::format(R"({{"text":"word{} of round r{} all","round":{},"tag":"t{}"}})", i, round,
                     round, i % 3);
}

std::uint64_t count(const Index& index, std::string_view query) {
  const auto found = index.search(fmt::format(R"({{"size": 0, "query": {}}})", query));
  EXPECT_TRUE(found) << found.error().message;
  return found ? found->total.value : 0;
}

/// That the index has these documents, by every way of finding them.
void check(const Index& index, const std::map<std::string, std::string>& expected) {
  EXPECT_EQ(index.document_count(), expected.size());
  EXPECT_EQ(count(index, R"({"match": {"text": "all"}})"), expected.size());
  EXPECT_EQ(count(index, R"({"exists": {"field": "tag"}})"), expected.size());
  EXPECT_EQ(count(index, R"({"range": {"round": {"gte": 0}}})"), expected.size());
  for (const auto& [id, source] : expected) {
    const auto document = index.find(id);
    ASSERT_TRUE(document) << id;
    EXPECT_EQ(document->source, source);
    EXPECT_EQ(count(index, fmt::format(R"({{"match_phrase": {{"text": "word{} of round"}}}})", id)),
              1U);
  }
}

/// Writes with all that touches the disk; every step may throw, and is then tried again.
class Writer {
 public:
  explicit Writer(Index& index) : index_(index) {}

  void run() {
    for (int round = 0; round < 3; ++round) {
      for (int i = round; i < round + 4; ++i) {
        const std::string id = std::to_string(i);
        ASSERT_TRUE(index_.put(id, json(i, round)));
        expected[id] = json(i, round);
      }
      persist([&] { index_.refresh(); });
      ASSERT_TRUE(index_.remove(std::to_string(round)));
      expected.erase(std::to_string(round));
      if (round == 1) persist([&] { index_.shard().merge_all(); });
      persist([&] { index_.commit(std::to_string(round)); });
    }
  }

  std::map<std::string, std::string> expected;
  std::size_t failures = 0;

 private:
  template <class Step>
  void persist(Step step) {
    try {
      step();
    } catch (const std::system_error&) {
      ++failures;
      step();
    }
  }

  Index& index_;
};

TEST(ShardFailure, LosesNothingWhateverStepFailsOnce) {
  std::size_t steps = 0;
  for (std::size_t failing = 0; failing <= steps; ++failing) {
    auto directory = std::make_unique<CrashDirectory>();
    CrashDirectory& disk = *directory;
    auto index = Index::open(std::move(directory), quiet()).value();
    // Behind the last step nothing fails, which is how many there are.
    disk.fail_at(failing);
    Writer writer(*index);
    writer.run();
    ASSERT_LE(writer.failures, 1U);
    if (writer.failures > 0) steps = failing + 1;
    index->refresh();
    check(*index, writer.expected);
    const auto opened = Index::open(disk.after_crash(CrashDirectory::Kept::kNothing), quiet());
    ASSERT_TRUE(opened);
    EXPECT_EQ((*opened)->user_data(), "2");
    check(**opened, writer.expected);
    if (::testing::Test::HasFailure()) {
      ADD_FAILURE() << "step " << failing << " failed once";
      return;
    }
  }
  EXPECT_GT(steps, 30U);
}

// As a shard's test of the same name, but of all that users see: mapping, terms, columns, cursor.
TEST(IndexCrash, OpensAtACommitWhereverThePowerWent) {
  for (std::size_t cut = 0;; ++cut) {
    auto directory = std::make_unique<CrashDirectory>();
    CrashDirectory& disk = *directory;
    disk.cut_at(cut);
    bool is_cut = false;
    {
      auto index = Index::open(std::move(directory), quiet()).value();
      try {
        for (int round = 0; round < 3; ++round) {
          for (int i = 0; i < 4; ++i) {
            ASSERT_TRUE(index->put(std::to_string(i), json(i, round)));
            if (i == 1) index->refresh();
          }
          ASSERT_TRUE(index->put("new", fmt::format(R"({{"only_{}": "all"}})", round)));
          ASSERT_TRUE(index->remove(std::to_string(round)));
          if (round == 1) index->shard().merge_all();
          index->commit(std::to_string(round));
        }
      } catch (const testing::PowerCut&) {
        is_cut = true;
      }
      for (const auto kept : {CrashDirectory::Kept::kNothing, CrashDirectory::Kept::kHalf,
                              CrashDirectory::Kept::kEverything}) {
        const auto opened = Index::open(disk.after_crash(kept), quiet());
        ASSERT_TRUE(opened) << "cut at step " << cut;
        const std::string round = (*opened)->user_data();
        if (round.empty()) {
          EXPECT_EQ((*opened)->document_count(), 0U) << "cut at step " << cut;
          continue;
        }
        EXPECT_EQ((*opened)->document_count(), 4U) << "cut at step " << cut;
        EXPECT_EQ(count(**opened, fmt::format(R"({{"term": {{"round": {}}}}})", round)), 3U);
        EXPECT_EQ(count(**opened, fmt::format(R"({{"match": {{"text": "r{}"}}}})", round)), 3U);
        EXPECT_EQ(count(**opened, fmt::format(R"({{"match": {{"only_{}": "all"}}}})", round)), 1U);
      }
    }
    if (!is_cut) {
      EXPECT_GT(cut, 30U);
      return;
    }
  }
}

}  // namespace
}  // namespace hornbeam::search
