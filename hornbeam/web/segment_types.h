#pragma once

// Types for path parameters that say more than "a number" or "a text", as Werkzeug's converters do.
//
//   app.get("/pages/{n}", [](InRange<int, 1, 100> n) { ... });            // 404 outside of it
//   app.get("/{kind}/new", [](AnyOf<"post", "page"> kind) { ... });       // others' otherwise
//   app.get("/{language}/", [](SizedText<2> language) { ... });
//   app.get("/objects/{id}", [](Uuid id) { ... });
//
// PathValue takes a parameter by name, where no plain one can: from a blueprint's prefix or a host,
// and in hooks and providers.

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "hornbeam/web/extract.h"
#include "hornbeam/web/http_error.h"
#include "hornbeam/web/request.h"
#include "hornbeam/web/route.h"

namespace hornbeam::web {

/// A number from `Minimum` to `Maximum`. As in Werkzeug, a number outside is 404 and no other route
/// is tried: the range is no part of what is matched.
template <class Value, Value Minimum, Value Maximum = std::numeric_limits<Value>::max()>
struct InRange {
  static_assert(Minimum <= Maximum, "the range is empty. Mend: exchange its ends");
  Value value = Minimum;  ///< Within the range.

  InRange() = default;
  /// For building URLs: checks nothing.
  InRange(Value number) : value(number) {}  // NOLINT: implicit, to build URLs with plain numbers.
  operator Value() const noexcept { return value; }  // NOLINT: implicit, to be used as the number.
};

template <class Value, Value Minimum, Value Maximum>
struct PathSegment<InRange<Value, Minimum, Maximum>> {
  static constexpr int kWeight = 50;
  static bool matches(std::string_view text) {
    if constexpr (std::integral<Value>) {
      if (Minimum >= 0 && text.starts_with('-')) return false;
      return segment_detail::is_digits(segment_detail::without_sign(text));
    } else {
      return PathSegment<Value>::parse(text).has_value();
    }
  }
  static std::optional<InRange<Value, Minimum, Maximum>> parse(std::string_view text) {
    const std::optional<Value> value = PathSegment<Value>::parse(text);
    if (!value || *value < Minimum || *value > Maximum) return std::nullopt;
    return InRange<Value, Minimum, Maximum>(*value);
  }
  static std::string format(InRange<Value, Minimum, Maximum> number) {
    return segment_text(number.value);
  }
  static void document(base::Schema& schema) {
    schema = Operation::path_schema<Value>();
    base::add_keywords(base::range(Minimum, Maximum), std::type_identity<Value>{}, schema);
  }
};

/// Exactly `Count` digits: 7 is "0007". Other counts of digits are 404, and no other route is
/// tried.
template <std::size_t Count>
struct FixedDigits {
  static_assert(Count >= 1 && Count <= 18, "a number of 1 to 18 digits");
  std::int64_t value = 0;  ///< What the digits say.

  FixedDigits() = default;
  /// For building URLs: checks nothing.
  FixedDigits(std::int64_t number) : value(number) {}       // NOLINT: implicit, to build URLs.
  operator std::int64_t() const noexcept { return value; }  // NOLINT: implicit, as the number.
};

template <std::size_t Count>
struct PathSegment<FixedDigits<Count>> {
  static constexpr int kWeight = 50;
  static bool matches(std::string_view text) { return segment_detail::is_digits(text); }
  static std::optional<FixedDigits<Count>> parse(std::string_view text) {
    if (text.size() != Count || !matches(text)) return std::nullopt;
    return FixedDigits<Count>(*PathSegment<std::int64_t>::parse(text));
  }
  static std::string format(FixedDigits<Count> number) {
    return respell(std::to_string(number.value));
  }
  static void document(base::Schema& schema) {
    schema = base::Schema::of_type("string");
    base::schema_detail::add_pattern(schema, "[0-9]{" + std::to_string(Count) + "}");
  }
  static std::string respell(std::string_view text) {
    return std::string(text.size() < Count ? Count - text.size() : 0, '0') + std::string(text);
  }
};

/// A text of `Minimum` to `Maximum` code points; with one number, of exactly that many.
template <std::size_t Minimum, std::size_t Maximum = Minimum>
struct SizedText {
  std::string value;  ///< Of a permitted length.

  operator std::string_view() const noexcept { return value; }  // NOLINT: implicit, as the text.
};

template <std::size_t Minimum, std::size_t Maximum>
struct PathSegment<SizedText<Minimum, Maximum>> {
  static constexpr int kWeight = 100;
  static std::optional<SizedText<Minimum, Maximum>> parse(std::string_view text) {
    const std::size_t size = base::utf8_length(text);
    if (size < Minimum || size > Maximum) return std::nullopt;
    return SizedText<Minimum, Maximum>{std::string(text)};
  }
  static void document(base::Schema& schema) {
    schema = base::Schema::of_type("string");
    base::add_keywords(base::length(Minimum, Maximum), std::type_identity<std::string>{}, schema);
  }
};

/// One of the given texts.
template <FixedText... Choices>
struct AnyOf {
  std::string_view value;  ///< One of the choices.

  operator std::string_view() const noexcept { return value; }  // NOLINT: implicit, as the text.
};

template <FixedText... Choices>
struct PathSegment<AnyOf<Choices...>> {
  static constexpr int kWeight = 100;
  static std::optional<AnyOf<Choices...>> parse(std::string_view text) {
    for (const std::string_view choice : {Choices.view()...}) {
      if (choice == text) return AnyOf<Choices...>{choice};
    }
    return std::nullopt;
  }
  static void document(base::Schema& schema) {
    schema = base::Schema::of_type("string");
    base::add_keywords(base::one_of(Choices.view()...), std::type_identity<std::string>{}, schema);
  }
};

/// A UUID in its form of 8-4-4-4-12 hexadecimal digits (RFC 9562).
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};  ///< In the order of the text.

  /// Reads its text, in either case; nothing for another.
  static std::optional<Uuid> parse(std::string_view text);
  /// In lower case.
  std::string to_string() const;
  friend bool operator==(const Uuid&, const Uuid&) = default;
};

template <>
struct PathSegment<Uuid> {
  static constexpr int kWeight = 100;
  static std::optional<Uuid> parse(std::string_view text) { return Uuid::parse(text); }
  static std::string format(const Uuid& uuid) { return uuid.to_string(); }
  static void document(base::Schema& schema) { schema = base::Schema::of_type("string", "uuid"); }
};

/// The path's parameter `Name` of the matched route, by name. A blueprint's handlers, hooks and
/// providers take so what its prefix and its host say:
///
///   Blueprint projects("projects", "/orgs/{org}/projects");
///   projects.get("/{id}", [](PathValue<"org", std::string> org, std::int64_t id) { ... });
template <FixedText Name, class Value = std::string>
struct PathValue {
  Value value;  ///< As `PathSegment<Value>` reads it.

  const Value& operator*() const noexcept { return value; }
  const Value* operator->() const noexcept { return &value; }
};

template <FixedText Name, class Value>
struct Extract<PathValue<Name, Value>> {
  static constexpr std::string_view kPathName = Name.view();
  static constexpr SegmentType kSegmentType = segment_type<Value>();

  static PathValue<Name, Value> from(const Request& request) {
    auto value = PathSegment<Value>::parse(request.require_path_value(Name.view()));
    if (!value) throw not_found("there is nothing at this path");
    return {std::move(*value)};
  }
  static void document(Operation& operation) { operation.take_path<Value>(kPathName); }
};

}  // namespace hornbeam::web
