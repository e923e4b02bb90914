#include "hornbeam/base/json_schema.h"

#include <gtest/gtest.h>

#include "hornbeam/base/json.h"

namespace garden {

struct Bed {
  std::string name;
  std::optional<std::string> note;
  std::optional<std::string> side;
  std::string code = "x1";
  std::vector<Bed> beds;
  std::map<std::string, double> yields;
  std::int16_t slope = 0;
  double ph = 7;
  std::array<int, 2> corner{};
  std::variant<std::monostate, int, std::string> marker;
};
constexpr auto describe(hornbeam::base::Type<Bed>) {
  using namespace hornbeam::base;
  return fields(field("name", &Bed::name, length(1, 40), about("Shown on the sign")),
                field("note", &Bed::note, length(0, 200)),
                field("side", &Bed::side, one_of("N", "S")),
                field("code", &Bed::code, or_default, pattern("[a-z]\\d|none")),
                field("beds", &Bed::beds, or_default, length(0, 3)),
                field("yields", &Bed::yields, length(1)),
                field("slope", &Bed::slope, or_default, range(-30, 30)),
                field("ph", &Bed::ph, above(0.0), below(14.0)), field("corner", &Bed::corner),
                field("marker", &Bed::marker))
      .check([](const Bed& bed) { return bed.name != bed.code; }, "named as its code", "name");
}

template <class Item>
struct Page {
  std::vector<Item> items;
  std::optional<Bed> first;
};
template <class Item>
constexpr auto describe(hornbeam::base::Type<Page<Item>>) {
  using namespace hornbeam::base;
  return fields(field("items", &Page<Item>::items), field("first", &Page<Item>::first))
      .extra_keys(ExtraKeys::kIgnore);
}

namespace winter {
struct Bed {
  std::string cover;
};
constexpr auto describe(hornbeam::base::Type<Bed>) {
  using namespace hornbeam::base;
  return fields(field("cover", &Bed::cover));
}
}  // namespace winter

struct Even {};
template <class Value>
std::optional<std::string> violation(const Even&, const Value& value) {
  if (value % 2 == 0) return std::nullopt;
  return "expected an even number";
}
template <class Value>
void add_keywords(const Even&, std::type_identity<Value>, hornbeam::base::Schema& schema) {
  schema.set("multipleOf", "2");
}

struct Contact {
  std::string mail;
  std::string site;
  std::string id;
  std::string day;
  int pair = 0;
  std::uint8_t level = 0;
};
constexpr auto describe(hornbeam::base::Type<Contact>) {
  using namespace hornbeam::base;
  return fields(field("mail", &Contact::mail, email), field("site", &Contact::site, url),
                field("id", &Contact::id, uuid), field("day", &Contact::day, date),
                field("pair", &Contact::pair, Even{}, at_least(2)),
                field("level", &Contact::level,
                      satisfies([](int level) { return level != 7; }, "not seven")));
}

}  // namespace garden

namespace garden {

struct Rain {
  double most = std::numeric_limits<double>::infinity();
  float usual = 0.5F;
};
constexpr auto describe(hornbeam::base::Type<Rain>) {
  using namespace hornbeam::base;
  return fields(field("most", &Rain::most, or_default, at_least(0.5)),
                field("usual", &Rain::usual, or_default, at_most(2)));
}

}  // namespace garden

namespace hornbeam::base {
namespace {

TEST(JsonSchema, LeavesOutADefaultThatJsonCannotWrite) {
  SchemaBook book;
  book.schema_of<garden::Rain>();
  EXPECT_EQ(book.entries()[0].schema.to_json(),
            R"({"type":"object","properties":{)"
            R"("most":{"type":"number","format":"double","minimum":0.5},)"
            R"("usual":{"type":"number","format":"float","maximum":2,"default":0.5}},)"
            R"("additionalProperties":false})");
}

TEST(JsonSchema, HasTheKeywordOfEveryRule) {
  SchemaBook book;
  EXPECT_EQ(book.schema_of<garden::Bed>().to_json(), R"({"$ref":"#/components/schemas/Bed"})");
  ASSERT_EQ(book.entries().size(), 1);
  EXPECT_EQ(
      book.entries()[0].schema.to_json(),
      R"({"description":"Refused at 'name': named as its code","type":"object","properties":{)"
      R"("name":{"type":"string","minLength":1,"maxLength":40,"description":"Shown on the sign"},)"
      R"("note":{"type":["string","null"],"maxLength":200},)"
      R"("side":{"type":["string","null"],"enum":["N","S",null]},)"
      R"("code":{"type":"string","pattern":"^(?:[a-z]\\d|none)$","default":"x1"},)"
      R"("beds":{"type":"array","items":{"$ref":"#/components/schemas/Bed"},"maxItems":3,)"
      R"("default":[]},)"
      R"("yields":{"type":"object","additionalProperties":{"type":"number","format":"double"},)"
      R"("minProperties":1},)"
      R"("slope":{"type":"integer","format":"int16","minimum":-30,"maximum":30,"default":0},)"
      R"("ph":{"type":"number","format":"double","exclusiveMinimum":0,"exclusiveMaximum":14},)"
      R"("corner":{"type":"array","items":{"type":"integer","format":"int32"},"minItems":2,)"
      R"("maxItems":2},)"
      R"("marker":{"anyOf":[{"type":"null"},{"type":"integer","format":"int32"},)"
      R"({"type":"string"}]}},)"
      R"("required":["name","yields","ph","corner","marker"],"additionalProperties":false})");
}

TEST(JsonSchema, SaysFormatsAndTheRulesOfOthers) {
  SchemaBook book("#/$defs/");
  book.schema_of<garden::Contact>();
  const std::string text = book.entries()[0].schema.to_json();
  for (const std::string_view part :
       {R"("mail":{"type":"string","format":"email"})", R"("format":"uri","pattern":"^(?:[Hh])",
        R"("id":{"type":"string","format":"uuid"})", R"("day":{"type":"string","format":"date"})",
        R"("pair":{"type":"integer","format":"int32","multipleOf":2,"minimum":2})",
        R"("level":{"type":"integer","format":"uint8","minimum":0,"maximum":255,)"
        R"("description":"not seven"})"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n in " << text;
  }
}

TEST(JsonSchema, GivesEveryStructANameOfItsOwn) {
  SchemaBook book;
  book.schema_of<garden::Page<garden::winter::Bed>>();
  const Schema map = book.schema_of<std::map<std::string, garden::Bed>>();
  EXPECT_EQ(map.to_json(), R"({"type":"object","additionalProperties":)"
                           R"({"$ref":"#/components/schemas/garden.Bed"}})");
  std::vector<std::string> names;
  for (const auto& entry : book.entries()) names.push_back(entry.name);
  EXPECT_EQ(names, (std::vector<std::string>{"Page.Bed", "Bed", "garden.Bed"}));
  EXPECT_EQ(book.entries()[0].schema.to_json(),
            R"({"type":"object","properties":{"items":{"type":"array","items":)"
            R"({"$ref":"#/components/schemas/Bed"}},"first":{"anyOf":[)"
            R"({"$ref":"#/components/schemas/garden.Bed"},{"type":"null"}]}},)"
            R"("required":["items"]})");
}

TEST(JsonSchema, NamesTemplatesByTheirArguments) {
  using schema_detail::short_name;
  EXPECT_EQ(short_name("blog::Page<blog::Post>"), "Page.Post");
  EXPECT_EQ(short_name("Pair<a::B<c::D, int>, std::string>"), "Pair.B.D.int.string");
  EXPECT_EQ(short_name("(anonymous namespace)::Local"), "Local");
  EXPECT_EQ(schema_detail::long_name("(anonymous namespace)::Local"), "anonymous.namespace.Local");
}

}  // namespace
}  // namespace hornbeam::base
