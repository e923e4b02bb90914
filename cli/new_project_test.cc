#include "cli/new_project.h"

#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace hornbeam::cli {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class NewProject : public testing::Test {
 public:
  NewProject() {
    const char* test = testing::UnitTest::GetInstance()->current_test_info()->name();
    folder_ =
        fs::temp_directory_path() / ("new_project." + std::to_string(::getpid()) + "." + test);
    fs::create_directories(folder_);
  }
  ~NewProject() override { fs::remove_all(folder_); }

  std::string text(const std::string& path) const {
    std::ifstream in(folder_ / path);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::string refusal(const std::string& name) const {
    try {
      write_new_project(folder_, name);
    } catch (const ProjectError& error) {
      return error.what();
    }
    return "";
  }

  fs::path folder_;
};

TEST_F(NewProject, HasAllItsFilesUnderItsName) {
  const auto written = write_new_project(folder_, "night-market");
  for (const char* file : {"CMakeLists.txt", "CMakePresets.json", "main.cc", "app.h", "app.cc",
                           "app_test.cc", "templates/index.html", "static/style.css", ".gitignore",
                           "README.md", "night-market.toml"}) {
    const std::string content = text(std::string("night-market/") + file);
    EXPECT_NE(content, "") << file;
    EXPECT_EQ(content.find("@name@"), std::string::npos) << file;
    EXPECT_EQ(content.find("@prefix@"), std::string::npos) << file;
  }
  EXPECT_EQ(written.size(), 11U);
  EXPECT_THAT(text("night-market/CMakeLists.txt"),
              HasSubstr("add_executable(night-market main.cc)"));
  EXPECT_THAT(text("night-market/night-market.toml"), HasSubstr("NIGHT_MARKET_PORT"));
}

TEST_F(NewProject, WritesOverNothing) {
  fs::create_directory(folder_ / "shop");
  std::ofstream(folder_ / "shop/main.cc") << "mine";
  EXPECT_THAT(refusal("shop"), HasSubstr("exists already"));
  EXPECT_EQ(text("shop/main.cc"), "mine");
  EXPECT_FALSE(fs::exists(folder_ / "shop/app.cc"));
  fs::create_symlink("nowhere", folder_ / "link");
  EXPECT_NE(refusal("link"), "");
}

TEST_F(NewProject, RefusesNamesThatDoNotBuild) {
  for (const char* name : {"", "Shop", "1shop", "a/b", "..", "a b", "-x", "ünder"}) {
    EXPECT_THAT(refusal(name), HasSubstr("is no name for a project")) << name;
  }
  for (const char* name : {"test", "all", "hornbeam"}) {
    EXPECT_THAT(refusal(name), HasSubstr("a target that every build has")) << name;
  }
  EXPECT_TRUE(fs::is_empty(folder_));
}

}  // namespace
}  // namespace hornbeam::cli
