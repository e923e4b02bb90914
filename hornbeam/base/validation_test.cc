#include <gtest/gtest.h>

#include "hornbeam/base/json.h"

namespace booking {

struct Stay {
  std::string email;
  std::string from;
  std::string to;
  double price = 1;
  int nights = 1;
};
constexpr auto describe(hornbeam::base::Type<Stay>) {
  using namespace hornbeam::base;
  return fields(field("email", &Stay::email, email), field("from", &Stay::from, date),
                field("to", &Stay::to, date), field("price", &Stay::price, above(0.5), below(9.0)),
                field("nights", &Stay::nights, or_default, at_least(1)))
      .check([](const Stay& stay) { return stay.from < stay.to; }, "the stay ends before it begins",
             "to")
      .check([](const Stay& stay) { return stay.nights < 30; }, "not a valid value");
}

struct Careless {
  int count = 0;
  std::vector<Stay> stays;
};
constexpr auto describe(hornbeam::base::Type<Careless>) {
  using namespace hornbeam::base;
  return fields(field("count", &Careless::count, or_default, at_least(1)),
                field("stays", &Careless::stays, or_default))
      .extra_keys(ExtraKeys::kIgnore);
}

}  // namespace booking

namespace hornbeam::base {
namespace {

template <class Value>
std::string problems(std::string_view text) {
  const auto value = from_json<Value>(text);
  return value ? "" : value.error().message();
}

std::string stay(std::string_view changed) {
  return R"({"email":"a@b.org","from":"2024-02-28","to":"2024-02-29","price":2)" +
         std::string(changed) + "}";
}

TEST(Validation, ACheckAcrossFieldsIsAskedOnceEveryFieldIsRight) {
  EXPECT_EQ(problems<booking::Stay>(stay("")), "");
  EXPECT_EQ(
      problems<booking::Stay>(
          R"({"email":"a@b.org","from":"2024-03-01","to":"2024-02-29","price":2,"nights":99})"),
      "the stay ends before it begins for dictionary value @ data['to']; not a valid value");
  EXPECT_EQ(problems<booking::Stay>(
                R"({"email":"a","from":"2024-03-01","to":"2024-02-29","price":2,"nights":99})"),
            "expected an email address for dictionary value @ data['email']");
}

TEST(Validation, BoundsMayBeExcluded) {
  EXPECT_EQ(violation(above(1), 1), "value must be higher than 1");
  EXPECT_EQ(violation(above(1), 2), std::nullopt);
  EXPECT_EQ(violation(below(9.5), 9.5), "value must be lower than 9.5");
  EXPECT_EQ(violation(below(9.5), 9.0), std::nullopt);
}

TEST(Validation, ADefaultIsAskedTheRulesToo) {
  EXPECT_EQ(problems<booking::Careless>("{}"),
            "value must be at least 1 for dictionary value @ data['count']");
}

TEST(Validation, ExtraKeysAreRefusedUnlessIgnoredAndInnerStructsDecideThemselves) {
  EXPECT_EQ(problems<booking::Stay>(stay(R"(,"more":1)")), "extra keys not allowed @ data['more']");
  EXPECT_EQ(problems<booking::Careless>(R"({"count":1,"more":1})"), "");
  EXPECT_EQ(problems<booking::Careless>(R"({"count":1,"stays":[)" + stay(R"(,"more":1)") + "]}"),
            "extra keys not allowed @ data['stays'][0]['more']");
}

TEST(Validation, ANumberPastADoubleIsNoInfinity) {
  EXPECT_FALSE(from_json<double>("1e999").has_value());
  EXPECT_FALSE(from_json<double>("-20394e67039675").has_value());
}

struct FormatCase {
  Format format;
  std::string_view text;
  bool is_right;
};

TEST(Validation, KnowsFormats) {
  constexpr FormatCase kCases[] = {
      {email, "ada.l+x@mail.example.org", true},
      {email, "ada@localhost", false},
      {email, "ada@example.org\n", false},
      {email, "@example.org", false},
      {email, "a b@example.org", false},
      {email, "a@-example.org", false},
      {url, "https://example.org", true},
      {url, "HTTP://[::1]:8080/a?b=c#d", true},
      {url, "javascript:alert(1)", false},
      {url, "//example.org/", false},
      {url, "https://", false},
      {url, "https://user@example.org/", false},
      {url, "https://example.org/a b", false},
      {uuid, "01890a5d-ac96-774b-bcce-b302099a8057", true},
      {uuid, "01890A5DAC96774BBCCEB302099A8057", false},
      {uuid, "01890a5d-ac96-774b-bcce-b302099a805g", false},
      {date, "2024-02-29", true},
      {date, "2023-02-29", false},
      {date, "2024-13-01", false},
      {date, "2024-2-9", false},
      {date, "2024-00-00", false},
  };
  for (const FormatCase& each : kCases) {
    EXPECT_EQ(has_format(each.format, each.text), each.is_right) << each.text;
  }
}

}  // namespace
}  // namespace hornbeam::base
