#include "hornbeam/web/run.h"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/http/server.h"
#include "hornbeam/web.h"
#include "hornbeam/web/internal/child_process.h"
#include "hornbeam/web/test_client.h"
#include "tests/support/raw_client.h"

namespace hornbeam::web {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

App make_app(const Config& config) {
  App app;
  app.get("/", [word = config.value("greeting.word", "hello")] { return word; }).name("greet");
  app.get("/{page}", [](std::string page) { return page; });
  app.get("/users/{id}", [](std::int64_t id) { return std::to_string(id); }).name("users.show");
  app.post("/users", [] { return "made"; });
  app.get("/users/new", [] { return "form"; });
  app.command("greet", "Greet somebody", [](std::string_view name) {
    fmt::print("hello {}\n", name);
    return 7;
  });
  return app;
}

/// A program in an empty folder of its own, run in this process.
class Program : public testing::Test {
 public:
  Program() : before_(fs::current_path()) {
    const char* name = testing::UnitTest::GetInstance()->current_test_info()->name();
    folder_ = fs::temp_directory_path() / ("run_test." + std::to_string(::getpid()) + "." + name);
    fs::create_directories(folder_);
    fs::current_path(folder_);
  }
  ~Program() override {
    fs::current_path(before_);
    fs::remove_all(folder_);
    for (const std::string& name : variables_) ::unsetenv(name.c_str());
  }

  void write(const std::string& name, std::string_view text) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
  }
  void set_variable(const std::string& name, const std::string& value) {
    ::setenv(name.c_str(), value.c_str(), 1);
    variables_.push_back(name);
  }
  /// Runs the program "shop" and keeps what it prints.
  int run(std::vector<std::string> words) {
    words.insert(words.begin(), "shop");
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int code = web::run(static_cast<int>(words.size()), arguments.data(), make_app);
    std::fflush(stdout);
    out_ = testing::internal::GetCapturedStdout();
    error_ = testing::internal::GetCapturedStderr();
    return code;
  }

  fs::path before_;
  fs::path folder_;
  std::vector<std::string> variables_;
  std::string out_;
  std::string error_;
};

TEST_F(Program, TakesTheLaterLayerOverTheEarlier) {
  const auto shown = [this](std::vector<std::string> words) {
    words.insert(words.begin(), "config");
    EXPECT_EQ(run(std::move(words)), 0) << error_;
    const std::size_t at = out_.find("port = ");
    return out_.substr(at, out_.find('\n', at) - at);
  };
  EXPECT_EQ(shown({}), "port = 8000    # default");
  write("shop.toml", "port = 1\n");
  EXPECT_EQ(shown({}), "port = 1    # file (shop.toml:1)");
  write(".env", "SHOP_PORT=2\n");
  EXPECT_EQ(shown({}), "port = 2    # .env:1 (SHOP_PORT)");
  write("more.env", "\nSHOP_PORT=3\n");
  EXPECT_EQ(shown({"--env-file", "more.env"}), "port = 3    # more.env:2 (SHOP_PORT)");
  set_variable("SHOP_PORT", "4");
  EXPECT_EQ(shown({"--env-file", "more.env"}), "port = 4    # environment (SHOP_PORT)");
  EXPECT_EQ(shown({"--set", "port=5"}), "port = 5    # command line");
}

TEST_F(Program, FindsTheNearestDotenvAboveTheFolder) {
  write(".env", "SHOP_GREETING__WORD=above\n");
  write("inner/x", "");
  fs::current_path(folder_ / "inner");
  EXPECT_EQ(run({"config"}), 0);
  EXPECT_THAT(out_, HasSubstr("greeting.word = \"above\"    # " + (folder_ / ".env:1").string()));
}

TEST_F(Program, RefusesKeysThatNobodyKnowsInEveryLayer) {
  write("shop.toml", "[greeting]\nwrod = 'x'\n");
  write(".env", "SHOP_SECRET_KYE=1\n");
  set_variable("SHOP_HSOT", "x");
  EXPECT_EQ(run({"routes", "--set", "tls.certifcate=x"}), 1);
  EXPECT_EQ(error_,
            "shop: the configuration has keys that nobody asks for:\n"
            "  greeting.wrod, from file (shop.toml:2). Mend: 'greeting.word' is the nearest known "
            "key\n"
            "  hsot, from environment (SHOP_HSOT). Mend: 'host' is the nearest known key\n"
            "  secret_kye, from .env:1 (SHOP_SECRET_KYE). Mend: 'secret_key' is the nearest known "
            "key\n"
            "  tls.certifcate, from command line. Mend: 'tls.certificate' is the nearest known "
            "key\n");
  EXPECT_EQ(run({"greet", "you"}), 1);
  EXPECT_THAT(error_, HasSubstr("nobody asks for"));
  EXPECT_THAT(error_, Not(HasSubstr("there is no command")));
}

TEST_F(Program, RefusesValuesOfAnotherType) {
  set_variable("SHOP_SESSION__LIFETIME_SECONDS", "long");
  EXPECT_EQ(run({"routes"}), 1);
  EXPECT_THAT(error_, HasSubstr("the configuration key 'session.lifetime_seconds' is \"long\" from "
                                "environment (SHOP_SESSION__LIFETIME_SECONDS): expected int"));
}

TEST_F(Program, HidesSecretsInItsConfiguration) {
  const std::vector<std::string> words{"config", "--set", "secret_key=hidden", "--set",
                                       "database.url=postgresql://ann:hidden@db/x"};
  EXPECT_EQ(run(words), 0);
  EXPECT_THAT(out_, Not(HasSubstr("hidden")));
  std::vector<std::string> as_json = words;
  as_json.emplace_back("--json");
  EXPECT_EQ(run(as_json), 0);
  EXPECT_THAT(out_, Not(HasSubstr("hidden")));
  EXPECT_TRUE(base::JsonDocument::parse(out_));
  EXPECT_THAT(out_, HasSubstr(R"("port": {"value":8000,"layer":"default"})"));
}

TEST_F(Program, ListsRoutesInTheOrderInWhichTheyAreTried) {
  EXPECT_EQ(run({"routes"}), 0);
  EXPECT_EQ(out_,
            "METHODS             PATH         NAME\n"
            "GET, HEAD, OPTIONS  /            greet\n"
            "POST, OPTIONS       /users\n"
            "GET, HEAD, OPTIONS  /users/new\n"
            "GET, HEAD, OPTIONS  /users/{id}  users.show\n"
            "GET, HEAD, OPTIONS  /{page}\n");
}

TEST_F(Program, SortsAndFiltersRoutes) {
  EXPECT_EQ(run({"routes", "users", "--method", "get", "--sort", "name"}), 0);
  EXPECT_EQ(out_,
            "METHODS             PATH         NAME\n"
            "GET, HEAD, OPTIONS  /users/new\n"
            "GET, HEAD, OPTIONS  /users/{id}  users.show\n");
  EXPECT_EQ(run({"routes", "--json", "--method", "POST"}), 0);
  EXPECT_EQ(out_,
            "[\n  {\"methods\":[\"POST\",\"OPTIONS\"],\"is_socket\":false,\"path\":\"/users\","
            "\"name\":\"\"}\n]\n");
  EXPECT_NE(run({"routes", "--sort", "size"}), 0);
  EXPECT_THAT(error_, HasSubstr("tried"));
}

TEST_F(Program, HelpTeachesByExamples) {
  EXPECT_EQ(run({"--help"}), 0);
  EXPECT_THAT(out_, HasSubstr("Greet somebody"));
  for (const char* command : {"run", "routes", "config"}) {
    EXPECT_EQ(run({command, "--help"}), 0);
    EXPECT_THAT(out_, HasSubstr(std::string("Examples:\n  shop ") + command)) << command;
  }
  EXPECT_EQ(run({"greet", "you"}), 7);
  EXPECT_EQ(out_, "hello you\n");
}

TEST_F(Program, ReadsShellLinesFromAPipe) {
  const auto piped = [this](std::string_view lines) {
    write("lines", lines);
    const int kept = ::dup(STDIN_FILENO);
    EXPECT_NE(::freopen("lines", "r", stdin), nullptr);
    std::cin.clear();
    const int code = run({"shell"});
    ::dup2(kept, STDIN_FILENO);
    ::close(kept);
    return code;
  };
  EXPECT_EQ(piped("get /\nurls users.show id=3\n"), 0);
  EXPECT_EQ(out_, "200  text/plain; charset=utf-8\nhello\n/users/3\n");
  EXPECT_EQ(piped("gte /\nget /\n"), 1);
  EXPECT_THAT(out_, HasSubstr("did you mean 'get'?"));
}

/// What bash suggests for the last of `words`.
std::string bash_suggestions(const std::string& script, const std::string& words) {
  const auto result =
      run_command("bash --norc -c 'source " + script + "; COMP_WORDS=(shop " + words +
                  "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _shop; echo \"${COMPREPLY[*]}\"'");
  EXPECT_EQ(result.code, 0) << result.output;
  return result.output.substr(0, result.output.find('\n'));
}

TEST_F(Program, CompletesInBash) {
  ASSERT_EQ(run({"completion", "bash"}), 0) << error_;
  write("script", out_);
  write("shop_other.toml", "");
  const std::pair<const char*, const char*> cases[] = {
      {"ro", "routes"},
      {"gr", "greet"},
      {"routes --s", "--sort --set"},
      {"routes --sort p", "path"},
      {"run --p", "--port"},
      {"completion z", "zsh"},
      {"greet --conf", "--config"},
      {"run --config shop", "shop_other.toml"},
      {"run --set greeting", "greeting.word="},
      {"run --host 1", ""},
      {"nothing x", ""},
  };
  for (const auto& [words, wanted] : cases) {
    EXPECT_EQ(bash_suggestions("./script", words), wanted) << words;
  }
  EXPECT_EQ(run_command("bash --norc -c 'source ./script; complete -p shop'").output,
            "complete -F _shop shop\n");
}

TEST_F(Program, CompletesInZsh) {
  ASSERT_EQ(run({"completion", "zsh"}), 0) << error_;
  write("script", out_);
  if (run_command("command -v zsh").code != 0) GTEST_SKIP() << "zsh is not installed";
  EXPECT_EQ(run_command("zsh -n script").output, "");
  EXPECT_EQ(run_command("zsh -fc 'autoload -U compinit; compinit -D -u; source ./script; "
                        "print $_comps[shop]'")
                .output,
            "_shop\n");
  // What zsh's own functions are given, which do the rest.
  const std::string stubs =
      "zsh -fc 'compdef() { : }; _describe() { print -l ${(P)2} }; "
      "_arguments() { print -l -- $@ }; source ./script; ";
  EXPECT_THAT(run_command(stubs + "words=(shop \"\"); CURRENT=2; _shop'").output,
              HasSubstr("greet:Greet somebody\n"));
  const std::string options =
      run_command(stubs + "words=(shop routes \"\"); CURRENT=3; _shop'").output;
  EXPECT_THAT(options, HasSubstr("]:CHOICE:(tried path name method added)\n"));
  EXPECT_THAT(options, HasSubstr("]:FILE:_files\n"));
  EXPECT_THAT(options, HasSubstr(" greeting.word= "));
}

TEST_F(Program, SaysWhichShellsItCompletesIn) {
  EXPECT_NE(run({"completion", "fish"}), 0);
  EXPECT_THAT(error_, HasSubstr("bash"));
}

TEST_F(Program, LeavesWhatTheFactoryMadeWhereItWasMade) {
  struct Movable {
    explicit Movable(int& count) : moves(&count) {}
    Movable(Movable&& other) noexcept : app(std::move(other.app)), moves(other.moves) { ++*moves; }
    App app;
    int* moves;
  };
  int moves = 0;
  std::string name = "shop";
  std::string word = "routes";
  std::array<char*, 2> arguments{name.data(), word.data()};
  testing::internal::CaptureStdout();
  EXPECT_EQ(web::run(2, arguments.data(), [&moves](const Config&) { return Movable(moves); }), 0);
  testing::internal::GetCapturedStdout();
  EXPECT_EQ(moves, 0);
}

TEST_F(Program, TwoApplicationsOfOneFactoryServeAtOnceEachAsConfigured) {
  Config first;
  first.load_argument("greeting.word=one");
  Config second;
  second.load_argument("greeting.word=two");
  App one = make_app(first);
  App two = make_app(second);
  http::Server server_of_one({.host = "127.0.0.1", .port = 0, .loops = 1}, one.handler());
  http::Server server_of_two({.host = "127.0.0.1", .port = 0, .loops = 1}, two.handler());
  server_of_one.start();
  server_of_two.start();
  EXPECT_NE(server_of_one.port(), server_of_two.port());
  const std::string request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  tests::RawClient asks_one(server_of_one.port());
  tests::RawClient asks_two(server_of_two.port());
  asks_one.send(request);
  asks_two.send(request);
  EXPECT_THAT(asks_two.read_all(), testing::EndsWith("two"));
  EXPECT_THAT(asks_one.read_all(), testing::EndsWith("one"));
  TestClient client_of_one(one);
  TestClient client_of_two(two);
  for (int i = 0; i < 3; ++i) {
    client_of_one.get("/").expect_body("one");
    client_of_two.get("/").expect_body("two");
  }
  server_of_two.stop();
  server_of_one.stop();
}

}  // namespace
}  // namespace hornbeam::web
