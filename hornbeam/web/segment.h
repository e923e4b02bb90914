#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace hornbeam::web {

/// How a handler's plain parameter is read from a path segment. To take a type of your own,
/// specialise it:
///
///   template <>
///   struct hornbeam::web::PathSegment<Isbn> {
///     // Numbers 50, text 100: what is stricter is tried first.
///     static constexpr int kWeight = 75;
///     static std::optional<Isbn> parse(std::string_view text);
///     static std::string format(const Isbn& isbn);               // for URLs
///   };
///
/// A segment that `parse` gives nothing for is not this route's: another may match, or it is 404.
/// With a `static bool matches(std::string_view text)` the two are told apart, as Werkzeug does: a
/// segment that does not match is another route's; one that matches and does not parse is 404, and
/// no other route is tried. With a `static std::string respell(std::string_view text)`, values
/// given by name are written so in URLs.
template <class Value>
struct PathSegment;

/// A parameter that is filled from the path.
template <class Parameter>
concept PathParameter =
    requires(std::string_view text) { PathSegment<std::remove_cvref_t<Parameter>>::parse(text); };

namespace segment_detail {

constexpr bool is_digits(std::string_view text) {
  for (const char each : text) {
    if (each < '0' || each > '9') return false;
  }
  return !text.empty();
}

constexpr std::string_view without_sign(std::string_view text) {
  return text.starts_with('-') ? text.substr(1) : text;
}

}  // namespace segment_detail

namespace segment_detail {

/// In digits, without an exponent, and with a point: what a path can hold. Shortest that reads
/// back.
std::string decimal_text(double value);
/// "7" as "7.0".
std::string with_point(std::string_view text);

}  // namespace segment_detail

/// Digits that fit; a signed type takes a minus before them, an unsigned one does not.
template <std::integral Value>
  requires(!std::same_as<Value, bool> && !std::same_as<Value, char>)
struct PathSegment<Value> {
  static constexpr int kWeight = 50;

  static std::optional<Value> parse(std::string_view text) {
    Value value{};
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
    return value;
  }
};

/// Digits, a point, digits, as Werkzeug's float: without the point it is an integer's place.
template <std::floating_point Value>
struct PathSegment<Value> {
  static constexpr int kWeight = 50;

  static std::optional<Value> parse(std::string_view text) {
    const std::string_view digits = segment_detail::without_sign(text);
    const std::size_t point = digits.find('.');
    if (point == std::string_view::npos || !segment_detail::is_digits(digits.substr(0, point)) ||
        !segment_detail::is_digits(digits.substr(point + 1))) {
      return std::nullopt;
    }
    Value value{};
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    return read.ec == std::errc() ? std::optional(value) : std::nullopt;
  }
  static std::string format(Value value) { return segment_detail::decimal_text(value); }
  static std::string respell(std::string_view text) { return segment_detail::with_point(text); }
};

template <>
struct PathSegment<bool> {
  static constexpr int kWeight = 50;

  static std::optional<bool> parse(std::string_view text) {
    if (text == "true" || text == "1") return true;
    if (text == "false" || text == "0") return false;
    return std::nullopt;
  }
};

template <>
struct PathSegment<std::string> {
  static constexpr int kWeight = 100;
  static std::optional<std::string> parse(std::string_view text) { return std::string(text); }
};

/// A view into the request: good while the handler, or its task, runs.
template <>
struct PathSegment<std::string_view> {
  static constexpr int kWeight = 100;
  static std::optional<std::string_view> parse(std::string_view text) { return text; }
};

/// What can be written into a path, or a query.
template <class Value>
concept UrlSegment = PathParameter<Value> || std::is_convertible_v<const Value&, std::string_view>;

/// `value` as it stands in a URL, before quoting.
template <UrlSegment Value>
std::string segment_text(const Value& value) {
  if constexpr (std::is_convertible_v<const Value&, std::string_view>) {
    return std::string(std::string_view(value));
  } else if constexpr (requires { PathSegment<Value>::format(value); }) {
    return PathSegment<Value>::format(value);
  } else if constexpr (std::same_as<Value, bool>) {
    return value ? "true" : "false";
  } else {
    static_assert(std::is_integral_v<Value>,
                  "a type that is read from paths cannot be written into URLs. Mend: give its "
                  "PathSegment a static std::string format(const Value& value)");
    return std::to_string(value);
  }
}

/// What the router knows about one path parameter of a handler.
struct SegmentType {
  int weight = 100;  ///< The lowest is tried first, as in Werkzeug.
  /// Whether a segment can be this parameter; null if any can. One that cannot is another route's.
  bool (*accepts)(std::string_view text) = nullptr;
  bool is_text = true;  ///< Whether it is taken as text, and so may take slashes.
  /// Whether a segment that can be this parameter is a value, too; null if each is. One that is not
  /// is 404, and no other route is tried.
  bool (*converts)(std::string_view text) = nullptr;
  /// How a value given by name is written in a URL; null if as it is.
  std::string (*respell)(std::string_view text) = nullptr;
};

/// What the router knows about a parameter of that type.
template <PathParameter Parameter>
constexpr SegmentType segment_type() {
  using Value = std::remove_cvref_t<Parameter>;
  if constexpr (std::same_as<Value, std::string> || std::same_as<Value, std::string_view>) {
    return {};
  } else {
    constexpr auto parses = [](std::string_view text) {
      return PathSegment<Value>::parse(text).has_value();
    };
    SegmentType type{PathSegment<Value>::kWeight, parses, false};
    if constexpr (requires(std::string_view text) { PathSegment<Value>::matches(text); }) {
      type.accepts = [](std::string_view text) { return PathSegment<Value>::matches(text); };
      type.converts = parses;
    }
    if constexpr (requires(std::string_view text) { PathSegment<Value>::respell(text); }) {
      type.respell = [](std::string_view text) { return PathSegment<Value>::respell(text); };
    }
    return type;
  }
}

}  // namespace hornbeam::web
