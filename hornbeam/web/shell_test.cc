#include "hornbeam/web/shell.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/web.h"

namespace hornbeam::web {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Point {
  int x = 0;
};
constexpr auto describe(Type<Point>) {
  return fields(field("x", &Point::x));
}

App make_app() {
  App app;
  app.get("/", [] { return "hello"; });
  app.get("/users/{id}", [](std::int64_t id) { return std::to_string(id); }).name("users.show");
  app.post("/points", [](Body<Point> point) { return std::to_string(point->x + 1); });
  app.post("/form", [](const Request& request) { return std::string(request.body()); });
  app.get("/login", [] {
    Response response = redirect("/who");
    response.add_field("Set-Cookie", "user=ann; Path=/");
    return response;
  });
  app.get("/who", [](const Request& request) {
    return std::string(request.find_cookie("user").value_or("nobody")) + " " +
           std::string(request.find_header("x-trace").value_or("untraced"));
  });
  app.get("/image", [] { return Response(200, "image/png", std::string("\x89PNG\0\1", 6)); });
  app.get("/broken", []() -> std::string { throw std::runtime_error("broken"); });
  app.get("/away", [] { return redirect("https://example.org/"); });
  app.command("fail", "Give an exit code", [](int code) { return code; });
  app.shell_word("sql", "Read rows", [](std::string query) { return "rows of " + query; });
  app.shell_word("later", "Wait", [](std::string) -> Task<std::string> { co_return "waited"; });
  return app;
}

/// What the lines print, and whether all of them were right.
std::pair<std::string, bool> told(const std::string& lines) {
  App app = make_app();
  Config config;
  config.load_argument("secret_key=hidden");
  std::istringstream in(lines);
  std::ostringstream out;
  Shell shell(app, config, out);
  const bool is_right = shell.run(in, "");
  return {out.str(), is_right};
}

TEST(Shell, SendsRequestsAndShowsTheirResponses) {
  const auto [out, is_right] = told("get /\n\n# a comment\npost /points {\"x\": 4}\n");
  EXPECT_EQ(out,
            "200  text/plain; charset=utf-8\nhello\n"
            "200  text/plain; charset=utf-8\n5\n");
  EXPECT_TRUE(is_right);
}

TEST(Shell, TellsABodyByHowItBegins) {
  EXPECT_THAT(told("post /form a=1&b=2\nlast\n").first,
              HasSubstr("content-type: application/x-www-form-urlencoded"));
  EXPECT_THAT(told("post /form a b = c\nlast\n").first, HasSubstr("content-type: text/plain"));
  EXPECT_THAT(told("header Content-Type: text/csv\npost /form [1\nlast\n").first,
              HasSubstr("content-type: text/csv"));
}

TEST(Shell, KeepsCookiesAndFieldsAndFollowsRedirects) {
  const auto [out, is_right] = told(
      "header X-Trace: t1\nget /login\nfollow\ncookies\nheader\nheader X-Trace:\nget /who\n"
      "cookies clear\nget /who\n");
  EXPECT_THAT(out, HasSubstr("location: /who"));
  EXPECT_THAT(out, HasSubstr("\nann t1\nuser=ann\nx-trace: t1\n"));
  EXPECT_THAT(out, HasSubstr("\nann untraced\n"));
  EXPECT_THAT(out, HasSubstr("\nnobody untraced\n"));
  EXPECT_TRUE(is_right);
}

TEST(Shell, ShowsFailuresAsResponsesAndBytesAsTheirCount) {
  const auto [out, is_right] = told("get /broken\nget /none\nget /image\nhead /\n");
  EXPECT_THAT(out, HasSubstr("500  "));
  EXPECT_THAT(out, HasSubstr("404  "));
  EXPECT_THAT(out, HasSubstr("(6 bytes that are no text)"));
  EXPECT_TRUE(is_right) << "an answer is not a mistake of who asks";
}

TEST(Shell, ListsRoutesUrlsAndTheConfigurationWithoutSecrets) {
  const auto [out, is_right] =
      told("routes users\nurls\nurls users.show id=7 page=2\nconfig\nhelp\n");
  EXPECT_THAT(out, HasSubstr("/users/{id}  users.show\n"));
  EXPECT_THAT(out, HasSubstr("\nusers.show\n/users/7?page=2\n"));
  EXPECT_THAT(out, HasSubstr("secret_key = \"...\""));
  EXPECT_THAT(out, Not(HasSubstr("hidden")));
  for (const char* word : {"get PATH", "history", "sql ...", "fail <number>"}) {
    EXPECT_THAT(out, HasSubstr(word));
  }
  EXPECT_TRUE(is_right);
}

TEST(Shell, HasTheWordsAndCommandsOfTheApplication) {
  const auto [out, is_right] = told("sql SELECT 'a  b'\nlater\nfail 0\n");
  EXPECT_EQ(out, "rows of SELECT 'a  b'\nwaited\n");
  EXPECT_TRUE(is_right);
  EXPECT_EQ(told("fail 3\n"),
            std::pair(std::string("error: 'fail' gave the exit code 3\n"), false));
  EXPECT_EQ(told("fail x\n"),
            std::pair(std::string("error: this command takes <number>\n"), false));
}

TEST(Shell, RepeatsLinesOfItsHistory) {
  const auto [out, is_right] = told("get /users/1\n!!\n!1\nhistory\n!9\n");
  EXPECT_THAT(out, HasSubstr("   1  get /users/1\n   2  get /users/1\n   3  get /users/1\n"));
  EXPECT_THAT(out, HasSubstr("error: there is no line '9'"));
  EXPECT_FALSE(is_right);
}

TEST(Shell, SaysWhatIsWrongWithALineAndGoesOn) {
  const std::pair<const char*, const char*> cases[] = {
      {"gte /", "there is no word 'gte' (did you mean 'get'?). Mend: help lists those there are"},
      {"get users", "'users' is no path. Mend: begin it with a slash: get /"},
      {"follow", "the last response does not redirect"},
      {"last", "nothing was asked yet"},
      {"header x", "'x' is no field"},
      {"urls none", "none"},
      {"urls users.show id", "'id' is no KEY=VALUE"},
      {"fail 'x", "the quote ' is not closed"},
  };
  for (const auto& [line, said] : cases) {
    const auto [out, is_right] = told(std::string(line) + "\nget /\n");
    EXPECT_THAT(out, HasSubstr("error: ")) << line;
    EXPECT_THAT(out, HasSubstr(said)) << line;
    EXPECT_THAT(out, testing::EndsWith("hello\n")) << line;
    EXPECT_FALSE(is_right) << line;
  }
  EXPECT_THAT(told("get /away\nfollow\n").first, HasSubstr("leads out of this application"));
  EXPECT_EQ(told("quit\nget /\n"), std::pair(std::string(), true));
}

TEST(Shell, SplitsWordsAsAShellDoes) {
  EXPECT_EQ(shell_split(R"( a  "b c" d'e'f "" )"),
            (std::vector<std::string>{"a", "b c", "def", ""}));
  EXPECT_THROW(shell_split("a \"b"), std::invalid_argument);
}

}  // namespace
}  // namespace hornbeam::web
