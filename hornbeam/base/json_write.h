#pragma once

// Writing JSON: described structs straight into a string, without a tree in between.
//
//   std::string out;
//   append_json(out, game);            // {"id":100,"board":["X",null],...}
//
// Compact, keys in the order of the description. Absent optionals are written as null, or left out
// if the field is marked `omit_empty`. Numbers are the shortest text that reads back the same; a
// NaN or an infinity throws, because JSON has none. Bytes that are no UTF-8 become U+FFFD, so that
// what is written can always be read.

#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <variant>
#include <vector>

#include "hornbeam/base/describe.h"

namespace hornbeam::base {

/// See `omit_empty`.
struct OmitEmpty {};

/// An optional member that is not written at all when it is empty.
inline constexpr OmitEmpty omit_empty{};

/// How a type that is neither described nor standard is written and read. To specialise:
///   static void write(std::string& out, const Value& value);
///   static void read(JsonReader& reader, JsonView json, Value& value);
template <class Value>
struct JsonCodec;

/// JSON text that goes out as it is. Requires: it is valid.
struct RawJson {
  std::string text;  ///< Sent as it is; nothing checks or escapes it.
};

/// Appends `text` as a JSON string with its quotes.
void append_json_string(std::string& out, std::string_view text);
void append_json_number(std::string& out, std::int64_t number);
void append_json_number(std::string& out, std::uint64_t number);
/// Throws std::domain_error if `number` is not finite.
void append_json_number(std::string& out, double number);
void append_json_number(std::string& out, float number);
/// Appends as RFC 3339 text in UTC, such as "2024-02-29T12:00:00.250Z".
void append_json_time(std::string& out, std::chrono::system_clock::time_point time);

/// Makes JSON safe inside a script element and a single-quoted attribute: < > & ' and the line
/// separators U+2028 and U+2029 become escapes; all else stays.
std::string json_for_html(std::string_view json);

namespace json_detail {

template <class Value>
inline constexpr bool kIsOptional = false;
template <class Value>
inline constexpr bool kIsOptional<std::optional<Value>> = true;

template <class Value>
inline constexpr bool kIsVariant = false;
template <class... Values>
inline constexpr bool kIsVariant<std::variant<Values...>> = true;

template <class Value>
inline constexpr bool kIsMap = false;
template <class Value, class Order, class Allocator>
inline constexpr bool kIsMap<std::map<std::string, Value, Order, Allocator>> = true;

template <class Value>
concept Text = std::convertible_to<const Value&, std::string_view>;

template <class Value>
concept List = !Text<Value> && requires(const Value& value) {
  value.begin();
  value.end();
  value.size();
};

template <class Value>
concept HasCodec =
    requires(std::string& out, const Value& value) { JsonCodec<Value>::write(out, value); };

/// The field's name as it is written: with quotes, colon and a leading comma, put together once.
template <class Subject, std::size_t Index>
inline constexpr auto kKey = [] {
  constexpr std::string_view name = std::get<Index>(kDescription<Subject>.all).name;
  std::array<char, name.size() + 4> text{};
  text[0] = ',';
  text[1] = '"';
  for (std::size_t i = 0; i < name.size(); ++i) text[i + 2] = name[i];
  text[name.size() + 2] = '"';
  text[name.size() + 3] = ':';
  return text;
}();

}  // namespace json_detail

/// What `append_json` can write.
template <class Value>
concept JsonWritable =
    json_detail::HasCodec<Value> || Described<Value> || json_detail::Text<Value> ||
    json_detail::List<Value> || json_detail::kIsOptional<Value> || json_detail::kIsVariant<Value> ||
    std::is_arithmetic_v<Value> || std::same_as<Value, RawJson> ||
    std::same_as<Value, std::monostate> || std::same_as<Value, std::nullptr_t> ||
    std::same_as<Value, std::chrono::system_clock::time_point>;

template <class Value>
void append_json(std::string& out, const Value& value);

namespace json_detail {

template <class Subject, std::size_t Index>
void append_field(std::string& out, const Subject& subject) {
  const auto& field = std::get<Index>(kDescription<Subject>.all);
  const auto& value = field.get(subject);
  if constexpr (std::remove_cvref_t<decltype(field)>::template has<OmitEmpty>()) {
    if (!value.has_value()) return;
  }
  const bool is_first = out.back() == '{';
  const auto& key = kKey<Subject, Index>;
  out.append(key.data() + is_first, key.size() - is_first);
  append_json(out, value);
}

template <class Subject>
void append_object(std::string& out, const Subject& subject) {
  out += '{';
  [&]<std::size_t... Index>(std::index_sequence<Index...>) {
    (append_field<Subject, Index>(out, subject), ...);
  }(std::make_index_sequence<std::remove_cvref_t<decltype(kDescription<Subject>)>::size()>());
  out += '}';
}

template <class Map>
void append_map(std::string& out, const Map& map) {
  out += '{';
  for (const auto& [key, value] : map) {
    if (out.back() != '{') out += ',';
    append_json_string(out, key);
    out += ':';
    append_json(out, value);
  }
  out += '}';
}

template <class Sequence>
void append_list(std::string& out, const Sequence& list) {
  out += '[';
  bool is_first = true;
  for (const auto& each : list) {
    if (!is_first) out += ',';
    is_first = false;
    append_json(out, static_cast<const typename Sequence::value_type&>(each));
  }
  out += ']';
}

template <class Number>
void append_arithmetic(std::string& out, Number value) {
  if constexpr (std::same_as<Number, bool>) {
    out += value ? "true" : "false";
  } else if constexpr (std::same_as<Number, char>) {
    append_json_string(out, std::string_view(&value, 1));
  } else if constexpr (std::same_as<Number, float>) {
    append_json_number(out, value);
  } else if constexpr (std::is_floating_point_v<Number>) {
    append_json_number(out, static_cast<double>(value));
  } else if constexpr (std::is_signed_v<Number>) {
    append_json_number(out, static_cast<std::int64_t>(value));
  } else {
    append_json_number(out, static_cast<std::uint64_t>(value));
  }
}

}  // namespace json_detail

/// Appends `value` as JSON.
template <class Value>
void append_json(std::string& out, const Value& value) {
  static_assert(JsonWritable<Value>,
                "this type cannot be written as JSON. Mend: give it a description "
                "(constexpr auto describe(Type<...>) beside it) or specialise JsonCodec");
  if constexpr (json_detail::HasCodec<Value>) {
    JsonCodec<Value>::write(out, value);
  } else if constexpr (Described<Value>) {
    json_detail::append_object(out, value);
  } else if constexpr (json_detail::Text<Value>) {
    append_json_string(out, value);
  } else if constexpr (json_detail::kIsOptional<Value>) {
    if (value.has_value()) {
      append_json(out, *value);
    } else {
      out += "null";
    }
  } else if constexpr (json_detail::kIsVariant<Value>) {
    std::visit([&out](const auto& held) { append_json(out, held); }, value);
  } else if constexpr (json_detail::kIsMap<Value>) {
    json_detail::append_map(out, value);
  } else if constexpr (json_detail::List<Value>) {
    json_detail::append_list(out, value);
  } else if constexpr (std::is_arithmetic_v<Value>) {
    json_detail::append_arithmetic(out, value);
  } else if constexpr (std::same_as<Value, RawJson>) {
    out += value.text;
  } else if constexpr (std::same_as<Value, std::chrono::system_clock::time_point>) {
    append_json_time(out, value);
  } else {
    out += "null";
  }
}

/// `value` as JSON text.
template <class Value>
std::string to_json(const Value& value) {
  std::string out;
  append_json(out, value);
  return out;
}

}  // namespace hornbeam::base
