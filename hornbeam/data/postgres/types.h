#pragma once

// How PostgreSQL writes values. What is bound takes the form of the type that the server found for
// the parameter, so that an integer fits a smallint, a boolean, a numeric or a timestamp column
// alike; results come in binary where every column has a type known here, as text otherwise.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hornbeam/data/connection.h"

namespace hornbeam::data::postgres {

/// PostgreSQL's number of a type (its Oid).
using TypeNumber = unsigned int;
inline constexpr TypeNumber kInt8Type = 20;
inline constexpr TypeNumber kFloat8Type = 701;

/// The types that have a binary form here.
enum class Type : std::uint8_t {
  kBool,
  kInt2,
  kInt4,
  kInt8,
  kFloat4,
  kFloat8,
  kNumeric,
  kText,
  kBytes,
  kJsonb,
  kUuid,
  kTimestamp,
  kDate,
  kOther,  ///< Any other: read and bound as text.
};

Type type_of(TypeNumber number) noexcept;

/// How the server sent a value.
enum class Format : std::uint8_t { kText, kBinary };

/// One value of a result as it was sent; not NULL.
struct Sent {
  const char* data;
  int size;
  Type type;
  Format format;
};

/// The storage class that a value counts as. A numeric without a fraction is an integer.
ColumnType column_type_of(const Sent& sent);
/// Timestamps and dates are milliseconds since 1970.
std::int64_t integer_of(const Sent& sent);
double real_of(const Sent& sent);
/// The text of a value: a view of `sent`, or of `scratch` where it had to be written.
std::string_view text_of(const Sent& sent, std::string& scratch);
/// Bytes, in `scratch` where the server sent them as text.
std::string_view bytes_of(const Sent& sent, std::string& scratch);

/// A value on its way to the server.
struct Encoded {
  std::string_view bytes;
  Format format;
};

/// Writes an integer for a parameter of type `type` into `scratch`; none if that type has no such
/// value, as 70000 is no smallint.
std::optional<Encoded> encode_integer(Type type, std::int64_t value, std::string& scratch);
/// None if `type` is an integer and `value` has a fraction.
std::optional<Encoded> encode_real(Type type, double value, std::string& scratch);
Encoded encode_text(Type type, std::string_view value, std::string& scratch);

}  // namespace hornbeam::data::postgres
