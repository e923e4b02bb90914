#pragma once

#include <charconv>
#include <chrono>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "hornbeam/base/json_read.h"
#include "hornbeam/web/arguments.h"

namespace hornbeam::web {

namespace arguments_detail {

template <class Value>
inline constexpr bool kIsVector = false;
template <class Value>
inline constexpr bool kIsVector<std::vector<Value>> = true;

bool read_bool(std::string_view text, bool& value);

/// Reads one text; gives what is wrong with it, or null.
template <class Value>
const char* read_text(std::string_view text, Value& value) {
  if constexpr (std::same_as<Value, bool>) {
    return read_bool(text, value) ? nullptr : "expected bool";
  } else if constexpr (std::is_arithmetic_v<Value>) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_whole = read.ptr == text.data() + text.size();
    if (read.ec == std::errc::result_out_of_range) return "value is out of range";
    if (read.ec == std::errc() && is_whole) return nullptr;
    return std::is_integral_v<Value> ? "expected int" : "expected float";
  } else if constexpr (std::same_as<Value, std::chrono::system_clock::time_point>) {
    const auto time = base::parse_time(text);
    if (!time) return "expected a time such as 2024-02-29T12:00:00Z";
    value = *time;
    return nullptr;
  } else if constexpr (base::json_detail::kIsOptional<Value>) {
    // An empty field of a form says that nothing was entered.
    if (text.empty() && !std::same_as<typename Value::value_type, std::string>) return nullptr;
    return read_text(text, value.emplace());
  } else {
    static_assert(std::same_as<Value, std::string>,
                  "this member cannot be read from a query string or a form. Mend: use text, a "
                  "number, a bool, a time, or an optional or vector of those");
    if (!base::is_valid_utf8(text)) return "expected UTF-8 text";
    value = text;
    return nullptr;
  }
}

template <class Field, class Value>
void read_field(const Field& field, const Arguments& arguments, Value& value,
                base::JsonReader& reader) {
  const base::Place place = reader.place().at(field.name);
  const std::size_t before = reader.problems().size();
  if constexpr (kIsVector<Value>) {
    value.clear();
    std::size_t index = 0;
    for (const std::string_view text : arguments.find_all(field.name)) {
      typename Value::value_type element{};
      if (const char* wrong = read_text(text, element)) reader.report_at(place.at(index), wrong);
      value.push_back(std::move(element));
      ++index;
    }
  } else {
    const std::optional<std::string_view> text = arguments.find(field.name);
    if (!text) {
      if (!base::kMayBeMissing<Field>) {
        return reader.report_at(place, "required key not provided", false);
      }
    } else if (const char* wrong = read_text(*text, value)) {
      reader.report_at(place, wrong);
    }
  }
  if (reader.problems().size() != before) return;
  base::check_rules(field, std::as_const(value),
                    [&](std::string message) { reader.report_at(place, std::move(message)); });
}

}  // namespace arguments_detail

/// Reads a described struct from decoded names and values; gives everything that is wrong. A vector
/// takes every value of its name, any other member the first.
template <base::Described Subject>
base::Problems read_arguments(const Arguments& arguments, Subject& subject) {
  base::JsonReader reader;
  base::for_each_field<Subject>([&](const auto& field) {
    arguments_detail::read_field(field, arguments, field.get(subject), reader);
  });
  if (reader.problems().empty()) {
    base::for_each_broken_check(
        std::as_const(subject), [&](std::string_view message, std::string_view at) {
          const base::Place& whole = reader.place();
          reader.report_at(at.empty() ? whole : whole.at(at), std::string(message));
        });
  }
  return std::move(reader.problems());
}

}  // namespace hornbeam::web
