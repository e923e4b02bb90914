#include <algorithm>
#include <ranges>

#include <fmt/format.h>

#include "hornbeam/search/query/query_reader.h"

namespace hornbeam::search::query_reader {
namespace {

/// "AND|OR|PREFIX"
std::uint32_t flags_of(base::JsonView json) {
  using Query = SimpleQueryStringQuery;
  constexpr std::pair<std::string_view, std::uint32_t> kFlags[] = {
      {"ALL", Query::kAll},       {"NONE", 0},
      {"AND", Query::kAnd},       {"NOT", Query::kNot},
      {"OR", Query::kOr},         {"PREFIX", Query::kPrefix},
      {"PHRASE", Query::kPhrase}, {"PRECEDENCE", Query::kPrecedence},
      {"ESCAPE", Query::kEscape}, {"WHITESPACE", Query::kWhitespace},
      {"FUZZY", Query::kFuzzy},   {"NEAR", Query::kNear},
      {"SLOP", Query::kSlop}};
  if (const auto number = json.find_int()) {
    return *number < 0 ? std::uint32_t{Query::kAll} : static_cast<std::uint32_t>(*number);
  }
  std::uint32_t flags = 0;
  const std::string text = scalar("simple_query_string", json);
  for (const auto part : text | std::views::split('|')) {
    const std::string_view name(part.begin(), part.end());
    const auto found =
        std::ranges::find(kFlags, name, &std::pair<std::string_view, std::uint32_t>::first);
    if (found == std::end(kFlags)) {
      throw Refusal{{.code = "illegal_argument_exception",
                     .message = fmt::format("Unknown simple_query_string flag [{}]", name)}};
    }
    flags |= found->second;
  }
  return flags;
}

/// Options that change nothing here.
bool is_ignored(std::string_view name) {
  constexpr std::string_view kNames[] = {"rewrite",
                                         "fuzzy_rewrite",
                                         "enable_position_increments",
                                         "max_determinized_states",
                                         "auto_generate_synonyms_phrase_query",
                                         "escape"};
  return std::ranges::find(kNames, name) != std::end(kNames);
}

void read_like(base::JsonView json, std::vector<std::string>& texts,
               std::vector<std::string>& ids) {
  const bool is_array = json.kind() == base::JsonKind::kArray;
  for (std::size_t i = 0; i < (is_array ? json.size() : 1); ++i) {
    const base::JsonView one = is_array ? json.element(i) : json;
    if (one.kind() != base::JsonKind::kObject) {
      texts.push_back(scalar("more_like_this", one));
    } else if (const auto id = one.find("_id")) {
      ids.push_back(scalar("more_like_this", *id));
    } else if (const auto document = one.find("doc")) {
      // A document that is not in the index: what it says is a text.
      for (std::size_t k = 0; k < document->size(); ++k) {
        const auto [name, value] = document->member(k);
        if (const auto text = value.find_string()) texts.emplace_back(*text);
      }
    }
  }
}

}  // namespace

Query read_query_string(base::JsonView json) {
  constexpr std::string_view kName = "query_string";
  Query query;
  QueryStringQuery string;
  bool has_text = false;
  std::optional<FuzzyOptions> fuzzy;
  members(kName, json, query, [&](std::string_view name, base::JsonView value) {
    if (name == "query") {
      string.text = scalar(kName, value);
      has_text = true;
    } else if (name == "default_field") {
      string.fields = {{.name = scalar(kName, value)}};
    } else if (name == "fields") {
      string.fields = boosted_fields(kName, value);
    } else if (name == "default_operator") {
      string.default_operator = text_operator(kName, value);
    } else if (name == "analyzer") {
      string.analyzer = scalar(kName, value);
    } else if (name == "quote_analyzer") {
      string.quote_analyzer = scalar(kName, value);
    } else if (name == "quote_field_suffix") {
      string.quote_field_suffix = scalar(kName, value);
    } else if (name == "lenient") {
      string.lenient = flag(kName, name, value);
    } else if (name == "analyze_wildcard") {
      string.analyzes_wildcards = flag(kName, name, value);
    } else if (name == "allow_leading_wildcard") {
      string.allows_leading_wildcard = flag(kName, name, value);
    } else if (name == "phrase_slop") {
      string.phrase_slop = static_cast<std::uint32_t>(count(kName, name, value));
    } else if (name == "tie_breaker") {
      string.tie_breaker = number(kName, name, value);
    } else if (name == "minimum_should_match") {
      string.minimum_should_match = {scalar(kName, value)};
    } else if (name == "type") {
      string.type = scalar(kName, value);
    } else if (name == "time_zone") {
      string.time_zone = scalar(kName, value);
    } else {
      return is_ignored(name) || fuzzy_member(kName, name, value, fuzzy);
    }
    return true;
  });
  if (!has_text) refuse("[query_string] must be provided with a [query]");
  if (fuzzy) string.fuzzy = *fuzzy;
  query.node = std::move(string);
  return query;
}

Query read_simple_query_string(base::JsonView json) {
  constexpr std::string_view kName = "simple_query_string";
  Query query;
  SimpleQueryStringQuery string;
  bool has_text = false;
  std::optional<FuzzyOptions> fuzzy;
  members(kName, json, query, [&](std::string_view name, base::JsonView value) {
    if (name == "query") {
      string.text = scalar(kName, value);
      has_text = true;
    } else if (name == "fields") {
      string.fields = boosted_fields(kName, value);
    } else if (name == "default_operator") {
      string.default_operator = text_operator(kName, value);
    } else if (name == "analyzer") {
      string.analyzer = scalar(kName, value);
    } else if (name == "flags") {
      string.flags = flags_of(value);
    } else if (name == "lenient") {
      string.lenient = flag(kName, name, value);
    } else if (name == "analyze_wildcard") {
      string.analyzes_wildcards = flag(kName, name, value);
    } else if (name == "quote_field_suffix") {
      string.quote_field_suffix = scalar(kName, value);
    } else if (name == "minimum_should_match") {
      string.minimum_should_match = {scalar(kName, value)};
    } else {
      return is_ignored(name) || fuzzy_member(kName, name, value, fuzzy);
    }
    return true;
  });
  if (!has_text) refuse("[simple_query_string] query text missing");
  if (fuzzy) string.fuzzy = *fuzzy;
  query.node = std::move(string);
  return query;
}

Query read_more_like_this(base::JsonView json) {
  constexpr std::string_view kName = "more_like_this";
  Query query;
  MoreLikeThisQuery like;
  bool has_like = false;
  members(kName, json, query, [&](std::string_view name, base::JsonView value) {
    if (name == "fields") {
      like.fields = scalars(kName, value);
      if (like.fields.empty()) {
        throw Refusal{{.code = "illegal_argument_exception",
                       .message = "[more_like_this] query requires 'fields' to be non-empty"}};
      }
    } else if (name == "like") {
      read_like(value, like.like_texts, like.like_ids);
      has_like = true;
    } else if (name == "unlike") {
      read_like(value, like.unlike_texts, like.unlike_ids);
    } else if (name == "max_query_terms") {
      like.max_query_terms = count(kName, name, value);
    } else if (name == "min_term_freq") {
      like.min_term_freq = count(kName, name, value);
    } else if (name == "min_doc_freq") {
      like.min_doc_freq = count(kName, name, value);
    } else if (name == "max_doc_freq") {
      like.max_doc_freq = count(kName, name, value);
    } else if (name == "min_word_length") {
      like.min_word_length = count(kName, name, value);
    } else if (name == "max_word_length") {
      like.max_word_length = count(kName, name, value);
    } else if (name == "stop_words") {
      like.stop_words = scalars(kName, value);
    } else if (name == "minimum_should_match") {
      like.minimum_should_match = {scalar(kName, value)};
    } else if (name == "boost_terms") {
      like.boost_terms = number(kName, name, value);
    } else if (name == "analyzer") {
      like.analyzer = scalar(kName, value);
    } else if (name == "include") {
      like.includes_likes = flag(kName, name, value);
    } else {
      return name == "fail_on_unsupported_field" && (flag(kName, name, value) || true);
    }
    return true;
  });
  if (!has_like) refuse("more_like_this requires 'like' to be specified");
  query.node = std::move(like);
  return query;
}

}  // namespace hornbeam::search::query_reader
