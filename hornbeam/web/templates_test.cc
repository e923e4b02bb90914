#include "hornbeam/web/templates.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/web.h"
#include "hornbeam/web/internal/piece_stream.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::web {
namespace {

using testing::AllOf;
using testing::HasSubstr;

struct User {
  std::string name;
  std::optional<std::string> mail;
  std::vector<std::string> tags;
};
constexpr auto describe(Type<User>) {
  return fields(field("name", &User::name), field("mail", &User::mail), field("tags", &User::tags));
}

/// An application with one page, "page.html".
App make_app(std::string_view page, PageValues (*values)() = [] { return PageValues(); }) {
  App app;
  app.settings().session.secret_key = "0123456789abcdef";
  Templates& pages = app.use(Templates(EmbeddedFiles{{"page.html", page}}));
  app.get("/page",
          [&pages, values](const Request& request) {
            return pages.render(request, "page.html", values());
          })
      .name("page");
  app.get("/users/{id}/{tab}", [](std::int64_t, const std::string&) { return "user"; })
      .name("users.show");
  app.post("/flash", [](Session& session) {
    flash(session, "Saved <it>", "good");
    session.set("name", std::string("Ada"));
    return redirect("/page");
  });
  return app;
}

std::string start_error(App& app) {
  try {
    app.handler();
  } catch (const std::exception& error) {
    return error.what();
  }
  return {};
}

TEST(Templates, ShowWhatTheyAreGivenEscaped) {
  App app;
  Templates& pages = app.use(Templates(
      EmbeddedFiles{{"base.html", "<title>{% block title %}{% endblock %}</title>"},
                    {"user.html",
                     "{% extends 'base.html' %}{% block title %}{{ user.name }}: {{ title }}"
                     "{% for each in user.tags %} {{ each }}{% endfor %}{% endblock %}"}}));
  app.get("/", [&pages](const Request& request) {
    const User user{"Ada & <Co>", std::nullopt, {"a", "b"}};
    return pages.render(request, "user.html",
                        {{"user", user}, {"title", std::string("a temporary text, kept")}}, 201);
  });
  TestClient client(app);
  client.get("/")
      .expect_status(201)
      .expect_header("content-type", "text/html; charset=utf-8")
      .expect_body("<title>Ada &amp; &lt;Co&gt;: a temporary text, kept a b</title>");
}

TEST(Templates, SeeTheRequestByFlasksNames) {
  App app = make_app(
      "{{ request.method }} {{ request.path }} {{ request.host }} {{ request.scheme }} "
      "{{ request.endpoint }} {{ request.blueprint }} {{ request.args.q }} "
      "{{ request.args.get('none', 'x') }} {{ request.headers['User-Agent'] }} "
      "{{ request.cookies.get('c') }} {{ request.cookies.d is defined }}");
  TestClient client(app);
  client.get("/page?q=1&q=2", with_header("User-Agent", "me"), with_header("Cookie", "c=3"))
      .expect_body("GET /page localhost http page None 1 x me 3 False");
}

TEST(Templates, BuildUrls) {
  App app = make_app(
      "{{ url_for('users.show', id=7, tab='a b', page=2, _anchor='top') }} "
      "{{ url_for('page', _external=true) }} {{ url_for('page', q=[1, 2], none=none) }}");
  TestClient(app).get("/page").expect_body(
      "/users/7/a%20b?page=2#top http://localhost/page /page?q=1&amp;q=2");
}

TEST(Templates, AUrlThatNoRouteAnswersKeepsTheApplicationFromStarting) {
  App unknown = make_app("a\n<a href='{{ url_for('user.show', id=1) }}'>");
  EXPECT_THAT(start_error(unknown), AllOf(HasSubstr("page.html:2: "),
                                          HasSubstr("users.show"),  // The nearest.
                                          HasSubstr("<a href=")));  // The line.
  EXPECT_THAT(start_error(unknown), HasSubstr("page.html:2: "));    // However often one asks.
  App missing = make_app("{% if x %}{{ url_for('users.show', id=1) }}{% endif %}");
  EXPECT_THAT(start_error(missing), HasSubstr("tab"));
  App computed = make_app("{% set n = 'page' %}{{ url_for(n) }}{{ url_for('page', **{'a': 1}) }}");
  EXPECT_EQ(start_error(computed), "");
  TestClient(computed).get("/page").expect_body("/page/page?a=1");
}

TEST(Templates, AMalformedOneKeepsTheApplicationFromStarting) {
  App app = make_app("first\n{% if %}");
  EXPECT_THAT(start_error(app), HasSubstr("page.html:2: "));
}

TEST(Templates, ShowFlashedMessagesAndTheSession) {
  App app = make_app(
      "{% for category, text in get_flashed_messages(with_categories=true) %}"
      "{{ category }}={{ text }};{% endfor %}{{ session.name }}{{ session.get('none') }}"
      "{{ get_flashed_messages(category_filter=['bad']) }}");
  TestClient client(app);
  client.post("/flash", follow_redirects()).expect_body("good=Saved &lt;it&gt;;AdaNone[]");
  client.get("/page").expect_body("AdaNone[]");
}

TEST(Templates, GuardFormsAndScripts) {
  App app = make_app("{{ csrf_field() }}<script nonce='{{ csp_nonce() }}'></script>");
  TestClient client(app);
  const TestResponse page = client.get("/page");
  EXPECT_THAT(page.body(), HasSubstr("<input type=\"hidden\" name=\"csrf_token\" value=\""));
  const std::size_t at = page.body().find("nonce='") + 7;
  const std::string nonce = page.body().substr(at, page.body().find('\'', at) - at);
  EXPECT_THAT(page.find_header("content-security-policy").value_or(""),
              HasSubstr("'nonce-" + nonce + "'"));
}

TEST(Templates, SeeWhatContextsAddUnlessTheyAreGivenIt) {
  App app;
  Templates pages(EmbeddedFiles{{"page.html", "{{ site }} {{ title|shout }}"}});
  pages.add_context(
      [](const Request&) { return PageValues{{"site", std::string("garden")}, {"title", "x"}}; });
  pages.set_up([](templates::Environment& engine) {
    engine.add_filter("shout", [](templates::FilterCall& call) {
      return templates::Value(call.value.to_text() + "!");
    });
  });
  app.use(pages);
  app.get("/", [&pages](const Request& request) { return pages.render(request, "page.html"); });
  app.get("/own", [&pages](const Request& request) {
    return pages.render(request, "page.html", {{"title", "own"}});
  });
  TestClient client(app);
  client.get("/").expect_body("garden x!");
  client.get("/own").expect_body("garden own!");
}

TEST(Templates, WhatIsNotThereIsAnErrorWhileDebugging) {
  App quiet = make_app("a{{ nmae }}b");
  TestClient(quiet).get("/page").expect_body("ab");
  App debug = make_app("a{{ nmae }}b");
  debug.settings().is_debug = true;
  EXPECT_THROW(TestClient(debug).get("/page"), templates::TemplateError);
}

TEST(Templates, TheErrorPageSaysWhereWhileDebugging) {
  App app = make_app("first\n<p>{{ nmae }}</p>");
  app.settings().is_debug = true;
  TestClient client(app, {.propagates_errors = false});
  const TestResponse page = client.get("/page", with_header("Accept", "text/html"));
  page.expect_status(500)
      .expect_body_contains("page.html:2: ")
      .expect_body_contains("&lt;p&gt;{{ nmae }}&lt;/p&gt;");
}

class TemplateFolder : public testing::Test {
 protected:
  TemplateFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "templates-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~TemplateFolder() override { std::filesystem::remove_all(folder_); }
  void write(const std::string& name, std::string_view text, int age_seconds) const {
    std::ofstream(folder_ / name) << text;
    std::filesystem::last_write_time(folder_ / name, std::filesystem::file_time_type::clock::now() -
                                                         std::chrono::seconds(age_seconds));
  }
  std::filesystem::path folder_;
};

TEST_F(TemplateFolder, IsReadAnewWhenAFileChangesWhileDebugging) {
  write("page.html", "old", 60);
  App app;
  app.settings().is_debug = true;
  Templates& pages =
      app.use(Templates(EmbeddedFiles{{"page.html", "built in"}, {"b.html", "b"}},
                        {.undefined = {}, .folder = folder_.string(), .engine = {}}));
  app.get("/{name}", [&pages](const Request& request, const std::string& name) {
    return pages.render(request, name);
  });
  TestClient client(app);
  client.get("/page.html").expect_body("old");
  write("page.html", "new", 30);
  client.get("/page.html").expect_body("new");
  client.get("/b.html").expect_body("b");
}

TEST_F(TemplateFolder, BuiltInFilesServeWhereNobodyDebugs) {
  write("page.html", "folder", 60);
  App app;
  Templates& pages =
      app.use(Templates(EmbeddedFiles{{"page.html", "built in"}},
                        {.undefined = {}, .folder = folder_.string(), .engine = {}}));
  app.get("/", [&pages](const Request& request) { return pages.render(request, "page.html"); });
  TestClient(app).get("/").expect_body("built in");
}

TEST(Templates, AFolderThatIsNotThereIsSaid) {
  App app;
  app.use(Templates("/no/such/folder"));
  EXPECT_THAT(start_error(app), HasSubstr("'/no/such/folder'"));
}

// ---- Pages in a stream ----

constexpr int kRows = 20'000;

/// What a row of the page prints.
std::string row_text() {
  return "0/log /log " + std::string(500, 'x') + "\n";
}

/// A page of ten megabytes.
std::string long_page() {
  return "{% for row in rows %}{{ made(row) }}{{ request.path }} {{ url_for('log') }} " +
         std::string(500, 'x') + "\n{% endfor %}";
}

/// An application whose page "/log" is many megabytes long; `made` counts its rows.
class StreamedPage : public testing::Test {
 protected:
  void make() {
    pages_ = &app_.use(Templates(EmbeddedFiles{{"log.html", page_}}));
    pages_->set_up([this](templates::Environment& environment) {
      environment.add_global("made", templates::function("made", [this](auto&, auto arguments) {
                               ++made_;
                               if (made_ == fails_at_) templates::fail("on purpose");
                               return arguments.positional.front();
                             }));
    });
    app_.get("/log",
             [this](const Request& request) -> Task<Response> {
               std::vector<int> rows(kRows);
               co_return co_await pages_->stream(request, "log.html",
                                                 {{"rows", std::move(rows)}, {"title", "The log"}});
             })
        .name("log");
  }

  std::string page_ = long_page();
  App app_;
  Templates* pages_ = nullptr;
  std::atomic<int> made_ = 0;
  int fails_at_ = -1;
};

TEST_F(StreamedPage, ComesWholeAndSeesItsRequestToTheEnd) {
  make();
  std::string expected;
  for (int i = 0; i < kRows; ++i) expected += row_text();
  TestClient client(app_);
  const TestResponse response = client.get("/log");
  response.expect_header("Content-Type", "text/html; charset=utf-8");
  EXPECT_EQ(response.body().size(), expected.size());
  EXPECT_TRUE(response.body() == expected);
}

TEST_F(StreamedPage, WaitsForItsReader) {
  make();
  TestClient client(app_);
  TestStream stream = client.stream("/log");
  const std::size_t row = row_text().size();
  const std::size_t room = 16U << 10U;
  std::size_t read = 0;
  std::size_t furthest = 0;
  while (const auto piece = stream.next()) {
    EXPECT_LE(piece->size(), room);
    furthest = std::max(furthest, made_ * row - std::min(made_ * row, read));
    read += piece->size();
  }
  EXPECT_EQ(read, kRows * row);
  // The test's channel holds 64 pieces, as a socket's buffer; the page is 625.
  EXPECT_LE(furthest, (64 + PieceStream::kMostPieces + 3) * room);
}

TEST_F(StreamedPage, StopsWhenItsReaderGoes) {
  make();
  TestClient client(app_);
  TestStream stream = client.stream("/log");
  EXPECT_TRUE(stream.next());
  stream.close();
  EXPECT_LT(made_, kRows);
}

TEST_F(StreamedPage, AnErrorInTheFirstPieceIsAResponse) {
  make();
  fails_at_ = 10;
  TestClient client(app_, {.propagates_errors = false});
  client.get("/log").expect_status(500);
}

TEST_F(StreamedPage, AnErrorLaterBreaksTheResponseOff) {
  make();
  fails_at_ = kRows / 2;
  TestClient client(app_);
  TestStream stream = client.stream("/log");
  EXPECT_EQ(stream.status(), 200);
  EXPECT_THROW(while (stream.next()){}, templates::TemplateError);
}

TEST_F(StreamedPage, AreOnlySoManyAtATime) {
  Templates& pages =
      app_.use(Templates(EmbeddedFiles{{"page.html", "page"}},
                         {.undefined = {}, .folder = {}, .engine = {}, .most_streams = 1}));
  app_.get("/", [&pages](const Request& request) -> Task<Response> {
    co_return co_await pages.stream(request, "page.html");
  });
  app_.get("/two", [&pages](const Request& request) -> Task<Response> {
    const Response first = co_await pages.stream(request, "page.html");
    co_return co_await pages.stream(request, "page.html");
  });
  TestClient client(app_);
  client.get("/").expect_body("page");
  client.get("/two").expect_status(503);
  client.get("/").expect_body("page");
}

}  // namespace
}  // namespace hornbeam::web
