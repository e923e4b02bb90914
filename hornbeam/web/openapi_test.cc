#include "hornbeam/web/openapi.h"

#include <gtest/gtest.h>

#include "hornbeam/web.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::web {

struct Token {
  std::string text;
};
template <>
struct Extract<Token> {
  static Token from(const Request&) { return {}; }
  static void document(Operation& operation) { operation.take_header("X-Token"); }
};

namespace {

struct Node {
  std::string name;
  std::vector<Node> children;
};
constexpr auto describe(base::Type<Node>) {
  return base::fields(
      base::field("name", &Node::name, base::length(2, 9), base::about("What <it> is called")),
      base::field("children", &Node::children, base::or_default));
}

struct Search {
  std::string text;
  std::optional<int> limit;
};
constexpr auto describe(base::Type<Search>) {
  return base::fields(base::field("q", &Search::text, base::length(1)),
                      base::field("limit", &Search::limit, base::range(1, 50)));
}

/// A member of the document by its way.
std::string at(const std::string& document, std::initializer_list<std::string_view> way) {
  const auto parsed = base::JsonDocument::parse(document);
  base::JsonView here = parsed->root();
  for (const std::string_view step : way) {
    const auto next = here.find(step);
    if (!next) return "nothing at " + std::string(step);
    here = *next;
  }
  return here.text();
}

std::string document_of(const App& app) {
  return openapi_document(app, OpenApi{.title = "Test", .version = "1"});
}

TEST(OpenApi, TellsWhatHandlersTakeAndReturn) {
  App app;
  app.get("/nodes", [](Query<Search>) { return std::vector<Node>(); });
  app.put("/nodes/{id}", [](std::int32_t, Body<Node>, Token) { return std::optional<Node>(); });
  const std::string document = document_of(app);
  EXPECT_EQ(at(document, {"openapi"}), "\"3.1.0\"");
  EXPECT_EQ(
      at(document, {"paths", "/nodes", "get", "parameters"}),
      R"([{"name":"q","in":"query","required":true,"schema":{"type":"string","minLength":1}},)"
      R"({"name":"limit","in":"query","required":false,"schema":)"
      R"({"type":"integer","format":"int32","minimum":1,"maximum":50}}])");
  EXPECT_EQ(at(document, {"paths", "/nodes", "get", "responses", "200", "content"}),
            R"({"application/json":{"schema":{"type":"array","items":)"
            R"({"$ref":"#/components/schemas/Node"}}}})");
  EXPECT_EQ(at(document, {"paths", "/nodes/{id}", "put", "parameters"}),
            R"([{"name":"id","in":"path","required":true,"schema":)"
            R"({"type":"integer","format":"int32"}},)"
            R"({"name":"X-Token","in":"header","required":true,"schema":{"type":"string"}}])");
  EXPECT_EQ(at(document, {"paths", "/nodes/{id}", "put", "requestBody"}),
            R"({"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Node"}}},)"
            R"("required":true})");
  for (const char* status : {"400", "404", "415", "422"}) {
    EXPECT_EQ(at(document, {"paths", "/nodes/{id}", "put", "responses", status, "content"}),
              R"({"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}})");
  }
}

TEST(OpenApi, TellsWhatRoutesSay) {
  App app;
  app.post("/nodes", [](Body<Node> node) { return status(201, *node); })
      .name("nodes.add")
      .summary("Adds one", "Names are not unique.")
      .tags({"Trees"})
      .answers<Node>(201, "It was added")
      .answers(409)
      .deprecated();
  app.get("/hidden", [] { return "hidden"; }).undocumented();
  const std::string document = document_of(app);
  const auto post = [&document](std::string_view member) {
    return at(document, {"paths", "/nodes", "post", member});
  };
  EXPECT_EQ(post("operationId"), "\"nodes.add\"");
  EXPECT_EQ(post("summary"), "\"Adds one\"");
  EXPECT_EQ(post("description"), "\"Names are not unique.\"");
  EXPECT_EQ(post("tags"), "[\"Trees\"]");
  EXPECT_EQ(post("deprecated"), "true");
  EXPECT_EQ(at(document, {"paths", "/nodes", "post", "responses", "201"}),
            R"({"description":"It was added","content":{"application/json":{"schema":)"
            R"({"$ref":"#/components/schemas/Node"}}}})");
  EXPECT_EQ(at(document, {"paths", "/nodes", "post", "responses", "409"}),
            R"({"description":"Conflict","content":{"application/problem+json":{"schema":)"
            R"({"$ref":"#/components/schemas/Problem"}}}})");
  EXPECT_EQ(at(document, {"paths", "/nodes", "post", "responses", "default"}),
            "nothing at default");
  EXPECT_EQ(document.find("hidden"), std::string::npos);
}

TEST(OpenApi, IsThereOnlyWhereItIsUsed) {
  App app;
  TestClient client(app);
  client.get("/openapi.json").expect_status(404);
  client.get("/docs").expect_status(404);
}

TEST(OpenApi, PageShowsOperationsAndSchemasWithoutScripts) {
  App app;
  app.post("/nodes", [](Body<Node> node) { return *node; }).summary("Adds <one>");
  app.use(OpenApi{.title = "Trees & more", .version = "3", .docs_path = "/api/docs"});
  TestClient client(app);
  const auto page = client.get("/api/docs").expect_status(200);
  EXPECT_EQ(page.content_type(), "text/html; charset=utf-8");
  for (const std::string_view part :
       {"<title>Trees &amp; more</title>", "<html lang=\"en\">", "Adds &lt;one&gt;",
        "href=\"../openapi.json\"", "href=\"../api/docs/docs.css\"", "id=\"schema-Node\"",
        "<article id=\"op-POST%20%2Fnodes\">", "2 to 9 characters", "What &lt;it&gt; is called",
        "<small>required</small>", "&#34;children&#34;: []", "href=\"#schema-Problem\""}) {
    EXPECT_NE(page.body().find(part), std::string::npos) << part;
  }
  for (const std::string_view refused : {"<script", "style=", "<style", "https://"}) {
    EXPECT_EQ(page.body().find(refused), std::string::npos) << refused;
  }
  EXPECT_EQ(client.get("/api/docs/docs.svg").expect_status(200).content_type(), "image/svg+xml");
  EXPECT_EQ(client.get("/api/docs/docs.css").expect_status(200).content_type(),
            "text/css; charset=utf-8");
}

TEST(OpenApi, IsNotSentTwiceToWhoHasIt) {
  App app;
  app.use(OpenApi{});
  TestClient client(app);
  const auto first = client.get("/openapi.json").expect_status(200);
  EXPECT_EQ(first.content_type(), "application/json");
  client.get("/openapi.json", with_header("If-None-Match", *first.find_header("etag")))
      .expect_status(304);
}

}  // namespace
}  // namespace hornbeam::web
