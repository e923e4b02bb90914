#include "hornbeam/web/read_arguments.h"

#include <gtest/gtest.h>

namespace hornbeam::web {

struct Change {
  std::string password;
  std::string again;
  int tries = 0;
};
constexpr auto describe(base::Type<Change>) {
  return base::fields(base::field("password", &Change::password, base::length(3)),
                      base::field("again", &Change::again),
                      base::field("tries", &Change::tries, base::or_default, base::at_least(1)))
      .check([](const Change& change) { return change.password == change.again; }, "the two differ",
             "again");
}

namespace {

std::string problems(std::string_view text) {
  Change change;
  std::string all;
  for (const base::Problem& problem : read_arguments(Arguments::parse(text), change)) {
    all += problem.to_string() + "\n";
  }
  return all;
}

TEST(ReadArguments, AsksChecksAcrossFieldsOnceEveryFieldIsRight) {
  EXPECT_EQ(problems("password=abc&again=abc&tries=1"), "");
  EXPECT_EQ(problems("password=abc&again=abd&tries=1"),
            "the two differ for dictionary value @ data['again']\n");
  EXPECT_EQ(problems("password=ab&again=abd&tries=1"),
            "length of value must be at least 3 for dictionary value @ data['password']\n");
}

TEST(ReadArguments, AsksTheRulesOfADefaultToo) {
  EXPECT_EQ(problems("password=abc&again=abc"),
            "value must be at least 1 for dictionary value @ data['tries']\n");
}

}  // namespace
}  // namespace hornbeam::web
