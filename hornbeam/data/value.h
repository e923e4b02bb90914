#pragma once

// Value: how C++ types are stored in columns.
//
//   integers, bool, enums      INTEGER (enums by their underlying number)
//   double, float              REAL
//   std::string, string_view   TEXT
//   std::vector<std::byte>     BLOB
//   time points                INTEGER, milliseconds since 1970
//   std::optional<T>           NULL or T
//
// Reading is strict: text where a number is wanted, NULL where the type has none, or a number that
// does not fit is an error that names the column. A type of your own joins by specialising `Codec`.

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "hornbeam/data/connection.h"

namespace hornbeam::data {

namespace internal {

[[noreturn]] void throw_wrong_column_type(const Statement& statement, int column,
                                          std::string_view wanted);
[[noreturn]] void throw_number_does_not_fit(const Statement& statement, int column);
[[noreturn]] void throw_unsigned_too_large(int parameter);

inline void require_type(const Statement& statement, int column, ColumnType type,
                         std::string_view wanted) {
  if (statement.column_type(column) != type) [[unlikely]] {
    throw_wrong_column_type(statement, column, wanted);
  }
}

}  // namespace internal

/// How `Value` is bound and read. Specialise it with these two functions to store a type of your
/// own.
template <class Value>
struct Codec {};

template <std::integral Value>
  requires(!std::same_as<Value, char>)
struct Codec<Value> {
  static void bind(Parameters& parameters, int parameter, Value value, Binding /*unused*/) {
    if (!std::in_range<std::int64_t>(promoted(value))) [[unlikely]] {
      internal::throw_unsigned_too_large(parameter);
    }
    parameters.bind_integer(parameter, static_cast<std::int64_t>(value));
  }
  static Value read(const Statement& statement, int column) {
    internal::require_type(statement, column, ColumnType::kInteger, "an integer");
    const std::int64_t stored = statement.integer(column);
    if constexpr (std::same_as<Value, bool>) {
      return stored != 0;
    } else {
      if (!std::in_range<decltype(promoted(Value{}))>(stored) ||
          static_cast<std::int64_t>(static_cast<Value>(stored)) != stored) [[unlikely]] {
        internal::throw_number_does_not_fit(statement, column);
      }
      return static_cast<Value>(stored);
    }
  }

 private:
  // std::in_range takes no character types and no bool.
  static constexpr auto promoted(Value value) { return +value; }
};

template <std::floating_point Value>
struct Codec<Value> {
  static void bind(Parameters& parameters, int parameter, Value value, Binding /*unused*/) {
    parameters.bind_real(parameter, static_cast<double>(value));
  }
  static Value read(const Statement& statement, int column) {
    if (statement.column_type(column) == ColumnType::kInteger) {
      return static_cast<Value>(statement.integer(column));
    }
    internal::require_type(statement, column, ColumnType::kReal, "a number");
    return static_cast<Value>(statement.real(column));
  }
};

template <class Value>
  requires std::is_enum_v<Value>
struct Codec<Value> {
  using Number = std::underlying_type_t<Value>;
  static void bind(Parameters& parameters, int parameter, Value value, Binding binding) {
    Codec<Number>::bind(parameters, parameter, std::to_underlying(value), binding);
  }
  static Value read(const Statement& statement, int column) {
    return static_cast<Value>(Codec<Number>::read(statement, column));
  }
};

template <>
struct Codec<std::string_view> {
  static void bind(Parameters& parameters, int parameter, std::string_view value, Binding binding) {
    parameters.bind_text(parameter, value, binding);
  }
};

template <>
struct Codec<std::string> {
  static void bind(Parameters& parameters, int parameter, const std::string& value,
                   Binding binding) {
    parameters.bind_text(parameter, value, binding);
  }
  static std::string read(const Statement& statement, int column) {
    internal::require_type(statement, column, ColumnType::kText, "text");
    return std::string(statement.text(column));
  }
};

template <>
struct Codec<std::span<const std::byte>> {
  static void bind(Parameters& parameters, int parameter, std::span<const std::byte> value,
                   Binding binding) {
    parameters.bind_blob(parameter, value, binding);
  }
};

template <>
struct Codec<std::vector<std::byte>> {
  static void bind(Parameters& parameters, int parameter, const std::vector<std::byte>& value,
                   Binding binding) {
    parameters.bind_blob(parameter, value, binding);
  }
  static std::vector<std::byte> read(const Statement& statement, int column) {
    internal::require_type(statement, column, ColumnType::kBlob, "bytes");
    const std::span<const std::byte> stored = statement.blob(column);
    return {stored.begin(), stored.end()};
  }
};

template <class Duration>
struct Codec<std::chrono::time_point<std::chrono::system_clock, Duration>> {
  using Value = std::chrono::time_point<std::chrono::system_clock, Duration>;
  using Milliseconds = std::chrono::milliseconds;
  static void bind(Parameters& parameters, int parameter, Value value, Binding /*unused*/) {
    parameters.bind_integer(parameter,
                            std::chrono::floor<Milliseconds>(value).time_since_epoch().count());
  }
  static Value read(const Statement& statement, int column) {
    const Milliseconds since_epoch(Codec<std::int64_t>::read(statement, column));
    return Value(std::chrono::duration_cast<Duration>(since_epoch));
  }
};

template <>
struct Codec<std::nullopt_t> {
  static void bind(Parameters& parameters, int parameter, std::nullopt_t, Binding /*unused*/) {
    parameters.bind_null(parameter);
  }
};

template <class Value>
struct Codec<std::optional<Value>> {
  static void bind(Parameters& parameters, int parameter, const std::optional<Value>& value,
                   Binding binding) {
    if (value) {
      Codec<Value>::bind(parameters, parameter, *value, binding);
    } else {
      parameters.bind_null(parameter);
    }
  }
  static std::optional<Value> read(const Statement& statement, int column) {
    if (statement.column_type(column) == ColumnType::kNull) return std::nullopt;
    return Codec<Value>::read(statement, column);
  }
};

/// A type that can be read from a column.
template <class Value>
concept Readable = requires(const Statement& statement) {
  { Codec<Value>::read(statement, 0) } -> std::same_as<Value>;
};

/// Text in any form binds as a view of it; everything else as itself.
template <class Value>
using BoundAs = std::conditional_t<std::convertible_to<const Value&, std::string_view>,
                                   std::string_view, Value>;

/// A type that can be bound to a `?`.
template <class Value>
concept Bindable = requires(Parameters& parameters, const Value& value) {
  Codec<BoundAs<Value>>::bind(parameters, 0, value, Binding::kCopied);
};

}  // namespace hornbeam::data
