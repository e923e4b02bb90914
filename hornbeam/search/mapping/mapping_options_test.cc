// What a mapping says beside its fields: which source documents keep, and how new fields are
// mapped.

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hornbeam/search/mapping/field_value.h"
#include "hornbeam/search/testing/new_index.h"

namespace hornbeam::search {
namespace {

using testing::matches;
using testing::new_index;

std::string put(Index& index, std::string_view json) {
  const auto written = index.put("1", json);
  index.refresh();
  return written ? index.find("1")->source : written.error().message;
}

TEST(SourceOfDocuments, LacksWhatTheMappingExcludes) {
  const auto index = new_index(R"({"_source": {"excludes": ["secret"]}})");
  EXPECT_EQ(put(*index, R"({"a":1,"secret":{"b":2}})"), R"({"a":1})");
  EXPECT_EQ(matches(*index, R"({"term": {"secret.b": 2}})"), "1");
  EXPECT_EQ(index->mapping().substr(0, 37), R"({"_source":{"excludes":["secret"]},"p)");
  const auto some = new_index(R"({"_source": {"includes": "a"}})");
  EXPECT_EQ(put(*some, R"({"a":1,"b":2})"), R"({"a":1})");
}

TEST(SourceOfDocuments, IsNotThereIfTheMappingDisablesIt) {
  const auto index = new_index(R"({"_source": {"enabled": false},
      "properties": {"kept": {"type": "keyword", "store": true}}})");
  EXPECT_FALSE(index->current_mapping()->has_source());
  EXPECT_EQ(put(*index, R"({"a":1,"kept":"k"})"), R"({"kept":"k"})");
  EXPECT_EQ(matches(*index, R"({"term": {"a": 1}})"), "1");
  const auto reopened = new_index(index->mapping());
  EXPECT_FALSE(reopened->current_mapping()->has_source());
}

constexpr std::string_view kTemplates = R"("dynamic_templates": [
    {"ids": {"match": "*_id", "mapping": {"type": "keyword"}}},
    {"numbers": {"match_mapping_type": "long", "unmatch": "big*", "mapping": {"type": "integer"}}},
    {"names": {"path_match": "name.*", "path_unmatch": "*.full",
               "mapping": {"type": "text", "copy_to": "{name}s"}}},
    {"codes": {"match_pattern": "regex", "match": "^c[0-9]+$", "mapping": {"type": "{dynamic_type}",
               "index": false}}}])";

TEST(DynamicTemplates, SayHowNewFieldsAreMapped) {
  const auto index = new_index(fmt::format("{{{}}}", kTemplates));
  ASSERT_EQ(put(*index, R"({"a_id":7,"n":1,"big":2,"name":{"first":"x","full":"y"},"c1":3})"),
            R"({"a_id":7,"n":1,"big":2,"name":{"first":"x","full":"y"},"c1":3})");
  const auto mapping = index->current_mapping();
  EXPECT_EQ(mapping->find("a_id")->type, FieldType::kKeyword);
  EXPECT_EQ(mapping->find("n")->type, FieldType::kInteger);
  EXPECT_EQ(mapping->find("big")->type, FieldType::kLong);
  EXPECT_EQ(mapping->find("name.first")->copy_to, std::vector<std::string>{"firsts"});
  EXPECT_TRUE(mapping->find("name.full.keyword"));
  EXPECT_EQ(mapping->find("c1")->type, FieldType::kInteger);
  const auto reopened = new_index(index->mapping());
  EXPECT_EQ(reopened->mapping(), index->mapping());
}

TEST(DynamicTemplates, AloneAddFieldsIfTheMappingWantsItSo) {
  const auto strict =
      new_index(fmt::format(R"({{"dynamic": "strict_allow_templates", {}}})", kTemplates));
  EXPECT_EQ(put(*strict, R"({"a_id":"x","other":"y"})"),
            "mapping set to strict_allow_templates, dynamic introduction of [other] within [_doc] "
            "is not allowed");
  EXPECT_EQ(put(*strict, R"({"a_id":"x"})"), R"({"a_id":"x"})");
  const auto lax =
      new_index(fmt::format(R"({{"dynamic": "false_allow_templates", {}}})", kTemplates));
  EXPECT_EQ(put(*lax, R"({"a_id":"x","other":"y"})"), R"({"a_id":"x","other":"y"})");
  EXPECT_FALSE(lax->current_mapping()->find("other"));
  EXPECT_EQ(matches(*lax, R"({"term": {"a_id": "x"}})"), "1");
}

TEST(DynamicTemplates, AreRefusedIfTheyAreNone) {
  const auto refused = [](std::string_view templates) {
    const auto index = new_index();
    const auto put = index->put_mapping(fmt::format(R"({{"dynamic_templates": {}}})", templates));
    return put ? "" : put.error().message;
  };
  EXPECT_EQ(refused("{}"), "Dynamic template syntax error. An array of named objects is expected.");
  EXPECT_EQ(refused(R"([{"a": {"match": "*"}}])"),
            "Failed to parse dynamic template [a]: template must have mapping set");
  EXPECT_EQ(refused(R"([{"a": {"match": "(", "match_pattern": "regex", "mapping": {}}}])"),
            "Pattern [(] of type [regex] is invalid in dynamic template [a]");
}

TEST(NetworksOfAddresses, AreTermsOfAllTheirAddresses) {
  const auto index = new_index(R"({"properties": {"ip": {"type": "ip"}}})");
  testing::put_all(
      *index, {R"({"ip": "192.168.0.1"})", R"({"ip": "192.168.1.2"})", R"({"ip": "2001:db8::1"})"});
  EXPECT_EQ(matches(*index, R"({"term": {"ip": "192.168.0.0/24"}})"), "1");
  EXPECT_EQ(matches(*index, R"({"term": {"ip": "192.168.0.0/23"}})"), "1 2");
  EXPECT_EQ(matches(*index, R"({"terms": {"ip": ["192.168.1.2", "2001:db8::/32"]}})"), "2 3");
  EXPECT_EQ(matches(*index, R"({"term": {"ip": "0.0.0.0/0"}})"), "1 2");
  EXPECT_TRUE(matches(*index, R"({"term": {"ip": "192.168.0.0/33"}})").contains("not an IP"));
  EXPECT_EQ(ip_network("10.1.2.3/30"), std::pair(std::string("10.1.2.0"), std::string("10.1.2.3")));
  EXPECT_EQ(ip_network("10.1.2.3"), std::nullopt);
}

}  // namespace
}  // namespace hornbeam::search
