#include "hornbeam/web/internal/settled_change.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace hornbeam::web {
namespace {

namespace fs = std::filesystem;

TEST(SettledChange, IsSeenOnceAndOnlyWhenFilesAreLeftAlone) {
  std::string name = (fs::temp_directory_path() / "hornbeam-change-XXXXXX").string();
  const fs::path folder = ::mkdtemp(name.data());
  auto write = [&folder](const char* file, const char* content) {
    std::ofstream(folder / file) << content;
  };
  write("chain", "1");
  write("key", "1");
  SettledChange change({(folder / "chain").string(), (folder / "key").string()});
  EXPECT_FALSE(change.look());
  EXPECT_FALSE(change.look());

  write("chain", "22");
  EXPECT_FALSE(change.look()) << "the key may follow";
  write("key", "22");
  EXPECT_FALSE(change.look()) << "it did";
  EXPECT_TRUE(change.look());
  EXPECT_FALSE(change.look()) << "said already";

  // As certbot does it: another file takes the name.
  write("new", "22");
  fs::rename(folder / "new", folder / "chain");
  EXPECT_FALSE(change.look());
  EXPECT_TRUE(change.look());

  fs::remove(folder / "key");
  EXPECT_FALSE(change.look());
  EXPECT_TRUE(change.look()) << "so that somebody is told";
  EXPECT_FALSE(change.look());
  fs::remove_all(folder);
}

}  // namespace
}  // namespace hornbeam::web
