#include <csignal>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "hornbeam/web/internal/child_process.h"
#include "hornbeam/web/internal/file_watch.h"

namespace hornbeam::web {
namespace {

namespace fs = std::filesystem;

TEST(FileWatch, SeesWhatChangesComesAndGoesAndNotWhatBuildsWrite) {
  const fs::path folder =
      fs::temp_directory_path() / ("file_watch_test." + std::to_string(::getpid()));
  auto write = [&folder](const std::string& name) {
    fs::create_directories((folder / name).parent_path());
    static int count = 0;
    std::ofstream(folder / name) << ++count;
  };
  write("src/main.cc");
  FileWatch watch({folder.string()});
  EXPECT_TRUE(watch.changes().empty());
  write("src/main.cc");
  EXPECT_EQ(watch.changes(), std::vector{(folder / "src/main.cc").string()});
  write("page.html");
  EXPECT_EQ(watch.changes(), std::vector{(folder / "page.html").string()});
  fs::remove(folder / "page.html");
  EXPECT_EQ(watch.changes(), std::vector{(folder / "page.html").string()});
  for (const char* left_out : {"build/x.cc", ".git/x.h", "var/x.json", "src/main.o"}) {
    write(left_out);
    EXPECT_TRUE(watch.changes().empty()) << left_out;
  }
  fs::remove_all(folder);
}

TEST(FileWatch, TakesNoFileForChangedThatHoldsWhatItHeld) {
  const fs::path file = fs::temp_directory_path() / ("file_watch." + std::to_string(::getpid()));
  std::ofstream(file) << "generated";
  FileWatch watch({file.string()});
  std::ofstream(file) << "generated";
  fs::last_write_time(file, fs::file_time_type::clock::now() + std::chrono::seconds(5));
  EXPECT_TRUE(watch.changes().empty());
  std::ofstream(file) << "Generated";
  EXPECT_EQ(watch.changes(), std::vector{file.string()});
  fs::remove(file);
}

TEST(FileWatch, KnowsWhatNeedsABuild) {
  for (const char* source : {"a.cc", "b/a.h", "x.hpp", "CMakeLists.txt", "c.cmake"}) {
    EXPECT_TRUE(needs_build(source)) << source;
  }
  for (const char* read : {"a.html", "a.css", "a.js", "app.toml", ".env", "notes.txt", "1.sql"}) {
    EXPECT_FALSE(needs_build(read)) << read;
  }
}

TEST(RunCommand, GivesCodeAndOutput) {
  const CommandResult result = run_command("echo out; echo err >&2; exit 3");
  EXPECT_EQ(result.code, 3);
  EXPECT_EQ(result.output, "out\nerr\n");
}

TEST(ChildProcess, IsAskedToEndAndThenEnded) {
  ChildProcess polite("/bin/sh", {"sh", "-c", "sleep 30"}, {}, {}, {});
  EXPECT_FALSE(polite.poll());
  polite.stop(std::chrono::seconds(10));
  EXPECT_EQ(polite.poll(), 128 + SIGTERM);
  ChildProcess stubborn("/bin/sh", {"sh", "-c", "trap '' TERM; while :; do sleep 1; done"}, {}, {},
                        {});
  stubborn.stop(std::chrono::milliseconds(50));
  EXPECT_TRUE(stubborn.poll());
  EXPECT_THROW(ChildProcess("/no/such/program", {"x"}, {}, {}, {}), std::system_error);
}

}  // namespace
}  // namespace hornbeam::web
