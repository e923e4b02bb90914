// What validation accepts and says, with voluptuous' verdicts beside: the same schemas in both,
// some thousand values, every error's text and path. Where the two differ is listed, with the
// reason.

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>

#include "hornbeam/base/json.h"

namespace oracle {

using namespace hornbeam::base;  // NOLINT: rules, as descriptions name them.

struct Plain {
  std::string text;
  int number = 0;
  double real = 0;
  bool flag = false;
  std::optional<std::string> note;
};
constexpr auto describe(Type<Plain>) {
  return fields(field("text", &Plain::text), field("number", &Plain::number),
                field("real", &Plain::real), field("flag", &Plain::flag),
                field("note", &Plain::note));
}

struct Rules {
  std::string sized;
  int ranged = 0;
  double open = 1;
  std::string chosen;
  std::string like;
  int level = 3;
  std::optional<std::vector<std::string>> tags;
};
constexpr auto describe(Type<Rules>) {
  return fields(field("sized", &Rules::sized, length(2, 4)),
                field("ranged", &Rules::ranged, range(-3, 3)),
                field("open", &Rules::open, above(0.5), below(9.0)),
                field("chosen", &Rules::chosen, one_of("bean", "pea")),
                field("like", &Rules::like, pattern("^[a-z]+[0-9]?$")),
                field("level", &Rules::level, or_default, one_of(1, 3, 5)),
                field("tags", &Rules::tags, length(1, 2)));
}

struct Item {
  std::string name;
  int count = 1;
};
constexpr auto describe(Type<Item>) {
  return fields(field("name", &Item::name, length(1, 5)),
                field("count", &Item::count, or_default, range(1, 9)));
}

struct Nested {
  Item item;
  std::vector<Item> items;
  std::map<std::string, double> map;
  std::optional<Item> spare;
};
constexpr auto describe(Type<Nested>) {
  return fields(field("item", &Nested::item), field("items", &Nested::items),
                field("map", &Nested::map), field("spare", &Nested::spare));
}

struct Grid {
  std::array<std::array<int, 2>, 2> cells{};
};
constexpr auto describe(Type<Grid>) {
  return fields(field("cells", &Grid::cells));
}

struct Kind {
  std::string kind;
};
constexpr auto describe(Type<Kind>) {
  return fields(field("kind", &Kind::kind, length(3)));
}
struct Count {
  int count = 0;
};
constexpr auto describe(Type<Count>) {
  return fields(field("count", &Count::count, at_least(1)));
}
struct Union {
  std::variant<Kind, Count> planted;
  std::variant<int, std::string> either;
};
constexpr auto describe(Type<Union>) {
  return fields(field("planted", &Union::planted), field("either", &Union::either));
}

struct Inner {
  int n = 0;
};
constexpr auto describe(Type<Inner>) {
  return fields(field("n", &Inner::n)).extra_keys(ExtraKeys::kIgnore);
}
struct Open {
  std::string text;
  std::optional<Inner> inner;
};
constexpr auto describe(Type<Open>) {
  return fields(field("text", &Open::text), field("inner", &Open::inner))
      .extra_keys(ExtraKeys::kIgnore);
}

struct Stay {
  std::string from;
  std::string to;
};
constexpr auto describe(Type<Stay>) {
  return fields(field("from", &Stay::from, date), field("to", &Stay::to, date))
      .check([](const Stay& stay) { return stay.from < stay.to; }, "ends before it begins", "to");
}

struct Formats {
  std::string mail;
  std::string site;
  std::string day;
};
constexpr auto describe(Type<Formats>) {
  return fields(field("mail", &Formats::mail, email), field("site", &Formats::site, url),
                field("day", &Formats::day, date));
}

}  // namespace oracle

namespace hornbeam::base {
namespace {

/// One line of the oracle's.
struct Case {
  std::string schema;
  std::string value;
  std::string change;
  std::vector<std::string> theirs;

  /// What was put where; empty if nothing was.
  std::string put() const {
    const std::size_t sign = change.find('=');
    return sign == std::string::npos ? "" : change.substr(sign + 1);
  }
  std::string place() const { return change.substr(0, change.find('=')); }
};

using Texts = std::vector<std::string>;

template <class Value>
Texts errors_of(const std::string& json) {
  const auto value = from_json<Value>(json);
  Texts errors;
  if (value) return errors;
  for (const Problem& problem : value.error().problems) errors.push_back(problem.to_string());
  if (value.error().syntax) errors.push_back("no JSON: " + value.error().syntax->message());
  std::ranges::sort(errors);
  return errors;
}

const std::map<std::string, Texts (*)(const std::string&)>& schemas() {
  static const std::map<std::string, Texts (*)(const std::string&)> kAll = {
      {"plain", &errors_of<oracle::Plain>},
      {"rules", &errors_of<oracle::Rules>},
      {"nested", &errors_of<oracle::Nested>},
      {"grid", &errors_of<oracle::Grid>},
      {"union", &errors_of<oracle::Union>},
      {"open", &errors_of<oracle::Open>},
      {"stay", &errors_of<oracle::Stay>},
      {"formats", &errors_of<oracle::Formats>},
      {"list", &errors_of<std::vector<oracle::Item>>}};
  return kAll;
}

/// Where we mean to differ.
struct Difference {
  std::string_view reason;
  bool (*is_meant)(const Case& each, const Texts& ours);
};

bool any_has(const Texts& texts, std::string_view part) {
  return std::ranges::any_of(
      texts, [part](const std::string& each) { return each.find(part) != std::string::npos; });
}

/// Each has a case that shows it, and no other reason is asked after the first that fits.
const std::vector<Difference>& differences() {
  static const std::vector<Difference> kAll = {
      {"a bool is no number: in Python True is an int",
       [](const Case& each, const Texts& ours) {
         // In a union, the alternative that is told of may be another.
         const bool is_bool = each.put() == "true" || each.put() == "false";
         return is_bool && (any_has(ours, "expected int") || any_has(ours, "expected float") ||
                            (each.schema == "union" && !ours.empty()));
       }},
      {"a number has the width of its type, which is told before the rules",
       [](const Case& each, const Texts& ours) {
         return each.put() == "3000000000" && !ours.empty() &&
                (any_has(ours, "value must be at most 2147483647") || each.schema == "union");
       }},
      {"an optional says what its value should be like: voluptuous' Maybe says 'not a valid value'",
       [](const Case& each, const Texts& ours) {
         return ours.size() == 1 && each.theirs.size() == 1 &&
                each.theirs[0].starts_with("not a valid value ") &&
                each.theirs[0].substr(17) == ours[0].substr(ours[0].find(" for dictionary"));
       }},
      {"a list of a fixed size is counted before its elements are looked at",
       [](const Case& each, const Texts& ours) {
         return each.schema == "grid" && ours.size() == 1 &&
                ours[0].starts_with("length of value must be at") && !each.theirs.empty();
       }},
      {"$ is the end of the text: in Python it is before a line feed at the end as well",
       [](const Case& each, const Texts& ours) {
         return each.put() == "\"ab\\n\"" && each.theirs.empty() &&
                any_has(ours, "regular expression");
       }},
      {"a URL is http or https, and what browsers take for one",
       [](const Case& each, const Texts& ours) {
         return each.place() == "site" && each.theirs.empty() && any_has(ours, "expected a URL");
       }},
      {"a day is written with its zeros, as RFC 3339 wants it: strptime takes 2024-1-5",
       [](const Case& each, const Texts& ours) {
         return each.put() == "\"2024-1-5\"" && any_has(ours, "expected format %Y-%m-%d");
       }},
      {"a check across fields that names one is about that field's value",
       [](const Case& each, const Texts& ours) {
         return each.theirs == Texts{"ends before it begins @ data['to']"} &&
                ours == Texts{"ends before it begins for dictionary value @ data['to']"};
       }},
  };
  return kAll;
}

std::vector<Case> ask_oracle() {
  const std::string script =
      std::string(HORNBEAM_SOURCE_DIR) + "/tests/conformance/voluptuous_oracle.py";
  FILE* pipe = popen(("'" HORNBEAM_PYTHON "' '" + script + "' 2>/dev/null").c_str(), "r");
  std::string output;
  std::array<char, 65536> piece{};
  for (std::size_t size = 0; (size = fread(piece.data(), 1, piece.size(), pipe)) > 0;) {
    output.append(piece.data(), size);
  }
  std::vector<Case> cases;
  if (pclose(pipe) != 0) return cases;
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream row(line);
    Case each;
    std::string errors;
    std::getline(row, each.schema, '\t');
    std::getline(row, each.value, '\t');
    std::getline(row, each.change, '\t');
    std::getline(row, errors, '\t');
    each.theirs = from_json<Texts>(errors).value();
    std::ranges::sort(each.theirs);
    cases.push_back(std::move(each));
  }
  return cases;
}

std::string joined(const Texts& texts) {
  std::string out;
  for (const std::string& text : texts) out += "\n    " + text;
  return texts.empty() ? " accepted" : out;
}

TEST(Voluptuous, SaysTheSameOfEveryValue) {
  const std::vector<Case> cases = ask_oracle();
  if (cases.empty()) {
    GTEST_SKIP() << "voluptuous is not installed (tools/setup test installs it)";
  }
  ASSERT_GT(cases.size(), 2500);
  std::map<std::string_view, int> meant;
  int same = 0;
  for (const Case& each : cases) {
    const Texts ours = schemas().at(each.schema)(each.value);
    if (ours == each.theirs) {
      ++same;
      continue;
    }
    const auto known = std::ranges::find_if(
        differences(), [&](const Difference& one) { return one.is_meant(each, ours); });
    if (known != differences().end()) {
      ++meant[known->reason];
      continue;
    }
    ADD_FAILURE() << each.schema << " " << each.value << " (" << each.change
                  << ")\n  theirs:" << joined(each.theirs) << "\n  ours:" << joined(ours);
  }
  for (const Difference& each : differences()) {
    EXPECT_GT(meant[each.reason], 0) << "no case shows it any longer: " << each.reason;
  }
  RecordProperty("same", same);
}

}  // namespace
}  // namespace hornbeam::base
