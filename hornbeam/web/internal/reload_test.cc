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
    std::ofstream(folder / name) << "x";
    // The clock of files is coarse: make each writing later than the one before.
    static int age = 0;
    fs::last_write_time(folder / name,
                        fs::file_time_type::clock::now() + std::chrono::seconds(++age));
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
