#include "hornbeam/search/query/string_node.h"

// As Lucene's SimpleQueryParser. What is no operator where it stands is text: a '(' without its ')'
// or a quote without its other one count as if they were not there. Operators bind from the left,
// so `a + b | c` is (a and b) or c.

namespace hornbeam::search {
namespace {

using Flag = SimpleQueryStringQuery::Flag;
using Kind = StringNode::Kind;
using Occur = StringNode::Occur;

class SimpleParser {
 public:
  SimpleParser(std::string_view text, TextOperator default_operator, std::uint32_t flags)
      : in_(text),
        flags_(flags),
        default_(default_operator == TextOperator::kAnd ? Occur::kMust : Occur::kShould) {}

  // Depth is bounded by kMostNestedGroups: deeper parentheses are left out.
  StringNode parse(std::size_t end, std::size_t depth) {
    State state;
    while (at_ < end) step(state, end, depth);
    return std::move(state.top);
  }

 private:
  struct State {
    StringNode top{};
    std::optional<Occur> operation{};  ///< That stands in front of the next part.
    Occur joined_by = Occur::kShould;  ///< What the parts of `top` are joined by, if it is a group.
    bool is_joined = false;
    std::size_t nots = 0;
  };

  bool has(Flag flag) const { return (flags_ & flag) != 0; }

  void step(State& state, std::size_t end, std::size_t depth) {
    const char byte = in_[at_];
    if (byte == '(' && has(Flag::kPrecedence)) return group(state, end, depth);
    if (byte == ')' && has(Flag::kPrecedence)) {
      ++at_;
    } else if (byte == '"' && has(Flag::kPhrase)) {
      phrase(state, end);
    } else if (byte == '+' && has(Flag::kAnd)) {
      if (!state.operation && state.top.kind != Kind::kNothing) state.operation = Occur::kMust;
      ++at_;
    } else if (byte == '|' && has(Flag::kOr)) {
      if (!state.operation && state.top.kind != Kind::kNothing) state.operation = Occur::kShould;
      ++at_;
    } else if (byte == '-' && has(Flag::kNot)) {
      ++state.nots;
      ++at_;
    } else if (is_space(byte) && has(Flag::kWhitespace)) {
      // A '-' must stand at its word.
      state.nots = 0;
      ++at_;
    } else {
      word(state, end);
    }
  }

  static bool is_space(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
  }

  void group(State& state, std::size_t end, std::size_t depth) {
    const std::size_t begin = ++at_;
    std::size_t open = 1;
    std::size_t close = begin;
    for (; close < end; ++close) {
      if (in_[close] == '\\' && has(Flag::kEscape)) {
        ++close;
      } else if (in_[close] == '(') {
        ++open;
      } else if (in_[close] == ')' && --open == 0) {
        break;
      }
    }
    if (close >= end || depth >= kMostNestedGroups) return;
    StringNode inner = parse(close, depth + 1);
    at_ = close + 1;
    if (inner.kind != Kind::kNothing) add(state, std::move(inner));
  }

  void phrase(State& state, std::size_t end) {
    std::string text;
    std::size_t i = at_ + 1;
    for (; i < end && in_[i] != '"'; ++i) {
      if (in_[i] == '\\' && has(Flag::kEscape) && i + 1 < end) ++i;
      text += in_[i];
    }
    if (i >= end) {
      ++at_;  // No other quote.
      return;
    }
    at_ = i + 1;
    StringNode node{.kind = Kind::kPhrase, .text = std::move(text)};
    if (has(Flag::kNear)) node.number = number(end);
    if (!node.text.empty()) add(state, std::move(node));
  }

  /// "~2"
  std::optional<std::string> number(std::size_t end) {
    if (at_ == end || in_[at_] != '~') return std::nullopt;
    std::size_t i = at_ + 1;
    while (i < end && in_[i] >= '0' && in_[i] <= '9') ++i;
    if (i < end && !is_space(in_[i]) && !std::string_view("()|+").contains(in_[i])) {
      return std::nullopt;
    }
    std::string digits(in_.substr(at_ + 1, i - at_ - 1));
    at_ = i;
    return digits;
  }

  bool ends_word(char byte) const {
    return (byte == '"' && has(Flag::kPhrase)) || (byte == '|' && has(Flag::kOr)) ||
           (byte == '+' && has(Flag::kAnd)) ||
           ((byte == '(' || byte == ')') && has(Flag::kPrecedence)) ||
           (is_space(byte) && has(Flag::kWhitespace));
  }

  void word(State& state, std::size_t end) {
    StringNode node{.kind = Kind::kTerm};
    bool is_prefix = false;
    while (at_ < end && !ends_word(in_[at_])) {
      if (in_[at_] == '\\' && has(Flag::kEscape)) {
        if (++at_ < end) node.text += in_[at_++];
        is_prefix = false;
        continue;
      }
      if (in_[at_] == '~' && has(Flag::kFuzzy) && !node.text.empty()) {
        node.number = number(end);
        if (node.number) {
          node.kind = Kind::kFuzzy;
          break;
        }
      }
      is_prefix = in_[at_] == '*';
      node.text += in_[at_++];
    }
    if (is_prefix && has(Flag::kPrefix) && node.text == "*") {
      node.kind = Kind::kAll;
    } else if (is_prefix && has(Flag::kPrefix)) {
      node.kind = Kind::kPrefix;
      node.text.pop_back();
    }
    if (!node.text.empty() || node.kind == Kind::kAll) add(state, std::move(node));
  }

  void add(State& state, StringNode node) {
    if (state.nots % 2 == 1) {
      StringNode negative{.kind = Kind::kGroup};
      node.occur = Occur::kMustNot;
      negative.clauses.push_back(std::move(node));
      negative.clauses.push_back({.kind = Kind::kAll});
      node = std::move(negative);
    }
    state.nots = 0;
    const Occur operation = state.operation.value_or(default_);
    state.operation.reset();
    if (state.top.kind == Kind::kNothing) {
      state.top = std::move(node);
      return;
    }
    if (!state.is_joined || state.joined_by != operation) {
      StringNode joined{.kind = Kind::kGroup};
      state.top.occur = operation;
      joined.clauses.push_back(std::move(state.top));
      state.top = std::move(joined);
      state.joined_by = operation;
      state.is_joined = true;
    }
    node.occur = operation;
    state.top.clauses.push_back(std::move(node));
  }

  std::string_view in_;
  std::size_t at_ = 0;
  std::uint32_t flags_;
  Occur default_;
};

}  // namespace

StringNode parse_simple_query_string(std::string_view text, TextOperator default_operator,
                                     std::uint32_t flags) {
  return SimpleParser(text, default_operator, flags).parse(text.size(), 0);
}

}  // namespace hornbeam::search
