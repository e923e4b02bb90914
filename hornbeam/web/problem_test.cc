// Errors as clients see them: problem documents (RFC 9457), and a page for browsers.

#include <gtest/gtest.h>

#include "hornbeam/web.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::web {
namespace {

constexpr std::string_view kBrowser =
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

struct Row {
  std::string a_b;
  int count = 0;
};
constexpr auto describe(base::Type<Row>) {
  return base::fields(base::field("a/b~c", &Row::a_b), base::field("count", &Row::count));
}

App make_app() {
  App app;
  app.post("/rows", [](Body<std::vector<Row>>) {});
  app.get("/gone", []() -> std::string { abort(410, "It <was> here."); });
  app.get("/credit", []() -> std::string {
    throw forbidden("Your balance is 30, and it costs 50.")
        .with_type("https://example.org/problems/credit", "You have not <enough> credit")
        .with_instance("urn:uuid:3f2504e0-4f89-41d3-9a0c-0305e82c3301");
  });
  return app;
}

TEST(Problems, HaveTheMembersOfRfc9457) {
  App app = make_app();
  TestClient client(app);
  const auto answer = client.get("/gone").expect_status(410);
  EXPECT_EQ(answer.content_type(), "application/problem+json");
  // "When this member is not present, its value is assumed to be about:blank", and with that "title
  // SHOULD be the same as the recommended HTTP status phrase for that code" (section 4.2.1).
  EXPECT_EQ(answer.body(), R"({"type":"about:blank","title":"Gone","status":410,)"
                           R"("detail":"It <was> here."})");
  EXPECT_EQ(client.get("/credit").expect_status(403).body(),
            R"({"type":"https://example.org/problems/credit",)"
            R"("title":"You have not <enough> credit","status":403,)"
            R"("detail":"Your balance is 30, and it costs 50.",)"
            R"("instance":"urn:uuid:3f2504e0-4f89-41d3-9a0c-0305e82c3301"})");
}

TEST(Problems, PointAtEveryErrorAsAJsonPointer) {
  App app = make_app();
  TestClient client(app);
  const auto answer = client.post(
      "/rows", with_body(R"([{"a/b~c":"x","count":1},{"a/b~c":1,"ü":2}])", "application/json"));
  EXPECT_EQ(answer.status(), 422);
  EXPECT_EQ(answer.body(), R"({"type":"about:blank","title":"Unprocessable Content","status":422,)"
                           R"("detail":"3 fields are not as they must be","errors":[)"
                           R"({"detail":"expected str","pointer":"#/1/a~1b~0c"},)"
                           R"({"detail":"required key not provided","pointer":"#/1/count"},)"
                           R"({"detail":"extra keys not allowed","pointer":"#/1/%C3%BC"}]})");
}

TEST(Problems, AreAPageForWhoPrefersHtml) {
  App app = make_app();
  TestClient client(app);
  struct Case {
    std::string_view accept;
    bool is_page;
  };
  for (const auto& [accept, is_page] :
       std::initializer_list<Case>{{kBrowser, true},
                                   {"text/html", true},
                                   {"Text/HTML;level=1", true},
                                   {"text/html, application/json", true},
                                   {"", false},
                                   {"*/*", false},
                                   {"text/*", false},
                                   {"text/html;q=0, */*", false},
                                   {"text/html;q=0.4, application/json;q=0.5", false},
                                   {"text/html;q=0.4, application/problem+json", false},
                                   {"text/htmlx", false},
                                   {"application/json", false}}) {
    SCOPED_TRACE(accept);
    const auto answer = client.get("/gone", with_header("Accept", std::string(accept)));
    EXPECT_EQ(answer.content_type(),
              is_page ? "text/html; charset=utf-8" : "application/problem+json");
    EXPECT_EQ(answer.find_header("vary"), "Accept");
  }
}

TEST(Problems, PageEscapesWhatItShows) {
  App app = make_app();
  TestClient client(app);
  const auto accept = with_header("Accept", std::string(kBrowser));
  client.get("/gone", accept).expect_body_contains("<p>It &lt;was&gt; here.</p>");
  client.get("/credit", accept)
      .expect_body_contains("<h1>403 You have not &lt;enough&gt; credit</h1>");
}

}  // namespace
}  // namespace hornbeam::web
