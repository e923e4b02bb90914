#include "hornbeam/web/static_files.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "hornbeam/web.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::web {
namespace {

namespace fs = std::filesystem;

class StaticFilesTest : public testing::Test {
 public:
  StaticFilesTest() {
    folder_ =
        fs::temp_directory_path() / ("static_files_test." + std::to_string(::getpid()) + "." +
                                     testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::create_directories(folder_ / "root/css");
    write("secret.txt", "secret");
    write("root/hello.txt", "0123456789");
    write("root/css/site.css", "body{}");
    write("root/css/site.css.gz", "gzipped");
    write("root/large.bin", std::string(200'000, 'x') + "end");
    fs::create_symlink(folder_ / "secret.txt", folder_ / "root/leak.txt");
    fs::create_symlink("hello.txt", folder_ / "root/inside.txt");
    app_.static_files("/static", (folder_ / "root").string(), {.cached_file_bytes = 1000});
  }
  ~StaticFilesTest() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& content) const {
    std::ofstream(folder_ / name, std::ios::binary) << content;
  }

  fs::path folder_;
  App app_;
};

TEST_F(StaticFilesTest, SendsFilesWithTypeAndValidators) {
  TestClient client(app_);
  const auto css = client.get("/static/css/site.css");
  css.expect_status(200)
      .expect_body("body{}")
      .expect_header("Content-Type", "text/css; charset=utf-8")
      .expect_header("Cache-Control", "no-cache")
      .expect_header("Accept-Ranges", "bytes");
  EXPECT_TRUE(css.find_header("ETag"));
  EXPECT_TRUE(css.find_header("Last-Modified"));
  client.get("/static/css/site.css", with_header("Accept-Encoding", "br, gzip"))
      .expect_body("gzipped")
      .expect_header("Content-Encoding", "gzip")
      .expect_header("Content-Type", "text/css; charset=utf-8")
      .expect_header("Vary", "Accept-Encoding");
  client.get("/static/css/site.css", with_header("Accept-Encoding", "gzip;q=0"))
      .expect_body("body{}");
  EXPECT_TRUE(client.get("/static/large.bin").body().ends_with("xxend"));
  client.get("/static/none.txt").expect_status(404);
  client.get("/static/css").expect_status(404);
  client.get("/static/css/").expect_status(404);
  client.post("/static/hello.txt").expect_status(405);
}

TEST_F(StaticFilesTest, AnswersNotModifiedWhereTheClientsCopyIsGood) {
  TestClient client(app_);
  const auto first = client.get("/static/hello.txt");
  const std::string etag = *first.find_header("ETag");
  const std::string date = *first.find_header("Last-Modified");
  for (const std::string& tags : {etag, "W/" + etag, "\"x\", " + etag, std::string("*")}) {
    client.get("/static/hello.txt", with_header("If-None-Match", tags))
        .expect_status(304)
        .expect_body("")
        .expect_header("ETag", etag);
  }
  client.get("/static/hello.txt", with_header("If-None-Match", "\"x\"")).expect_status(200);
  client.get("/static/hello.txt", with_header("If-Modified-Since", date)).expect_status(304);
  client.get("/static/hello.txt", with_header("If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT"))
      .expect_status(200);
}

TEST_F(StaticFilesTest, SendsOneRange) {
  struct Case {
    const char* range;
    int status;
    const char* body;
    const char* content_range;
  };
  TestClient client(app_);
  for (const auto& [range, status, body, content_range] :
       std::initializer_list<Case>{{"bytes=0-3", 206, "0123", "bytes 0-3/10"},
                                   {"bytes=7-", 206, "789", "bytes 7-9/10"},
                                   {"bytes=-2", 206, "89", "bytes 8-9/10"},
                                   {"bytes=8-99", 206, "89", "bytes 8-9/10"},
                                   {"bytes=-99", 206, "0123456789", "bytes 0-9/10"},
                                   {"bytes=10-", 416, "", "bytes */10"},
                                   {"bytes=-0", 416, "", "bytes */10"},
                                   {"bytes=99999999999999999999-", 416, "", "bytes */10"},
                                   {"bytes=0-1,3-4", 416, "", "bytes */10"}}) {
    client.get("/static/hello.txt", with_header("Range", range))
        .expect_status(status)
        .expect_body(body)
        .expect_header("Content-Range", content_range);
  }
  for (const char* ignored :
       {"bytes=3-1", "bytes=a-b", "items=0-1", "bytes=", "bytes=-", "bytes=5"}) {
    client.get("/static/hello.txt", with_header("Range", ignored))
        .expect_status(200)
        .expect_body("0123456789");
  }
  client.get("/static/large.bin", with_header("Range", "bytes=199998-200001"))
      .expect_status(206)
      .expect_body("xxen");
}

TEST_F(StaticFilesTest, SendsARangeOnlyOfTheStateTheClientHas) {
  TestClient client(app_);
  const std::string etag = *client.get("/static/hello.txt").find_header("ETag");
  client.get("/static/hello.txt", with_header("Range", "bytes=0-1"), with_header("If-Range", etag))
      .expect_status(206);
  client
      .get("/static/hello.txt", with_header("Range", "bytes=0-1"), with_header("If-Range", "\"x\""))
      .expect_status(200);
}

TEST_F(StaticFilesTest, NothingLeadsOutOfTheFolder) {
  TestClient client(app_);
  client.get("/static/inside.txt").expect_status(200);
  client.get("/static/css/../hello.txt").expect_status(200);
  for (const char* path :
       {"/static/../secret.txt", "/static/%2e%2e/secret.txt", "/static/..%2fsecret.txt",
        "/static/css/../../secret.txt", "/static/css/..%2f..%2fsecret.txt", "/static/leak.txt",
        "/static//etc/passwd", "/static/%2fetc/passwd", "/static/hello.txt%00.css",
        "/static/..%5csecret.txt", "/static/."}) {
    const auto response = client.get(path, follow_redirects());
    EXPECT_EQ(response.status(), 404) << response;
  }
}

// Where these name devices they hang a server or lead past its checks. Here they are names like
// others.
TEST_F(StaticFilesTest, NamesOfWindowsDevicesAreNamesOfMissingFiles) {
  for (const char* name : {"NUL", "CON", "con.txt", "COM1", "LPT1.css", "AUX", "nul:", "NUL%20",
                           "C:%5Cwindows%5Cwin.ini", "%5C%5Chost%5Cshare"}) {
    TestClient(app_).get(std::string("/static/") + name).expect_status(404);
  }
}

TEST_F(StaticFilesTest, SeesAChangeWithinASecond) {
  const StaticOptions options;
  StaticFiles files((folder_ / "root").string(), options);
  write("root/fresh.txt", "new");
  TestClient client(app_);
  client.get("/static/fresh.txt").expect_body("new");
}

TEST(StaticFiles, CanBeBuiltIn) {
  App app;
  app.static_files("/assets", EmbeddedFiles{{"app.js", "let x;"}},
                   {.max_age = std::chrono::hours(1)});
  TestClient client(app);
  const auto script = client.get("/assets/app.js");
  script.expect_body("let x;")
      .expect_header("Content-Type", "text/javascript; charset=utf-8")
      .expect_header("Cache-Control", "public, max-age=3600");
  client.get("/assets/app.js", with_header("If-None-Match", *script.find_header("ETag")))
      .expect_status(304);
  client.get("/assets/none.js").expect_status(404);
}

TEST(StaticFiles, AMissingFolderIsAnErrorThatNamesIt) {
  App app;
  try {
    app.static_files("/static", "/no/such/folder");
    FAIL();
  } catch (const std::system_error& error) {
    EXPECT_NE(std::string(error.what()).find("'/no/such/folder'"), std::string::npos);
  }
}

}  // namespace
}  // namespace hornbeam::web
