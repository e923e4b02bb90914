#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hornbeam/search/testing/new_index.h"

namespace hornbeam::search {
namespace {

/// The options of the entries as "text text; text", or the error.
std::string suggest(const Index& index, std::string_view body) {
  const auto found = index.search(fmt::format(R"({{"size": 0, "suggest": {{"s": {}}}}})", body));
  if (!found) return found.error().code + ": " + found.error().message;
  std::string all;
  for (std::size_t i = 0; i < found->suggestions.at(0).entries.size(); ++i) {
    if (i > 0) all += "; ";
    std::string options;
    for (const SuggestOption& option : found->suggestions[0].entries[i].options) {
      options += (options.empty() ? "" : " ") + option.text;
    }
    all += options;
  }
  return all;
}

TEST(TermSuggester, FindsWordsThatAreLike) {
  const auto index = testing::new_index();
  testing::put_all(*index, {R"({"body": "Amsterdam meetup"})", R"({"body": "amsterdam meeting"})",
                            R"({"body": "rotterdam"})"});
  EXPECT_EQ(suggest(*index, R"({"text": "The Amsterdma meetpu", "term": {"field": "body"}})"),
            "; amsterdam; meetup");
  EXPECT_EQ(suggest(*index, R"({"text": "amsterdam", "term": {"field": "body"}})"), "");
  EXPECT_EQ(suggest(*index, R"({"text": "meetup", "term": {"field": "body", "max_edits": 1}})"),
            "");
  EXPECT_EQ(suggest(*index, R"({"text": "x", "term": {"field": "nowhere"}})"),
            "illegal_argument_exception: no mapping found for field [nowhere]");
  const auto found =
      index->search(R"({"suggest": {"text": "amsterdma", "s": {"term": {"field": "body"}}}})");
  ASSERT_TRUE(found);
  const SuggestEntry& entry = found->suggestions.at(0).entries.at(0);
  EXPECT_EQ(found->suggestions[0].type, "term");
  EXPECT_EQ(entry.text, "amsterdma");
  EXPECT_EQ(entry.length, 9U);
  EXPECT_EQ(entry.options.at(0).freq, 2U);
  EXPECT_FLOAT_EQ(entry.options.at(0).score, 1 - 1.0F / 9);
}

TEST(PhraseSuggester, CorrectsAText) {
  const auto index = testing::new_index();
  testing::put_all(*index, {R"({"body": "noble prize"})", R"({"body": "nobel prize"})",
                            R"({"body": "nobel prize winner"})"});
  EXPECT_EQ(suggest(*index, R"({"text": "nobel prise", "phrase": {"field": "body", "size": 1}})"),
            "nobel prize");
  const auto found = index->search(R"({"suggest": {"s": {"text": "nobel prise", "phrase":
      {"field": "body", "highlight": {"pre_tag": "<b>", "post_tag": "</b>"}}}}})");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->suggestions.at(0).entries.at(0).options.at(0).highlighted, "nobel <b>prize</b>");
  EXPECT_EQ(suggest(*index, R"({"text": "nobel prize", "phrase": {"field": "body"}})"), "");
}

class Completion : public ::testing::Test {
 protected:
  Completion()
      : index_(testing::new_index(R"({"properties": {
            "plain": {"type": "completion", "fields": {"raw": {"type": "keyword"},
                                                       "sub": {"type": "completion"}}},
            "title": {"type": "keyword", "fields": {"done": {"type": "completion"}}},
            "color": {"type": "completion", "contexts": [
                {"name": "color", "type": "category", "path": "paint"}]},
            "place": {"type": "completion", "contexts": [
                {"name": "where", "type": "geo", "precision": "5km"}]}}})")) {}
  void put(std::string_view id, std::string_view json) {
    const auto outcome = index_->put(id, json);
    ASSERT_TRUE(outcome) << outcome.error().message;
    index_->refresh();
  }
  std::unique_ptr<Index> index_;
};

TEST_F(Completion, CompletesByWeight) {
  put("1", R"({"plain": [{"input": "bar", "weight": 3}, {"input": "fo", "weight": 3}]})");
  put("2", R"({"plain": [{"input": "baz", "weight": 2}, {"input": "foo", "weight": 1}]})");
  put("3", R"({"plain": "The Bar"})");
  EXPECT_EQ(suggest(*index_, R"({"text": "b", "completion": {"field": "plain"}})"), "bar baz");
  EXPECT_EQ(suggest(*index_, R"({"prefix": "F", "completion": {"field": "plain"}})"), "fo foo");
  EXPECT_EQ(suggest(*index_, R"({"prefix": "the b", "completion": {"field": "plain.sub"}})"),
            "The Bar");
  EXPECT_EQ(suggest(*index_, R"({"prefix": "b", "completion": {"field": "plain", "size": 1}})"),
            "bar");
  EXPECT_EQ(testing::matches(*index_, R"({"term": {"plain.raw": "baz"}})"), "2");
  put("4", R"({"title": "Complete me"})");
  EXPECT_EQ(suggest(*index_, R"({"prefix": "comp", "completion": {"field": "title.done"}})"),
            "Complete me");
  ASSERT_TRUE(index_->remove("1"));
  index_->refresh();
  EXPECT_EQ(suggest(*index_, R"({"text": "b", "completion": {"field": "plain"}})"), "baz");
  EXPECT_EQ(suggest(*index_, R"({"text": "b", "completion": {"field": "plain.raw"}})"),
            "illegal_argument_exception: Field [plain.raw] is not a completion suggest field");
}

TEST_F(Completion, ForgivesMisspellings) {
  put("1", R"({"plain": "nirvana"})");
  put("2", R"({"plain": "nevermore"})");
  EXPECT_EQ(suggest(*index_, R"({"prefix": "nivr", "completion": {"field": "plain"}})"), "");
  EXPECT_EQ(suggest(*index_, R"({"prefix": "nivr", "completion": {"field": "plain",
      "fuzzy": {"fuzziness": 1}}})"),
            "nirvana");
  EXPECT_EQ(suggest(*index_, R"({"prefix": "nevre", "completion": {"field": "plain",
      "fuzzy": true}})"),
            "nevermore");
}

TEST_F(Completion, CompletesExpressions) {
  put("1", R"({"plain": ["nirvana", "nevermore"]})");
  put("2", R"({"plain": "never"})");
  EXPECT_EQ(suggest(*index_, R"({"regex": "n[ai]r", "completion": {"field": "plain"}})"),
            "nirvana");
  EXPECT_EQ(suggest(*index_, R"({"regex": "n.v", "completion": {"field": "plain"}})"),
            "never nevermore");
  EXPECT_EQ(suggest(*index_, R"({"regex": "(", "completion": {"field": "plain"}})").substr(0, 26),
            "illegal_argument_exception");
}

TEST_F(Completion, SkipsDuplicates) {
  put("1", R"({"plain": "bar"})");
  put("2", R"({"plain": "bar"})");
  EXPECT_EQ(suggest(*index_, R"({"text": "b", "completion": {"field": "plain"}})"), "bar bar");
  EXPECT_EQ(suggest(*index_, R"({"text": "b", "completion": {"field": "plain",
      "skip_duplicates": true}})"),
            "bar");
}

TEST_F(Completion, AsksForContexts) {
  put("1", R"({"color": {"input": "foo red", "contexts": {"color": "red"}}})");
  put("2", R"({"color": "foo blue", "paint": "blue"})");
  const auto find = [this](std::string_view contexts) {
    return suggest(*index_, fmt::format(R"({{"text": "foo", "completion": {{"field": "color",
        "contexts": {}}}}})",
                                        contexts));
  };
  EXPECT_EQ(find(R"({"color": "red"})"), "foo red");
  EXPECT_EQ(find(R"({"color": ["blue", {"context": "red", "boost": 2}]})"), "foo red foo blue");
  EXPECT_EQ(find(R"({"color": {"context": "bl", "prefix": true}})"), "foo blue");
  EXPECT_EQ(find("{}"), "illegal_argument_exception: Missing mandatory contexts in context query");
  EXPECT_EQ(index_->put("3", R"({"color": "none"})").error().message,
            "Contexts are mandatory in context enabled completion field [color]");
}

TEST_F(Completion, AsksForPlaces) {
  put("1",
      R"({"place": {"input": "Amsterdam", "contexts": {"where": {"lat": 52.22, "lon": 4.53}}}})");
  put("2",
      R"({"place": {"input": "Berlin", "contexts": {"where": {"lat": 53.31, "lon": 13.24}}}})");
  const auto find = [this](std::string_view place) {
    return suggest(*index_, fmt::format(R"({{"text": "", "completion": {{"field": "place",
        "contexts": {{"where": {}}}}}}})",
                                        place));
  };
  EXPECT_EQ(find(R"({"lat": 52.2263, "lon": 4.543})"), "Amsterdam");
  EXPECT_EQ(find(R"("u33")"), "Berlin");
  EXPECT_EQ(find(R"("nowhere!")"), "parse_exception: [nowhere!] is no place, in context [where]");
}

TEST_F(Completion, KeepsItsMapping) {
  const std::string json = index_->mapping();
  const auto again = testing::new_index(json);
  EXPECT_EQ(again->mapping(), json);
  EXPECT_NE(json.find(R"("precision":5)"), std::string::npos);
}

}  // namespace
}  // namespace hornbeam::search
