#include "hornbeam/web/send_file.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "hornbeam/web.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::web {
namespace {

class SendFile : public testing::Test {
 protected:
  SendFile() {
    std::ofstream(path_) << "0123456789";
    app_.get("/", [this](const Request& request) { return send_file(request, path_); });
    app_.get("/save", [this](const Request& request) {
      return send_file(request, path_, {.is_attachment = true, .download_name = "\u20ac.csv"});
    });
    app_.get("/none", [](const Request& request) { return send_file(request, "/nowhere/x"); });
    app_.get("/folder", [](const Request& request) { return send_file(request, "/tmp"); });
  }
  ~SendFile() override { std::filesystem::remove(path_); }

  std::string path_ = testing::TempDir() + "/hornbeam_send_" + std::to_string(::getpid()) + ".txt";
  App app_;
};

TEST_F(SendFile, GivesTheFileItsRangesAndNothingTwice) {
  TestClient client(app_);
  const TestResponse whole = client.get("/");
  whole.expect_status(200).expect_body("0123456789");
  whole.expect_header("content-type", "text/plain; charset=utf-8");
  const std::string etag = *whole.find_header("etag");
  client.get("/", with_header("If-None-Match", etag)).expect_status(304).expect_body("");
  client.get("/", with_header("Range", "bytes=2-4"))
      .expect_status(206)
      .expect_body("234")
      .expect_header("content-range", "bytes 2-4/10");
  client.get("/", with_header("Range", "bytes=-3")).expect_body("789");
  client.get("/", with_header("Range", "bytes=7-")).expect_body("789");
  client.get("/", with_header("Range", "bytes=10-"))
      .expect_status(416)
      .expect_header("content-range", "bytes */10");
  client.get("/", with_header("Range", "bytes=0-1,3-4")).expect_status(416);
  client.get("/", with_header("Range", "bytes=2-4"), with_header("If-Range", "\"old\""))
      .expect_status(200);
  client.request(http::Method::kHead, "/").expect_status(200).expect_body("");
}

TEST_F(SendFile, NamesAnAttachment) {
  TestClient client(app_);
  client.get("/save")
      .expect_header("content-disposition",
                     "attachment; filename=\"_.csv\"; filename*=UTF-8''%E2%82%AC.csv")
      .expect_header("content-type", "text/csv; charset=utf-8");
  client.get("/none").expect_status(404);
  client.get("/folder").expect_status(404);
}

TEST(Conditional, AnswersThe304OfAPageAndThe412OfAChange) {
  App app;
  app.get("/page",
          [](const Request& request) { return make_conditional(request, html("<p>same</p>")); });
  app.put("/page", [](const Request& request) {
    require_match(request, "\"v2\"");
    return "changed";
  });
  TestClient client(app);
  const std::string etag = *client.get("/page").expect_status(200).find_header("etag");
  client.get("/page", with_header("If-None-Match", "\"x\", W/" + etag)).expect_status(304);
  client.get("/page", with_header("If-None-Match", "\"x\"")).expect_status(200);
  client.put("/page", with_header("If-Match", "\"v1\"")).expect_status(412);
  client.put("/page", with_header("If-Match", "W/\"v2\"")).expect_status(412);
  client.put("/page", with_header("If-Match", "\"v1\", \"v2\"")).expect_status(200);
  client.put("/page", with_header("If-Match", "*")).expect_status(200);
  client.put("/page").expect_status(200);
}

TEST(StaticFolder, AnswersWithItsIndexAndTheCodingThatIsLikedBest) {
  const std::string folder = testing::TempDir() + "/hornbeam_index_" + std::to_string(::getpid());
  std::filesystem::create_directories(folder + "/sub");
  std::ofstream(folder + "/index.html") << "top";
  std::ofstream(folder + "/sub/index.html") << "sub";
  std::ofstream(folder + "/index.html.gz") << "gz";
  std::ofstream(folder + "/index.html.zst") << "zst";
  App app;
  app.static_files("/docs", folder, {.index = "index.html"});
  TestClient client(app);
  client.get("/docs/").expect_status(200).expect_body("top");
  client.get("/docs/sub/").expect_status(200).expect_body("sub");
  client.get("/docs/sub").expect_status(404);
  client.get("/docs/", with_header("Accept-Encoding", "gzip, zstd"))
      .expect_body("zst")
      .expect_header("vary", "Accept-Encoding");
  client.get("/docs/", with_header("Accept-Encoding", "gzip, zstd;q=0.5")).expect_body("gz");
  client.get("/docs/", with_header("Accept-Encoding", "gzip;q=0")).expect_body("top");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace hornbeam::web
