#include "hornbeam/search/codec/stored_documents.h"

#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hornbeam/search/testing/crash_directory.h"

namespace hornbeam::search {
namespace {

using Ids = std::vector<std::string>;

/// What is read back, and how many bytes the structure of ids took.
struct Stored {
  Ids ids;
  std::size_t bytes;
};

Stored store(const Ids& ids) {
  testing::CrashDirectory directory;
  SealedFileWriter out(directory, "file");
  StoredDocumentsWriter writer(out);
  for (const std::string& id : ids) writer.add(id, "{}");
  writer.finish();
  out.finish();
  const SealedFile file(directory, "file");
  const StoredDocuments stored(file, static_cast<DocId>(ids.size()));
  Stored found{.ids = {}, .bytes = file.structure("ids").size()};
  for (DocId doc = 0; doc < ids.size(); ++doc) found.ids.push_back(stored.id(doc));
  return found;
}

TEST(StoredIds, AreReadBackWhateverTheyAre) {
  for (const Ids& ids :
       {Ids{"1"}, Ids{"0", "7", "3"}, Ids{"999999999999999999", "0"}, Ids{"01", "1"},
        Ids{"1", "", "2"}, Ids{"1", "2a"}, Ids{"-1", "1"}, Ids{"+1", "1"}, Ids{" 1", "1"},
        Ids{"9999999999999999999", "1"}, Ids{std::string(500, 'x'), "y"}, Ids{"ü", "日本"}}) {
    EXPECT_EQ(store(ids).ids, ids);
  }
}

TEST(StoredIds, TakeABitIfTheyCountUp) {
  Ids ids;
  for (int i = 1; i <= 12'800; ++i) ids.push_back(std::to_string(i));
  const Stored stored = store(ids);
  EXPECT_EQ(stored.ids, ids);
  EXPECT_LT(stored.bytes, ids.size() / 7);
}

}  // namespace
}  // namespace hornbeam::search
