#include "hornbeam/web/compression.h"

#include <gtest/gtest.h>

#include "hornbeam/http/content_coding.h"
#include "hornbeam/web.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::web {
namespace {

using http::ContentCoding;

std::string pack(ContentCoding coding, std::string_view text) {
  std::string packed;
  http::ContentEncoder(coding).append(packed, text, http::ContentEncoder::Flush::kEnd);
  return packed;
}
std::string unpack(ContentCoding coding, std::string_view packed) {
  std::string text;
  http::ContentDecoder(coding, 1 << 20).append(text, packed);
  return text;
}

TEST(Compression, SendsTheCodingThatIsLikedBest) {
  App app;
  app.use(Compression{});
  const std::string page(5000, 'x');
  app.get("/", [page] { return page; });
  app.get("/stream", [page] {
    return stream("text/plain",
                  [page](BodySink& sink) -> Task<void> { co_await sink.write(page); });
  });
  TestClient client(app);
  struct Case {
    std::string_view accept, coding;
  };
  for (const auto& [accept, coding] :
       {Case{"gzip, br, zstd", "br"}, Case{"gzip, br;q=0.5", "gzip"}, Case{"zstd", "zstd"},
        Case{"*", "br"}, Case{"", ""}, Case{"gzip;q=0", ""}, Case{"identity, gzip;q=0.5", ""}}) {
    for (const char* path : {"/", "/stream"}) {
      const auto response = client.get(path, with_header("Accept-Encoding", std::string(accept)));
      response.expect_header("vary", "Accept-Encoding");
      EXPECT_EQ(response.find_header("content-encoding").value_or(""), coding) << accept;
      const auto known = http::find_content_coding(coding);
      EXPECT_EQ(known ? unpack(*known, response.body()) : response.body(), page);
    }
  }
}

TEST(Compression, LeavesAloneWhatItShould) {
  App app;
  app.use(Compression{});
  app.get("/short", [] { return "short"; });
  app.get("/image", [] { return Response(200, "image/png", std::string(5000, 'x')); });
  app.get("/private", [] {
    Response response = text(std::string(5000, 'x'));
    response.set_field("Cache-Control", "no-store, no-transform");
    return response;
  });
  app.get("/tagged", [] {
    Response response = text(std::string(5000, 'x'));
    response.set_field("ETag", "\"v1\"");
    return response;
  });
  TestClient client(app);
  for (const char* path : {"/short", "/image", "/private"}) {
    EXPECT_FALSE(
        client.get(path, with_header("Accept-Encoding", "gzip")).find_header("content-encoding"))
        << path;
  }
  client.get("/tagged", with_header("Accept-Encoding", "gzip")).expect_header("etag", "W/\"v1\"");
  client.get("/tagged").expect_header("etag", "\"v1\"");
}

TEST(Compression, IsTakenOffRequestsWithinTheLimitOfTheBody) {
  App app;
  app.settings().max_body_bytes = 10'000;
  app.post("/", [](const Request& request) { return std::string(request.body()); });
  app.post("/stream", [](BodyStream body) -> Task<std::string> {
    std::string all;
    while (auto piece = co_await body.next()) all += *piece;
    co_return all;
  });
  TestClient client(app);
  for (const char* path : {"/", "/stream"}) {
    for (const auto coding : {ContentCoding::kGzip, ContentCoding::kBrotli, ContentCoding::kZstd}) {
      const auto named = with_header("Content-Encoding", std::string(to_string(coding)));
      const std::string packed = pack(coding, std::string(9'000, 'a'));
      client.post(path, named, with_body(packed, "text/plain"))
          .expect_body(std::string(9'000, 'a'));
      client.post(path, named, with_body(pack(coding, std::string(1 << 20, 'a')), "text/plain"))
          .expect_status(413);
      client.post(path, named, with_body(packed.substr(0, packed.size() - 3), "text/plain"))
          .expect_status(400);
    }
    client.post(path, with_header("Content-Encoding", "compress"), with_body("x", "text/plain"))
        .expect_status(415);
  }
}

}  // namespace
}  // namespace hornbeam::web
