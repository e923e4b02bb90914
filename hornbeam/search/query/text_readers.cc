#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "hornbeam/search/query/query_reader.h"

namespace hornbeam::search::query_reader {
namespace {

MultiMatchQuery::Type type_of(base::JsonView json) {
  using Type = MultiMatchQuery::Type;
  constexpr std::pair<std::string_view, Type> kTypes[] = {{"best_fields", Type::kBestFields},
                                                          {"most_fields", Type::kMostFields},
                                                          {"phrase", Type::kPhrase},
                                                          {"cross_fields", Type::kCrossFields},
                                                          {"phrase_prefix", Type::kPhrasePrefix},
                                                          {"bool_prefix", Type::kBoolPrefix}};
  const std::string text = scalar("multi_match", json);
  for (const auto& [name, type] : kTypes) {
    if (text == name) return type;
  }
  refuse(fmt::format("failed to parse [multi_match] query type [{}]. unknown type.", text));
}

/// Some options mean nothing in some types.
void check_multi_match(MultiMatchQuery::Type type, bool is_fuzzy, bool has_slop, bool has_cutoff) {
  using Type = MultiMatchQuery::Type;
  if (is_fuzzy && type == Type::kCrossFields) {
    refuse("Fuzziness not allowed for type [cross_fields]");
  }
  if (is_fuzzy && type == Type::kPhrase) refuse("Fuzziness not allowed for type [phrase]");
  if (is_fuzzy && type == Type::kPhrasePrefix) {
    refuse("Fuzziness not allowed for type [phrase_prefix]");
  }
  if (type != Type::kBoolPrefix) return;
  if (has_slop) refuse("[slop] not allowed for type [bool_prefix]");
  if (has_cutoff) refuse("[cutoff_frequency] not allowed for type [bool_prefix]");
}

std::uint32_t slop_of(std::string_view query, base::JsonView json) {
  const float slop = number(query, "slop", json);
  if (slop < 0) {
    throw Refusal{{.code = "illegal_argument_exception", .message = "No negative slop allowed."}};
  }
  return static_cast<std::uint32_t>(std::min(slop, 2147483520.0F));
}

bool is_all(base::JsonView json) {
  const std::string text = scalar("match", json);
  if (text == "all" || text == "ALL") return true;
  if (text == "none" || text == "NONE" || text == "null") return false;
  refuse(fmt::format("Unsupported zero_terms_query value [{}]", text));
}

/// How matches are rewritten changes nothing that can be seen, so it is read and left.
bool is_rewrite(std::string_view name) {
  return name == "fuzzy_rewrite" || name == "rewrite";
}

}  // namespace

TextOperator text_operator(std::string_view query, base::JsonView json) {
  const std::string text = scalar(query, json);
  if (text == "and" || text == "AND") return TextOperator::kAnd;
  if (text == "or" || text == "OR") return TextOperator::kOr;
  throw Refusal{
      {.code = "illegal_argument_exception",
       .message = fmt::format("operator needs to be either AND or OR, but not [{}]", text)}};
}

std::vector<std::string> scalars(std::string_view query, base::JsonView json) {
  if (json.kind() != base::JsonKind::kArray) return {scalar(query, json)};
  std::vector<std::string> values;
  values.reserve(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) values.push_back(scalar(query, json.element(i)));
  return values;
}

std::vector<BoostedField> boosted_fields(std::string_view query, base::JsonView json) {
  const bool is_array = json.kind() == base::JsonKind::kArray;
  std::vector<BoostedField> fields;
  for (std::size_t i = 0; i < (is_array ? json.size() : 1); ++i) {
    const base::JsonView value = is_array ? json.element(i) : json;
    if (value.is_null()) refuse(fmt::format("[{}] field name in [fields] cannot be null", query));
    const std::string text = scalar(query, value);
    const std::size_t caret = text.rfind('^');
    BoostedField field{.name = text.substr(0, caret)};
    if (caret != std::string::npos) {
      const char* const end = text.data() + text.size();
      const auto found = std::from_chars(text.data() + caret + 1, end, field.boost);
      if (found.ec != std::errc() || found.ptr != end) {
        throw Refusal{{.code = "number_format_exception",
                       .message = fmt::format("For input string: \"{}\"", text.substr(caret + 1))}};
      }
    }
    fields.push_back(std::move(field));
  }
  return fields;
}

bool fuzzy_member(std::string_view query, std::string_view name, base::JsonView json,
                  std::optional<FuzzyOptions>& options) {
  const bool is_known = name == "fuzziness" || name == "prefix_length" ||
                        name == "max_expansions" || name == "fuzzy_transpositions" ||
                        name == "transpositions" || name == "fuzzy_prefix_length" ||
                        name == "fuzzy_max_expansions";
  if (!is_known) return false;
  if (!options) options.emplace();
  if (name == "fuzziness") {
    const base::Result<Fuzziness> found = Fuzziness::parse(scalar(query, json));
    if (!found) throw Refusal{found.error()};
    options->fuzziness = *found;
  } else if (name.ends_with("prefix_length")) {
    options->prefix_length = count(query, name, json);
  } else if (name.ends_with("max_expansions")) {
    options->max_expansions = count(query, name, json);
    if (options->max_expansions == 0) {
      throw Refusal{
          {.code = "illegal_argument_exception", .message = "maxExpansions must be positive."}};
    }
  } else {
    options->transpositions = flag(query, name, json);
  }
  return true;
}

Query read_match(base::JsonView json) {
  Query query;
  MatchQuery match;
  std::optional<FuzzyOptions> fuzzy;
  bool is_fuzzy = false;
  match.field = field("match", json, "query", query, [&](auto name, base::JsonView value) {
    is_fuzzy = is_fuzzy || name == "fuzziness";
    if (name == "query") {
      match.text = scalar("match", value);
    } else if (name == "operator") {
      match.text_operator = text_operator("match", value);
    } else if (name == "minimum_should_match") {
      match.minimum_should_match = {scalar("match", value)};
    } else if (name == "analyzer") {
      match.analyzer = scalar("match", value);
    } else if (name == "zero_terms_query") {
      match.matches_all_if_empty = is_all(value);
    } else if (name == "lenient") {
      match.lenient = flag("match", name, value);
    } else if (name == "auto_generate_synonyms_phrase_query") {
      match.generates_phrases = flag("match", name, value);
    } else {
      return is_rewrite(name) || name == "cutoff_frequency" ||
             fuzzy_member("match", name, value, fuzzy);
    }
    return true;
  });
  // The other options mean nothing without it.
  if (is_fuzzy) match.fuzzy = fuzzy;
  query.node = std::move(match);
  return query;
}

Query read_match_phrase(base::JsonView json) {
  Query query;
  MatchPhraseQuery phrase;
  phrase.field = field("match_phrase", json, "query", query, [&](auto name, base::JsonView value) {
    if (name == "query") {
      phrase.text = scalar("match_phrase", value);
    } else if (name == "slop") {
      phrase.slop = slop_of("match_phrase", value);
    } else if (name == "analyzer") {
      phrase.analyzer = scalar("match_phrase", value);
    } else if (name == "zero_terms_query") {
      phrase.matches_all_if_empty = is_all(value);
    } else {
      return false;
    }
    return true;
  });
  query.node = std::move(phrase);
  return query;
}

Query read_match_phrase_prefix(base::JsonView json) {
  constexpr std::string_view kName = "match_phrase_prefix";
  Query query;
  MatchPhrasePrefixQuery phrase;
  phrase.field = field(kName, json, "query", query, [&](auto name, base::JsonView value) {
    if (name == "query") {
      phrase.text = scalar(kName, value);
    } else if (name == "slop") {
      phrase.slop = slop_of(kName, value);
    } else if (name == "max_expansions") {
      phrase.max_expansions = count(kName, name, value);
    } else if (name == "analyzer") {
      phrase.analyzer = scalar(kName, value);
    } else if (name == "zero_terms_query") {
      phrase.matches_all_if_empty = is_all(value);
    } else {
      return false;
    }
    return true;
  });
  query.node = std::move(phrase);
  return query;
}

Query read_match_bool_prefix(base::JsonView json) {
  constexpr std::string_view kName = "match_bool_prefix";
  Query query;
  MatchBoolPrefixQuery match;
  std::optional<FuzzyOptions> fuzzy;
  bool is_fuzzy = false;
  match.field = field(kName, json, "query", query, [&](auto name, base::JsonView value) {
    is_fuzzy = is_fuzzy || name == "fuzziness";
    if (name == "query") {
      match.text = scalar(kName, value);
    } else if (name == "operator") {
      match.text_operator = text_operator(kName, value);
    } else if (name == "minimum_should_match") {
      match.minimum_should_match = {scalar(kName, value)};
    } else if (name == "analyzer") {
      match.analyzer = scalar(kName, value);
    } else {
      return is_rewrite(name) || fuzzy_member(kName, name, value, fuzzy);
    }
    return true;
  });
  if (is_fuzzy) match.fuzzy = fuzzy;
  query.node = std::move(match);
  return query;
}

Query read_multi_match(base::JsonView json) {
  constexpr std::string_view kName = "multi_match";
  Query query;
  MultiMatchQuery match;
  std::optional<FuzzyOptions> fuzzy;
  bool is_fuzzy = false;
  bool has_slop = false;
  bool has_cutoff = false;
  members(kName, json, query, [&](std::string_view name, base::JsonView value) {
    is_fuzzy = is_fuzzy || name == "fuzziness";
    has_slop = has_slop || name == "slop";
    has_cutoff = has_cutoff || name == "cutoff_frequency";
    if (name == "query") {
      match.text = scalar(kName, value);
    } else if (name == "fields") {
      match.fields = boosted_fields(kName, value);
    } else if (name == "type") {
      match.type = type_of(value);
    } else if (name == "tie_breaker") {
      match.tie_breaker = number(kName, name, value);
    } else if (name == "operator") {
      match.text_operator = text_operator(kName, value);
    } else if (name == "minimum_should_match") {
      match.minimum_should_match = {scalar(kName, value)};
    } else if (name == "analyzer") {
      match.analyzer = scalar(kName, value);
    } else if (name == "slop") {
      match.slop = slop_of(kName, value);
    } else if (name == "lenient") {
      match.lenient = flag(kName, name, value);
    } else if (name == "zero_terms_query") {
      match.matches_all_if_empty = is_all(value);
    } else {
      return is_rewrite(name) || name == "cutoff_frequency" ||
             name == "auto_generate_synonyms_phrase_query" ||
             fuzzy_member(kName, name, value, fuzzy);
    }
    return true;
  });
  check_multi_match(match.type, is_fuzzy, has_slop, has_cutoff);
  if (fuzzy) match.max_expansions = fuzzy->max_expansions;
  if (is_fuzzy) match.fuzzy = fuzzy;
  query.node = std::move(match);
  return query;
}

}  // namespace hornbeam::search::query_reader
