#include "hornbeam/web/app.h"

#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include "hornbeam/base/sleep.h"
#include "hornbeam/web.h"
#include "hornbeam/web/test_client.h"

namespace blog {

struct NewPost {
  std::string title;
  std::optional<std::string> teaser;
  std::vector<std::string> tags;
};
constexpr auto describe(hornbeam::Type<NewPost>) {
  return hornbeam::fields(hornbeam::field("title", &NewPost::title, hornbeam::length(1, 20)),
                          hornbeam::field("teaser", &NewPost::teaser),
                          hornbeam::field("tags", &NewPost::tags, hornbeam::or_default));
}

struct Paging {
  int page = 1;
  std::optional<std::string> search;
};
constexpr auto describe(hornbeam::Type<Paging>) {
  return hornbeam::fields(
      hornbeam::field("page", &Paging::page, hornbeam::or_default, hornbeam::at_least(1)),
      hornbeam::field("q", &Paging::search));
}

}  // namespace blog

namespace hornbeam::web {
namespace {

/// An extension with a state of its own.
class Counting {
 public:
  explicit Counting(int& alive) : alive_(&alive) { ++*alive_; }
  Counting(Counting&& other) noexcept : count_(other.count_), alive_(other.alive_) { ++*alive_; }
  Counting& operator=(Counting&&) = delete;
  ~Counting() { --*alive_; }
  void init_app(App& app) {
    app.before_request([this] { ++count_; });
    app.get("/count", [this] { return std::to_string(count_); });
  }
  int count() const { return count_; }

 private:
  int count_ = 0;
  int* alive_;
};

TEST(App, KeepsAnExtensionThatWasMovedIn) {
  int alive = 0;
  {
    App made;
    const Counting& used = made.use(Counting(alive));
    App app = std::move(made);
    EXPECT_EQ(alive, 1);
    TestClient client(app);
    client.get("/count").expect_body("1");
    client.get("/count").expect_body("2");
    EXPECT_EQ(used.count(), 2);
  }
  EXPECT_EQ(alive, 0);
}

TEST(App, RefersToAnExtensionOfTheCallers) {
  int alive = 0;
  Counting counting(alive);
  {
    App app;
    app.use(counting);
    TestClient(app).get("/count").expect_body("1");
  }
  EXPECT_EQ(counting.count(), 1);
  EXPECT_EQ(alive, 1);
}

TEST(App, SaysHello) {
  App app;
  app.get("/", [] { return "Hello, world!"; });
  TestClient client(app);
  client.get("/")
      .expect_status(200)
      .expect_body("Hello, world!")
      .expect_header("Content-Type", "text/plain; charset=utf-8");
}

TEST(App, FillsPlainParametersFromThePathInOrder) {
  App app;
  app.get("/users/{id}/posts/{slug}",
          [](std::int64_t id, const std::string& slug) { return std::to_string(id) + ":" + slug; });
  app.get("/files/{rest:path}", [](const std::string& rest) { return rest; });
  TestClient client(app);
  client.get("/users/7/posts/a%20b").expect_body("7:a b");
  client.get("/users/seven/posts/a").expect_status(404);
  client.get("/files/a/b/c.txt").expect_body("a/b/c.txt");
}

TEST(App, ReadsDescribedBodiesAndReportsEveryField) {
  App app;
  app.post("/posts", [](Body<blog::NewPost> post) { return status(201, *post); });
  TestClient client(app);
  client.post("/posts", with_json(R"({"title":"Hi","tags":["a"]})"))
      .expect_status(201)
      .expect_body(R"({"title":"Hi","teaser":null,"tags":["a"]})");
  client.post("/posts", with_json(R"({"title":"","tags":["a",1],"extra":true})"))
      .expect_status(422)
      .expect_header("Content-Type", "application/problem+json")
      .expect_body_contains(
          R"({"detail":"length of value must be at least 1","pointer":"#/title"})")
      .expect_body_contains(R"({"detail":"expected str","pointer":"#/tags/1"})")
      .expect_body_contains(R"({"detail":"extra keys not allowed","pointer":"#/extra"})");
  client.post("/posts", with_json("{\"title\":\n  nope}"))
      .expect_status(400)
      .expect_body_contains("line 2, column 3");
  client.post("/posts", with_body("title=x", "text/plain")).expect_status(415);
}

TEST(App, ReadsQueriesAndForms) {
  App app;
  app.get("/search", [](Query<blog::Paging> paging) {
    return std::to_string(paging->page) + paging->search.value_or("-");
  });
  app.post("/search", [](Form<blog::Paging> paging) { return std::to_string(paging->page); });
  TestClient client(app);
  client.get("/search").expect_body("1-");
  client.get("/search?page=3&q=a+b%21&utm=x").expect_body("3a b!");
  client.get("/search?page=0").expect_status(422).expect_body_contains("value must be at least 1");
  client.get("/search?page=x").expect_status(422).expect_body_contains("expected int");
  client.post("/search", with_form({{"page", "4"}})).expect_body("4");
}

TEST(App, AnswersTasksAndOptionalsAndResults) {
  App app;
  app.get("/later", []() -> Task<std::string> {
    co_await base::sleep_for(std::chrono::milliseconds(1));
    co_return "later";
  });
  app.get("/maybe/{there}",
          [](bool there) { return there ? std::optional<std::string>("here") : std::nullopt; });
  app.get("/result", []() -> Result<std::string> { return error("conflict", "taken"); });
  app.post("/nothing", [] {});
  TestClient client(app);
  client.get("/later").expect_body("later");
  client.get("/maybe/true").expect_body("here");
  client.get("/maybe/false").expect_status(404);
  client.get("/result").expect_status(409).expect_body_contains("taken");
  client.post("/nothing").expect_status(204);
}

TEST(App, HoldsConversations) {
  App app;
  app.socket("/echo/{name}", [](Socket<> socket, std::string name) -> Task<void> {
    while (auto message = co_await socket.receive()) socket.send(name + ": " + *message);
  });
  TestClient client(app);
  auto socket = client.socket("/echo/ann");
  socket.send("hello");
  EXPECT_EQ(socket.receive(), "ann: hello");
  socket.send("again");
  EXPECT_EQ(socket.receive(), "ann: again");
  client.get("/echo/ann").expect_status(426);
}

}  // namespace
}  // namespace hornbeam::web
