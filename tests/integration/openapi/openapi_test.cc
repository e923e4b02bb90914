#include "hornbeam/web/openapi.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hornbeam/web.h"
#include "hornbeam/web/test_client.h"
#ifdef HORNBEAM_HAS_ARENA
#include "arena/arena.h"
#endif

namespace garden {

using namespace hornbeam::base;  // NOLINT: rules, as descriptions name them.

struct Seed {
  std::string kind;
  std::optional<double> depth;
};
constexpr auto describe(Type<Seed>) {
  return fields(field("kind", &Seed::kind, one_of("bean", "pea")),
                field("depth", &Seed::depth, above(0.0), below(20.0)));
}

struct Bulb {
  int count = 0;
};
constexpr auto describe(Type<Bulb>) {
  return fields(field("count", &Bulb::count, range(1, 9)));
}

struct Bed {
  std::int64_t id = 0;
  std::string name;
  std::optional<std::string> mail;
  std::string day = "2024-02-29";
  std::vector<Bed> inner;
  std::map<std::string, double> yields;
  std::variant<Seed, Bulb> planted;
  std::uint8_t level = 3;
  std::optional<Seed> spare;
};
constexpr auto describe(Type<Bed>) {
  return fields(
      field("id", &Bed::id, at_least<std::int64_t>(1)),
      field("name", &Bed::name, length(1, 8), pattern("[A-Za-zäöü ]+"),
            about("What its sign says")),
      field("mail", &Bed::mail, email, omit_empty), field("day", &Bed::day, or_default, date),
      field("inner", &Bed::inner, or_default, length(0, 2)),
      field("yields", &Bed::yields, or_default, length(0, 1)), field("planted", &Bed::planted),
      field("level", &Bed::level, or_default), field("spare", &Bed::spare));
}

struct Filter {
  std::vector<std::string> kinds;
  int page = 1;
  std::optional<bool> is_dry;
};
constexpr auto describe(Type<Filter>) {
  return fields(field("kind", &Filter::kinds),
                field("page", &Filter::page, or_default, at_least(1)),
                field("dry", &Filter::is_dry));
}

struct Sign {
  std::string text;
  std::optional<int> size;
};
constexpr auto describe(Type<Sign>) {
  return fields(field("text", &Sign::text, length(1, 20)), field("size", &Sign::size, range(1, 5)));
}

}  // namespace garden

namespace hornbeam::web {
namespace {

using garden::Bed;

/// Routes of every kind that documents tell of.
void add_routes(App& app) {
  app.get("/", [] { return html("<h1>Garden</h1>"); });
  app.get("/beds", [](Query<garden::Filter>) { return std::vector<Bed>(); }).summary("All beds");
  app.post("/beds", [](Body<Bed> bed) { return status(201, *bed); })
      .name("beds.add")
      .answers<Bed>(201, "It was planted");
  app.get("/beds/{id}", [](InRange<int, 1, 100>) { return std::optional<Bed>(); });
  // The same path as the one above, as OpenAPI sees it.
  app.get("/beds/{name}", [](std::string_view) { return Bed(); });
  app.put("/beds/{other}", [](std::int64_t, Body<Bed>) {});
  app.post("/beds/{id}/sign", [](Uuid, Form<garden::Sign> sign) { return sign->text; });
  app.post("/pictures", [](Form<garden::Sign>, Uploads files) {
    return std::map<std::string, std::size_t>{{"count", files.size()}};
  });
  app.get("/kinds/{kind}/{code}/{year}",
          [](AnyOf<"bean", "pea">, SizedText<2, 3>, FixedDigits<4>) { return "kind"; })
      .deprecated();
  app.get("/files/{name:path}", [](std::string_view name) { return std::string(name); })
      .also("/files/", {{"name", "all"}});
  app.get("/weather",
          []() -> Task<Result<garden::Seed>> { co_return error("away", "no weather"); });
  app.route({Method::kGet, Method::kPost}, "/raw", [](RawBody raw) { return raw.bytes; });
  app.get("/secret", [] { return "hidden"; }).undocumented();
  Blueprint orgs("orgs", "/orgs/{org}");
  orgs.get("/beds/{id}", [](PathValue<"org", std::string>, std::int64_t) { return Bed(); })
      .name("bed");
  orgs.del("/beds/{id}", [](std::int64_t) {}).name("bed");
  app.mount(std::move(orgs));
  Blueprint shop("shop");
  shop.get("/till", [](PathValue<"shop", std::string> name) { return *name; });
  app.host("{shop}.example.org", std::move(shop));
}

struct Verdict {
  int code = 0;
  std::string output;
};

Verdict validate(const std::string& document, const std::string& cases) {
  char file[] = "/tmp/hornbeam_openapi_XXXXXX";
  close(mkstemp(file));
  std::ofstream(file) << "{\"document\":" << document << ",\"cases\":[" << cases << "]}";
  const std::string command = std::string("node '") + HORNBEAM_OPENAPI_VALIDATOR + "' " + file;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  Verdict verdict;
  char piece[4096];
  for (std::size_t size = 0; (size = fread(piece, 1, sizeof piece, pipe)) > 0;) {
    verdict.output.append(piece, size);
  }
  verdict.code = WEXITSTATUS(pclose(pipe));
  std::filesystem::remove(file);
  return verdict;
}

/// A case of the validator's: what the parser says of `value`.
template <class Value>
std::string case_of(std::string_view schema, const std::string& value) {
  return std::string("{\"schema\":\"") + std::string(schema) + "\",\"value\":" + value +
         ",\"accepted\":" + (base::from_json<Value>(value) ? "true" : "false") + "}";
}

/// Values on both sides of every rule.
std::string cases() {
  const std::string least = R"("id":1,"name":"a","planted":{"count":1})";
  std::string all;
  for (const std::string_view change :
       {"",
        R"(,"mail":"a@example.org")",
        R"(,"mail":null)",
        R"(,"mail":"a")",
        R"(,"day":"2023-02-29")",
        R"(,"day":"2023-02-28")",
        R"(,"day":null)",
        R"(,"x":1)",
        R"(,"yields":{"a":1.5})",
        R"(,"yields":{"a":1,"b":2})",
        R"(,"yields":{"a":"1"})",
        R"(,"level":255)",
        R"(,"level":256)",
        R"(,"level":-1)",
        R"(,"level":true)",
        R"(,"spare":{"kind":"pea"})",
        R"(,"spare":{"kind":"rose"})",
        R"(,"spare":null)",
        R"(,"spare":{"kind":"pea","depth":0})",
        R"(,"spare":{"kind":"pea","depth":19.99})",
        R"(,"inner":[{"id":2,"name":"b","planted":{"kind":"bean"}}])",
        R"(,"inner":[{"id":2,"name":"b","planted":{"kind":"bean","count":1}}])",
        R"(,"inner":[{"id":0,"name":"b","planted":{"count":1}}])"}) {
    all += (all.empty() ? "" : ",") + case_of<Bed>("Bed", "{" + least + std::string(change) + "}");
  }
  for (const std::string_view value :
       {"{}", "[]", "null", R"({"id":1})", R"({"id":0,"name":"a","planted":{"count":1}})",
        R"({"id":1,"name":"","planted":{"count":1}})",
        R"({"id":1,"name":"a1","planted":{"count":1}})",
        R"({"id":1,"name":"ä ö ü ä","planted":{"count":9}})",
        R"({"id":1,"name":"abcdefghi","planted":{"count":9}})",
        R"({"id":1,"name":"a","planted":{"count":10}})", R"({"id":"1","name":"a","planted":{}})",
        R"({"id":1.5,"name":"a","planted":{"count":1}})"}) {
    all += "," + case_of<Bed>("Bed", std::string(value));
  }
  return all;
}

TEST(OpenApi, ValidatorsOfOthersTakeTheDocument) {
  App app;
  add_routes(app);
  app.use(OpenApi{.title = "Garden", .version = "2.1", .servers = {"https://example.org/api"}});
  TestClient client(app);
  const Verdict verdict = validate(client.get("/openapi.json").expect_status(200).body(), cases());
  if (verdict.code == 77 || verdict.code == 127) GTEST_SKIP() << verdict.output;
  EXPECT_EQ(verdict.code, 0) << verdict.output;
  EXPECT_NE(verdict.output.find("16 operations"), std::string::npos) << verdict.output;
}

#ifdef HORNBEAM_HAS_ARENA
TEST(OpenApi, ValidatorsOfOthersTakeTheDocumentOfArena) {
  arena::Options options;
  options.database = "sqlite://";
  arena::Arena arena(options);
  TestClient client(arena.app);
  const Verdict verdict = validate(client.get("/openapi.json").expect_status(200).body(), "");
  if (verdict.code == 77 || verdict.code == 127) GTEST_SKIP() << verdict.output;
  EXPECT_EQ(verdict.code, 0) << verdict.output;
}
#endif

}  // namespace
}  // namespace hornbeam::web
