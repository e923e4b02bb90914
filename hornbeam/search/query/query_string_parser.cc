#include <charconv>

#include <fmt/format.h>

#include "hornbeam/search/query/string_node.h"

// Lucene's classic query parser:
//
//   Query  ::= Clause ((AND | OR)? Clause)*
//   Clause ::= ('+' | '-' | '!' | NOT)? (field ':')? (Term | '(' Query ')') ('^' number)?
//   Term   ::= word | word '~' n? | word '*' | wild?c*rd | "phrase" ('~' n)? | /regexp/
//            | ('[' | '{') bound TO bound (']' | '}')
//
// AND and OR are no operators of a tree: AND makes both clauses beside it required.

namespace hornbeam::search {
namespace {

using Occur = StringNode::Occur;
using Kind = StringNode::Kind;

struct Refusal {
  std::string message;
};

enum class Conjunction : std::uint8_t { kNone, kAnd, kOr };
enum class Modifier : std::uint8_t { kNone, kRequired, kProhibited };

bool is_space(char byte) {
  return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/// Takes the backslashes out: "\:" is ':', "\u0041" is 'A'.
std::string unescape(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      plain += text[i];
      continue;
    }
    if (++i == text.size()) throw Refusal{"Term can not end with escape character."};
    unsigned code = 0;
    const char* const digits = text.data() + i + 1;
    if (text[i] == 'u' && i + 4 < text.size() &&
        std::from_chars(digits, digits + 4, code, 16).ptr == digits + 4 && code < 0xD800) {
      if (code < 0x80) {
        plain += static_cast<char>(code);
      } else if (code < 0x800) {
        plain += static_cast<char>(0xC0 | code >> 6);
        plain += static_cast<char>(0x80 | (code & 0x3F));
      } else {
        plain += static_cast<char>(0xE0 | code >> 12);
        plain += static_cast<char>(0x80 | (code >> 6 & 0x3F));
        plain += static_cast<char>(0x80 | (code & 0x3F));
      }
      i += 4;
      continue;
    }
    plain += text[i];
  }
  return plain;
}

class Parser {
 public:
  Parser(std::string_view text, TextOperator default_operator, bool allows_leading_wildcard)
      : in_(text),
        is_and_default_(default_operator == TextOperator::kAnd),
        allows_leading_wildcard_(allows_leading_wildcard) {}

  StringNode parse() {
    skip_space();
    if (at_ == in_.size()) return {};
    StringNode all = parse_clauses(std::nullopt, 0);
    if (at_ < in_.size()) refuse();
    return all;
  }

 private:
  [[noreturn]] void refuse() const {
    throw Refusal{at_ < in_.size() ? fmt::format("Encountered \"{}\" at column {}", in_[at_], at_)
                                   : fmt::format("Encountered \"<EOF>\" at column {}", at_)};
  }
  void skip_space() {
    while (at_ < in_.size() && is_space(in_[at_])) ++at_;
  }
  bool take(char wanted) {
    if (at_ == in_.size() || in_[at_] != wanted) return false;
    ++at_;
    return true;
  }
  bool take_word(std::string_view word) {
    const std::string_view rest = in_.substr(at_);
    if (!rest.starts_with(word)) return false;
    // "ANDROID" is a word; so is "&&x".
    if (rest.size() > word.size() && !ends_word(rest[word.size()])) return false;
    at_ += word.size();
    return true;
  }
  static bool ends_word(char byte) {
    return is_space(byte) || std::string_view("!():^[]\"{}~/").contains(byte);
  }

  // Depth is bounded by kMostNestedGroups.
  StringNode parse_clauses(const std::optional<std::string>& field, std::size_t depth);
  StringNode parse_clause(std::optional<std::string> field, std::size_t depth);
  StringNode parse_term(const std::optional<std::string>& field);
  StringNode parse_range();
  StringNode parse_word();
  std::string take_bound();
  std::string_view take_quoted(char quote);
  std::size_t word_end(std::size_t from, bool with_wildcards) const;
  std::optional<std::string> take_field();
  Conjunction take_conjunction();
  Modifier take_modifier();
  std::optional<std::string> take_number(char sign);
  void take_boost(StringNode& node);
  void add(StringNode& group, StringNode node, Conjunction conjunction, Modifier modifier) const;

  std::string_view in_;
  std::size_t at_ = 0;
  bool is_and_default_;
  bool allows_leading_wildcard_;
};

Conjunction Parser::take_conjunction() {
  skip_space();
  if (take_word("AND") || take_word("&&")) return Conjunction::kAnd;
  if (take_word("OR") || take_word("||")) return Conjunction::kOr;
  return Conjunction::kNone;
}

Modifier Parser::take_modifier() {
  skip_space();
  if (take('+')) return Modifier::kRequired;
  if (take('-') || take('!') || take_word("NOT")) return Modifier::kProhibited;
  return Modifier::kNone;
}

void Parser::add(StringNode& group, StringNode node, Conjunction conjunction,
                 Modifier modifier) const {
  if (!group.clauses.empty() && group.clauses.back().occur != Occur::kMustNot) {
    if (conjunction == Conjunction::kAnd) group.clauses.back().occur = Occur::kMust;
    if (is_and_default_ && conjunction == Conjunction::kOr) {
      group.clauses.back().occur = Occur::kShould;
    }
  }
  const bool is_prohibited = modifier == Modifier::kProhibited;
  const bool is_required =
      is_and_default_
          ? !is_prohibited && conjunction != Conjunction::kOr
          : modifier == Modifier::kRequired || (conjunction == Conjunction::kAnd && !is_prohibited);
  node.occur = is_prohibited ? Occur::kMustNot : is_required ? Occur::kMust : Occur::kShould;
  group.clauses.push_back(std::move(node));
}

StringNode Parser::parse_clauses(const std::optional<std::string>& field, std::size_t depth) {
  if (depth > kMostNestedGroups) throw Refusal{"groups are nested too deep"};
  StringNode group{.kind = Kind::kGroup};
  while (true) {
    skip_space();
    if (at_ == in_.size() || in_[at_] == ')') break;
    const Conjunction conjunction = take_conjunction();
    if (conjunction != Conjunction::kNone && group.clauses.empty()) refuse();
    const Modifier modifier = take_modifier();
    skip_space();
    add(group, parse_clause(field, depth), conjunction, modifier);
  }
  if (group.clauses.empty()) refuse();
  if (group.clauses.size() == 1 && group.clauses.front().occur != Occur::kMustNot) {
    StringNode only = std::move(group.clauses.front());
    return only;
  }
  return group;
}

StringNode Parser::parse_clause(std::optional<std::string> field, std::size_t depth) {
  if (std::optional<std::string> named = take_field()) field = std::move(named);
  skip_space();
  if (!take('(')) return parse_term(field);
  StringNode group = parse_clauses(field, depth + 1);
  if (!take(')')) refuse();
  take_boost(group);
  return group;
}

std::optional<std::string> Parser::take_field() {
  // "*:" too.
  const std::size_t end = at_ < in_.size() && in_[at_] == '*' ? at_ + 1 : word_end(at_, false);
  std::size_t colon = end;
  while (colon < in_.size() && is_space(in_[colon])) ++colon;
  if (end == at_ || colon == in_.size() || in_[colon] != ':') return std::nullopt;
  std::string field = unescape(in_.substr(at_, end - at_));
  at_ = colon + 1;
  return field;
}

std::size_t Parser::word_end(std::size_t from, bool with_wildcards) const {
  std::size_t end = from;
  while (end < in_.size()) {
    const char byte = in_[end];
    if (byte == '\\') {
      end += 2;
      continue;
    }
    const bool is_wildcard = byte == '*' || byte == '?';
    if (is_wildcard ? !with_wildcards : ends_word(byte)) break;
    if ((byte == '+' || byte == '-') && end == from) break;
    ++end;
  }
  return std::min(end, in_.size());
}

std::optional<std::string> Parser::take_number(char sign) {
  if (!take(sign)) return std::nullopt;
  const std::size_t begin = at_;
  while (at_ < in_.size() && ((in_[at_] >= '0' && in_[at_] <= '9') || in_[at_] == '.')) ++at_;
  return std::string(in_.substr(begin, at_ - begin));
}

void Parser::take_boost(StringNode& node) {
  const std::optional<std::string> number = take_number('^');
  if (!number) return;
  const char* const end = number->data() + number->size();
  float boost = 0;
  const auto found = std::from_chars(number->data(), end, boost);
  if (number->empty() || found.ec != std::errc() || found.ptr != end) refuse();
  node.boost *= boost;
}

std::string_view Parser::take_quoted(char quote) {
  const std::size_t begin = ++at_;
  while (at_ < in_.size() && in_[at_] != quote) at_ += in_[at_] == '\\' ? 2 : 1;
  if (at_ >= in_.size()) {
    at_ = in_.size();
    refuse();
  }
  return in_.substr(begin, at_++ - begin);
}

StringNode Parser::parse_term(const std::optional<std::string>& field) {
  if (at_ == in_.size()) refuse();
  StringNode node;
  if (in_[at_] == '"') {
    node = {.kind = Kind::kPhrase, .text = unescape(take_quoted('"'))};
    node.number = take_number('~');
  } else if (in_[at_] == '/') {
    node = {.kind = Kind::kRegexp};
    const std::string_view quoted = take_quoted('/');
    for (std::size_t i = 0; i < quoted.size(); ++i) {
      if (quoted.substr(i).starts_with("\\/")) continue;
      node.text += quoted[i];
    }
  } else if (in_[at_] == '[' || in_[at_] == '{') {
    node = parse_range();
  } else {
    node = parse_word();
  }
  node.field = field;
  if (node.kind == Kind::kWildcard && node.text == "*" && field == "*") node.kind = Kind::kAll;
  take_boost(node);
  return node;
}

StringNode Parser::parse_range() {
  StringNode node{.kind = Kind::kRange, .includes_lower = in_[at_++] == '['};
  const std::string lower = take_bound();
  skip_space();
  if (!take_word("TO")) refuse();
  const std::string upper = take_bound();
  skip_space();
  if (lower != "*") node.lower = lower;
  if (upper != "*") node.upper = upper;
  if (at_ == in_.size() || (in_[at_] != ']' && in_[at_] != '}')) refuse();
  node.includes_upper = in_[at_++] == ']';
  return node;
}

std::string Parser::take_bound() {
  skip_space();
  if (at_ < in_.size() && in_[at_] == '"') return unescape(take_quoted('"'));
  const std::size_t begin = at_;
  while (at_ < in_.size() && !is_space(in_[at_]) && in_[at_] != ']' && in_[at_] != '}') ++at_;
  if (at_ == begin) refuse();
  return unescape(in_.substr(begin, at_ - begin));
}

StringNode Parser::parse_word() {
  const std::size_t end = word_end(at_, true);
  const std::string_view word = in_.substr(at_, end - at_);
  if (word.empty()) refuse();
  // Wildcards that no backslash takes the meaning from.
  std::size_t wildcards = 0;
  std::size_t first = std::string_view::npos;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] == '\\') {
      ++i;
    } else if (word[i] == '*' || word[i] == '?') {
      first = std::min(first, i);
      ++wildcards;
    }
  }
  at_ = end;
  if (wildcards > 0) {
    if (first == 0 && !allows_leading_wildcard_ && word != "*") {
      throw Refusal{"'*' or '?' not allowed as first character in WildcardQuery"};
    }
    if (wildcards == 1 && first + 1 == word.size() && word.back() == '*' && word.size() > 1) {
      return {.kind = Kind::kPrefix, .text = unescape(word.substr(0, word.size() - 1))};
    }
    return {.kind = Kind::kWildcard, .text = std::string(word)};
  }
  StringNode node{.kind = Kind::kTerm, .text = unescape(word)};
  node.number = take_number('~');
  if (node.number) node.kind = Kind::kFuzzy;
  // `age:>=10`
  if (word.front() != '>' && word.front() != '<') return node;
  const bool is_lower = word.front() == '>';
  const bool is_included = word.size() > 1 && word[1] == '=';
  const std::string value = node.text.substr(is_included ? 2 : 1);
  if (value.empty()) return node;
  StringNode range{.kind = Kind::kRange};
  (is_lower ? range.lower : range.upper) = value;
  (is_lower ? range.includes_lower : range.includes_upper) = is_included;
  return range;
}

}  // namespace

base::Result<StringNode> parse_query_string(std::string_view text, TextOperator default_operator,
                                            bool allows_leading_wildcard) {
  try {
    return Parser(text, default_operator, allows_leading_wildcard).parse();
  } catch (const Refusal& refusal) {
    return base::error("query_shard_exception", refusal.message);
  }
}

}  // namespace hornbeam::search
