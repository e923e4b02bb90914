#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "hornbeam/base/result.h"

namespace hornbeam::experiment::growthbook {

class Value;
struct Member;

/// A JSON value as JavaScript holds it: numbers are doubles, members are in the order in which
/// JavaScript would list them (whole numbers first), since conditions compare by that order.
/// Thread: immutable once shared.
class Value {
 public:
  /// What a value is. `kUndefined` is JavaScript's: there is nothing, not even null.
  enum class Kind : unsigned char { kUndefined, kNull, kBool, kNumber, kString, kArray, kObject };
  using Array = std::vector<Value>;
  using Object = std::vector<Member>;

  /// Undefined.
  Value();
  Value(std::nullptr_t);         // NOLINT(google-explicit-constructor)
  Value(bool value);             // NOLINT(google-explicit-constructor)
  Value(double value);           // NOLINT(google-explicit-constructor)
  Value(int value);              // NOLINT(google-explicit-constructor)
  Value(std::string text);       // NOLINT(google-explicit-constructor)
  Value(std::string_view text);  // NOLINT(google-explicit-constructor)
  Value(const char* text);       // NOLINT(google-explicit-constructor)
  Value(Array elements);         // NOLINT(google-explicit-constructor)
  Value(const Value& other);
  Value(Value&& other) noexcept;
  Value& operator=(const Value& other);
  Value& operator=(Value&& other) noexcept;
  ~Value();
  /// An object of these members; see `set`.
  static Value object(std::initializer_list<Member> members = {});
  /// The same of many. Requires: no two have the same name.
  static Value object_of(Object members);

  /// Reads a text of at most `most_bytes`. Errors: "syntax", "too_large".
  static base::Result<Value> parse(std::string_view json, std::size_t most_bytes = 64U << 20U);

  /// What it is.
  Kind kind() const noexcept { return static_cast<Kind>(data_.index()); }
  /// Whether it is undefined.
  bool is_undefined() const noexcept { return kind() == Kind::kUndefined; }
  /// Null or undefined.
  bool is_nullish() const noexcept { return kind() <= Kind::kNull; }
  /// Whether it is an object, or an array.
  bool is_object() const noexcept { return kind() == Kind::kObject; }
  bool is_array() const noexcept { return kind() == Kind::kArray; }

  /// The value as its type; null if it is of another. Lifetime: this value's.
  const bool* as_bool() const noexcept { return std::get_if<bool>(&data_); }
  const double* as_number() const noexcept { return std::get_if<double>(&data_); }
  const std::string* as_string() const noexcept { return std::get_if<std::string>(&data_); }
  const Array* as_array() const noexcept { return std::get_if<Array>(&data_); }

  /// An object's members; none of anything else.
  const Object& members() const noexcept;
  /// An object's member; null if there is none, or this is no object.
  const Value* find(std::string_view name) const noexcept;
  /// As JavaScript's `in`, for own properties: of an array also its indexes. Null if there is none.
  const Value* find_property(std::string_view name) const noexcept;
  /// Gives an object the member, in the place where JavaScript would list it.
  /// Requires: this is an object.
  void set(std::string_view name, Value value);

  /// Compact JSON, as `JSON.stringify` gives it. Undefined is "null", and left out of objects.
  std::string json() const;
  /// Whether `JSON.stringify` gives the same: the order of members counts.
  friend bool operator==(const Value& left, const Value& right) noexcept;

 private:
  std::variant<std::monostate, std::nullptr_t, bool, double, std::string, Array, Object> data_;
};

/// A member of an object.
struct Member {
  std::string name;
  Value value;
  friend bool operator==(const Member& left, const Member& right) noexcept = default;
};

inline Value::Value() = default;
inline Value::Value(std::nullptr_t) : data_(nullptr) {}
inline Value::Value(bool value) : data_(value) {}
inline Value::Value(double value) : data_(value) {}
inline Value::Value(int value) : data_(static_cast<double>(value)) {}
inline Value::Value(std::string text) : data_(std::move(text)) {}
inline Value::Value(std::string_view text) : data_(std::string(text)) {}
inline Value::Value(const char* text) : data_(std::string(text)) {}
inline Value::Value(Array elements) : data_(std::move(elements)) {}
inline Value::Value(const Value& other) = default;
inline Value::Value(Value&& other) noexcept = default;
inline Value& Value::operator=(const Value& other) = default;
inline Value& Value::operator=(Value&& other) noexcept = default;
inline Value::~Value() = default;

}  // namespace hornbeam::experiment::growthbook
