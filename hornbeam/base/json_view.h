#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hornbeam::base {

/// What a value is. A number without fraction and exponent that fits 64 bits is `kInt`.
enum class JsonKind : std::uint8_t { kNull, kBool, kInt, kFloat, kString, kArray, kObject };

/// A value inside a `JsonDocument`, to look at.
/// Lifetime: the document's.
class JsonView {
 public:
  JsonView() = default;

  /// What the value is; `kNull` for a view of nothing.
  JsonKind kind() const noexcept;
  /// True for JSON's null, and for a view of nothing.
  bool is_null() const noexcept { return kind() == JsonKind::kNull; }

  /// The value as its type, or nothing if it is of another, or does not fit.
  std::optional<bool> find_bool() const noexcept;
  /// The number, if it is `kInt` and fits.
  std::optional<std::int64_t> find_int() const noexcept;
  /// The number, if it is whole, not negative, and fits.
  std::optional<std::uint64_t> find_unsigned() const noexcept;
  /// Any number, as the nearest double.
  std::optional<double> find_number() const noexcept;
  /// The text without escapes. Lifetime: the document's.
  std::optional<std::string_view> find_string() const noexcept;

  /// How many elements an array, or members an object, has; else 0.
  std::size_t size() const noexcept;
  /// An array's element. Requires: `index` below `size()`, an array.
  JsonView element(std::size_t index) const noexcept;
  /// An object's member in the order of the text. Requires: `index` below `size()`, an object.
  std::pair<std::string_view, JsonView> member(std::size_t index) const noexcept;
  /// An object's member by name; nothing if it has none, or is no object.
  std::optional<JsonView> find(std::string_view name) const noexcept;

  /// This value as compact text again.
  std::string text() const;

 private:
  friend class JsonDocument;
  explicit JsonView(const void* value) : value_(value) {}

  const void* value_ = nullptr;
};

/// Where and why a text is no JSON.
struct JsonSyntaxError {
  std::size_t line = 1;    ///< From 1.
  std::size_t column = 1;  ///< In bytes, from 1.
  std::string reason;      ///< What is wrong, such as "expected a value", without the place.

  /// The reason and the place in one sentence.
  std::string message() const;
};

/// A parsed text. Values nest 64 deep at most, so that hostile input cannot exhaust the stack, and
/// every number is finite: one past what a double holds is refused.
class JsonDocument {
 public:
  /// Reads a whole text; anything but white space after its value is an error.
  static std::expected<JsonDocument, JsonSyntaxError> parse(std::string_view text);

  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;
  ~JsonDocument();

  /// The outermost value. Lifetime: the document's.
  JsonView root() const noexcept;

 private:
  struct State;
  explicit JsonDocument(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace hornbeam::base
