#include <charconv>

#include <fmt/format.h>

#include "hornbeam/search/query/query_reader.h"

namespace hornbeam::search::query_reader {
namespace {

TextOperator text_operator(std::string_view query, base::JsonView json) {
  const std::string text = scalar(query, json);
  if (text == "and" || text == "AND") return TextOperator::kAnd;
  if (text == "or" || text == "OR") return TextOperator::kOr;
  throw Refusal{
      {.code = "illegal_argument_exception",
       .message = fmt::format("operator needs to be either AND or OR, but not [{}]", text)}};
}

MultiMatchQuery::Field boosted_field(const std::string& text) {
  const std::size_t caret = text.rfind('^');
  MultiMatchQuery::Field field{.name = text.substr(0, caret)};
  if (caret == std::string::npos) return field;
  const char* const end = text.data() + text.size();
  const auto found = std::from_chars(text.data() + caret + 1, end, field.boost);
  if (found.ec != std::errc() || found.ptr != end) {
    refuse(fmt::format("[multi_match] the boost of field [{}] is no number", text));
  }
  return field;
}

MultiMatchQuery::Type type_of(base::JsonView json) {
  const std::string text = scalar("multi_match", json);
  if (text == "best_fields") return MultiMatchQuery::Type::kBestFields;
  if (text == "most_fields") return MultiMatchQuery::Type::kMostFields;
  if (text == "phrase") return MultiMatchQuery::Type::kPhrase;
  refuse(fmt::format("failed to parse [multi_match] query type [{}]. unknown type.", text));
}

}  // namespace

Query read_match(base::JsonView json) {
  Query query;
  MatchQuery match;
  match.field = field("match", json, "query", query.boost, [&](auto name, base::JsonView value) {
    if (name == "query") {
      match.text = scalar("match", value);
    } else if (name == "operator") {
      match.text_operator = text_operator("match", value);
    } else if (name == "minimum_should_match") {
      match.minimum_should_match = {scalar("match", value)};
    } else if (name == "analyzer") {
      match.analyzer = scalar("match", value);
    } else if (name == "zero_terms_query") {
      match.matches_all_if_empty = scalar("match", value) == "all";
    } else {
      return false;
    }
    return true;
  });
  query.node = std::move(match);
  return query;
}

Query read_match_phrase(base::JsonView json) {
  Query query;
  MatchPhraseQuery phrase;
  phrase.field =
      field("match_phrase", json, "query", query.boost, [&](auto name, base::JsonView value) {
        if (name == "query") {
          phrase.text = scalar("match_phrase", value);
        } else if (name == "slop") {
          const float slop = number("match_phrase", name, value);
          if (slop < 0) {
            throw Refusal{
                {.code = "illegal_argument_exception", .message = "No negative slop allowed."}};
          }
          phrase.slop = static_cast<std::uint32_t>(slop);
        } else if (name == "analyzer") {
          phrase.analyzer = scalar("match_phrase", value);
        } else {
          return false;
        }
        return true;
      });
  query.node = std::move(phrase);
  return query;
}

Query read_multi_match(base::JsonView json) {
  Query query;
  MultiMatchQuery match;
  members("multi_match", json, query.boost, [&](auto name, base::JsonView value) {
    if (name == "query") {
      match.text = scalar("multi_match", value);
    } else if (name == "fields") {
      if (value.kind() != base::JsonKind::kArray) {
        match.fields.push_back(boosted_field(scalar("multi_match", value)));
      }
      for (std::size_t i = 0; value.kind() == base::JsonKind::kArray && i < value.size(); ++i) {
        match.fields.push_back(boosted_field(scalar("multi_match", value.element(i))));
      }
    } else if (name == "type") {
      match.type = type_of(value);
    } else if (name == "tie_breaker") {
      match.tie_breaker = number("multi_match", name, value);
    } else if (name == "operator") {
      match.text_operator = text_operator("multi_match", value);
    } else if (name == "minimum_should_match") {
      match.minimum_should_match = {scalar("multi_match", value)};
    } else {
      return false;
    }
    return true;
  });
  if (match.fields.empty()) refuse("No fields specified for multi_match query");
  query.node = std::move(match);
  return query;
}

}  // namespace hornbeam::search::query_reader
