#include "hornbeam/search/query/shown_fields.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "hornbeam/search/testing/new_index.h"

namespace hornbeam::search {
namespace {

constexpr std::string_view kSource = R"({"n": ["7", 5, "many"], "r": 1.5, "d": "2020-02-03",
    "yes": true, "ip": "::1", "k": ["b", "a"], "at": "1,2", "t": "Some text"})";

class ShownFields : public ::testing::Test {
 protected:
  ShownFields()
      : index_(testing::new_index(R"({"properties": {
            "n": {"type": "integer", "ignore_malformed": true, "store": true},
            "r": {"type": "double"}, "d": {"type": "date"}, "yes": {"type": "boolean"},
            "ip": {"type": "ip"}, "k": {"type": "keyword"}, "at": {"type": "geo_point"},
            "t": {"type": "text", "fields": {"raw": {"type": "keyword"}}}}})")),
        source_(base::JsonDocument::parse(kSource).value()) {
    testing::put_all(*index_, {std::string(kSource)});
  }
  static std::string text(const base::Result<void>& added, const ShownValues& shown) {
    if (!added) return added.error().code + ": " + added.error().message;
    std::string all;
    for (const auto& [name, values] : shown) {
      all += fmt::format("{}{}={}", all.empty() ? "" : " ", name, fmt::join(values, ","));
    }
    return all;
  }
  std::string columns(const ShownField& field) {
    const SearchTarget target = index_->target();
    ShownValues shown;
    const SnapshotPlace place = SnapshotPlace::of(*target.snapshot, 0);
    return text(add_column_values(target, place, std::vector{field}, shown), shown);
  }
  std::string sources(const ShownField& field) {
    ShownValues shown;
    return text(add_source_values(index_->target(), source_.root(), std::vector{field}, shown),
                shown);
  }
  std::unique_ptr<Index> index_;
  base::JsonDocument source_;
};

TEST_F(ShownFields, ColumnsShowTheirValuesInOrder) {
  EXPECT_EQ(columns({.field = "n"}), "n=5,7");
  EXPECT_EQ(columns({.field = "n", .format = "#.0"}), R"(n="5.0","7.0")");
  EXPECT_EQ(columns({.field = "k"}), R"(k="a","b")");
  EXPECT_EQ(columns({.field = "yes"}), "yes=true");
  EXPECT_EQ(columns({.field = "ip"}), R"(ip="::1")");
  EXPECT_EQ(columns({.field = "d"}), R"(d="2020-02-03T00:00:00.000Z")");
  EXPECT_EQ(columns({.field = "d", .format = "epoch_millis"}), R"(d="1580688000000")");
  EXPECT_EQ(columns({.field = "t*"}), R"(t.raw="Some text")");
  EXPECT_EQ(columns({.field = "nowhere"}), "");
}

TEST_F(ShownFields, SourcesShowTheirValuesAsTheFieldsHaveThem) {
  EXPECT_EQ(sources({.field = "n"}), "n=7,5");
  EXPECT_EQ(sources({.field = "k"}), R"(k="b","a")");
  EXPECT_EQ(sources({.field = "t*"}), R"(t="Some text" t.raw="Some text")");
  EXPECT_EQ(sources({.field = "d", .format = "yyyy/MM/dd"}), R"(d="2020/02/03")");
  EXPECT_EQ(sources({.field = "k", .format = "yyyy"}),
            "illegal_argument_exception: Field [k] of type [keyword] doesn't support formats.");
}

TEST_F(ShownFields, OnlyWhatIsStoredIsShownAsSuch) {
  ShownValues shown;
  add_stored_values(index_->target(), source_.root(), std::vector<std::string>{"*"}, shown);
  EXPECT_EQ(text({}, shown), "n=7,5");
}

}  // namespace
}  // namespace hornbeam::search
