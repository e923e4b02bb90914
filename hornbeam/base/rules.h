#pragma once

// Rules: what a described field must be like, said once beside it.
//
//   field("title", &NewPost::title, length(1, 120)), field("side", &NewPost::side, one_of("X",
//   "O"))
//
// A rule is a value with a `violation` overload that gives the message of a value that breaks it.
// The wording is voluptuous', so that the messages of a ported program stay as they were. The first
// rule a field breaks is the one reported.

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "hornbeam/base/encoding.h"

namespace hornbeam::base {

/// See `length`.
struct Length {
  std::size_t minimum = 0;                                        ///< The least that is taken.
  std::size_t maximum = std::numeric_limits<std::size_t>::max();  ///< The most that is taken.
};

/// A text's code points, or a list's elements, number from `minimum` to `maximum`.
constexpr Length length(std::size_t minimum,
                        std::size_t maximum = std::numeric_limits<std::size_t>::max()) {
  return {minimum, maximum};
}

/// See `range`.
template <class Number>
struct Range {
  Number minimum;  ///< The least that is taken.
  Number maximum;  ///< The most that is taken.
};

/// A number from `minimum` to `maximum`, both included.
template <class Number>
constexpr Range<Number> range(Number minimum, std::type_identity_t<Number> maximum) {
  return {minimum, maximum};
}
/// A number of `minimum` or more.
template <class Number>
constexpr Range<Number> at_least(Number minimum) {
  return {minimum, std::numeric_limits<Number>::max()};
}
/// A number of `maximum` or less.
template <class Number>
constexpr Range<Number> at_most(Number maximum) {
  return {std::numeric_limits<Number>::lowest(), maximum};
}

/// See `above`.
template <class Number>
struct Above {
  Number bound;  ///< The greatest number that is refused.
};
/// See `below`.
template <class Number>
struct Below {
  Number bound;  ///< The least number that is refused.
};

/// A number higher than `bound`, which itself is refused.
template <class Number>
constexpr Above<Number> above(Number bound) {
  return {bound};
}
/// A number lower than `bound`, which itself is refused.
template <class Number>
constexpr Below<Number> below(Number bound) {
  return {bound};
}

/// What a text is written like; see `email`, `url`, `uuid` and `date`.
enum class Format : std::uint8_t { kEmail, kUrl, kUuid, kDate };

/// An address such as "ada@example.org": a name, '@', and a domain with a dot. Whether mail arrives
/// there only sending it tells.
inline constexpr Format email = Format::kEmail;
/// An absolute http or https URL with a host.
inline constexpr Format url = Format::kUrl;
/// A UUID with its hyphens, of any version (RFC 9562).
inline constexpr Format uuid = Format::kUuid;
/// A day that the calendar has, such as "2024-02-29".
inline constexpr Format date = Format::kDate;

/// True if `text` is written like `format`. Thread: any.
bool has_format(Format format, std::string_view text);
/// What is said of a text that is not.
std::string_view format_message(Format format);

/// See `pattern`.
struct Pattern {
  /// In RE2's syntax; it must match the whole text. Lifetime: a literal.
  std::string_view expression;
};

/// A text that the RE2 `expression` describes from its beginning to its end.
/// Lifetime: `expression` is a literal.
constexpr Pattern pattern(std::string_view expression) {
  return {expression};
}

/// See `one_of`.
template <class Choice, std::size_t Count>
struct OneOf {
  /// All that is taken, in the order in which messages tell it.
  std::array<Choice, Count> choices;
};

/// A value equal to one of `choices`.
template <class... Choices>
constexpr auto one_of(Choices... choices) {
  using First = std::common_type_t<Choices...>;
  using Choice =
      std::conditional_t<std::is_convertible_v<First, std::string_view>, std::string_view, First>;
  return OneOf<Choice, sizeof...(Choices)>{{Choice(choices)...}};
}

/// See `satisfies`.
template <class Test>
struct Satisfies {
  Test test;  ///< Called with the value; what it returns says whether the value is taken.
  std::string_view message;  ///< What to tell whoever sent another value. Lifetime: a literal.
};

/// A value for which `test(value)` holds; `message` says what it should be like.
template <class Test>
constexpr Satisfies<Test> satisfies(Test test, std::string_view message) {
  return {std::move(test), message};
}

/// See `or_default`.
struct OrDefault {};

/// A field that may be missing: the member then keeps its initialiser's value.
inline constexpr OrDefault or_default{};

/// True if `expression` describes the whole of `text`. Throws std::invalid_argument if RE2 refuses
/// `expression`. Compiled expressions are kept. Thread: any.
bool matches_pattern(std::string_view expression, std::string_view text);

/// A number as a message shows it.
std::string number_text(double number);

namespace rules_detail {

template <class Number>
std::string show(const Number& value) {
  if constexpr (std::is_floating_point_v<Number>) {
    return number_text(value);
  } else if constexpr (std::is_arithmetic_v<Number>) {
    return std::to_string(value);
  } else {
    return "'" + std::string(value) + "'";
  }
}

}  // namespace rules_detail

/// What `value` breaks, or nothing. A mark that is no rule for such a value has no say.
template <class Rule, class Value>
std::optional<std::string> violation(const Rule&, const Value&) {
  return std::nullopt;
}

template <class Value>
std::optional<std::string> violation(const Length& rule, const Value& value) {
  std::size_t size = 0;
  if constexpr (std::is_convertible_v<const Value&, std::string_view>) {
    size = utf8_length(value);
  } else {
    size = value.size();
  }
  if (size < rule.minimum) {
    return "length of value must be at least " + std::to_string(rule.minimum);
  }
  if (size > rule.maximum) {
    return "length of value must be at most " + std::to_string(rule.maximum);
  }
  return std::nullopt;
}

template <class Number, class Value>
std::optional<std::string> violation(const Range<Number>& rule, const Value& value) {
  if (value < static_cast<Value>(rule.minimum)) {
    return "value must be at least " + rules_detail::show(rule.minimum);
  }
  if (value > static_cast<Value>(rule.maximum)) {
    return "value must be at most " + rules_detail::show(rule.maximum);
  }
  return std::nullopt;
}

template <class Number, class Value>
std::optional<std::string> violation(const Above<Number>& rule, const Value& value) {
  if (value > static_cast<Value>(rule.bound)) return std::nullopt;
  return "value must be higher than " + rules_detail::show(rule.bound);
}

template <class Number, class Value>
std::optional<std::string> violation(const Below<Number>& rule, const Value& value) {
  if (value < static_cast<Value>(rule.bound)) return std::nullopt;
  return "value must be lower than " + rules_detail::show(rule.bound);
}

template <class Value>
std::optional<std::string> violation(const Format& rule, const Value& value) {
  if (has_format(rule, value)) return std::nullopt;
  return std::string(format_message(rule));
}

template <class Value>
std::optional<std::string> violation(const Pattern& rule, const Value& value) {
  if (matches_pattern(rule.expression, value)) return std::nullopt;
  return "does not match regular expression " + std::string(rule.expression);
}

template <class Choice, std::size_t Count, class Value>
std::optional<std::string> violation(const OneOf<Choice, Count>& rule, const Value& value) {
  std::string choices;
  for (const Choice& choice : rule.choices) {
    if (value == choice) return std::nullopt;
    choices += (choices.empty() ? "" : ", ") + rules_detail::show(choice);
  }
  return "value must be one of [" + choices + "]";
}

template <class Test, class Value>
std::optional<std::string> violation(const Satisfies<Test>& rule, const Value& value) {
  if (rule.test(value)) return std::nullopt;
  return std::string(rule.message);
}

}  // namespace hornbeam::base
