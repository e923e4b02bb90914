#include "hornbeam/base/describe.h"

#include <string>

#include <gtest/gtest.h>

namespace shop {

struct Mark {};
struct Item {
  int id = 0;
  std::string name;
  int count = 0;
};
constexpr auto describe(hornbeam::base::Type<Item>) {
  using hornbeam::base::field;
  return hornbeam::base::fields(field("id", &Item::id, Mark{}), field("title", &Item::name),
                                field("count", &Item::count));
}

}  // namespace shop

namespace hornbeam::base {
namespace {

static_assert(Described<shop::Item>);
static_assert(!Described<std::string>);
static_assert(field_name(&shop::Item::name) == "title");
static_assert(field_name(&shop::Item::count) == "count");

TEST(Describe, VisitsFieldsInOrderWithTheirMarks) {
  std::string seen;
  for_each_field<shop::Item>([&](const auto& each) {
    seen += each.name;
    if (std::remove_cvref_t<decltype(each)>::template has<shop::Mark>()) seen += "*";
    seen += ' ';
  });
  EXPECT_EQ(seen, "id* title count ");
}

TEST(Describe, ReachesMembersForReadingAndWriting) {
  shop::Item item;
  std::get<1>(kDescription<shop::Item>.all).get(item) = "nail";
  EXPECT_EQ(item.name, "nail");
}

}  // namespace
}  // namespace hornbeam::base
