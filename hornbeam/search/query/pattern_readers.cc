#include <fmt/format.h>

#include "hornbeam/search/query/base64.h"
#include "hornbeam/search/query/query_reader.h"

namespace hornbeam::search::query_reader {

Query read_wildcard(base::JsonView json) {
  Query query;
  WildcardQuery wildcard;
  wildcard.field = field("wildcard", json, "value", query, [&](auto name, base::JsonView value) {
    if (name == "value" || name == "wildcard") {
      wildcard.pattern = scalar("wildcard", value);
    } else if (name == "case_insensitive") {
      wildcard.ignores_case = flag("wildcard", name, value);
    } else {
      return name == "rewrite";
    }
    return true;
  });
  query.node = std::move(wildcard);
  return query;
}

Query read_regexp(base::JsonView json) {
  Query query;
  RegexpQuery regexp;
  regexp.field = field("regexp", json, "value", query, [&](auto name, base::JsonView value) {
    if (name == "value") {
      regexp.pattern = scalar("regexp", value);
    } else if (name == "case_insensitive") {
      regexp.ignores_case = flag("regexp", name, value);
    } else {
      // The syntax is always the whole one, and no automaton is built that could be too large.
      return name == "rewrite" || name == "flags" || name == "flags_value" ||
             name == "max_determinized_states";
    }
    return true;
  });
  query.node = std::move(regexp);
  return query;
}

Query read_fuzzy(base::JsonView json) {
  Query query;
  FuzzyQuery fuzzy;
  std::optional<FuzzyOptions> options;
  fuzzy.field = field("fuzzy", json, "value", query, [&](auto name, base::JsonView value) {
    if (name == "value" || name == "term") {
      fuzzy.value = scalar("fuzzy", value);
      return true;
    }
    return name == "rewrite" || fuzzy_member("fuzzy", name, value, options);
  });
  if (options) fuzzy.fuzzy = *options;
  query.node = std::move(fuzzy);
  return query;
}

Query read_terms_set(base::JsonView json) {
  Query query;
  TermsSetQuery terms;
  terms.field = field("terms_set", json, "terms", query, [&](auto name, base::JsonView value) {
    if (name == "terms") {
      terms.values = scalars("terms_set", value);
    } else if (name == "minimum_should_match_field") {
      terms.minimum_should_match_field = scalar("terms_set", value);
    } else {
      return false;
    }
    return true;
  });
  if (terms.minimum_should_match_field.empty()) {
    throw Refusal{{.code = "illegal_argument_exception",
                   .message = "No minimum should match has been specified"}};
  }
  query.node = std::move(terms);
  return query;
}

Query read_wrapper(base::JsonView json) {
  Query common;
  std::optional<std::string> text;
  members("wrapper", json, common, [&](auto name, base::JsonView value) {
    if (name != "query") return false;
    text = decode_base64(scalar("wrapper", value));
    return true;
  });
  if (!text) refuse("[wrapper] query malformed, expected a base64 encoded query");
  const auto document = base::JsonDocument::parse(*text);
  if (!document) refuse(document.error().message());
  // A wrapper inside of a wrapper is shorter than it, so this comes to an end.
  Query query = read_query(document->root());
  query.boost *= common.boost;
  if (!common.name.empty()) query.name = common.name;
  return query;
}

}  // namespace hornbeam::search::query_reader
