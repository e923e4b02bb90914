#pragma once

// Output: what a template prints, as it grows.
//
// Texts are appended where they end up, without a call: most are a few bytes. Only where there is
// no room left is a limit checked, or, at the top level of a page that is rendered piece by piece,
// what there is handed on.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>

#include "hornbeam/templates/value.h"

namespace hornbeam::templates::internal {

/// How large pieces of a page are. Bytes.
inline constexpr std::size_t kPiece = std::size_t{16} << 10U;

using Sink = std::function<void(std::string_view)>;

/// Writes `text` as HTML; `to` has room for kEscapedRoom bytes for each of its bytes, and as many
/// more. Gives the end of what it wrote.
char* write_escaped(char* to, std::string_view text) noexcept;
inline constexpr std::size_t kEscapedRoom = 8;

class Output {
 public:
  /// Throws TemplateError once it would be more than `most` bytes.
  explicit Output(std::size_t most, std::size_t room = 0) : most_(most) {
    if (room != 0) make_room(room < most ? room : most);
  }
  /// Hands what is printed to `sink` in pieces of kPiece bytes. Lifetime: `sink` outlives it.
  Output(std::size_t most, const Sink& sink) : most_(most), sink_(&sink) {
    make_room(kPiece < most ? kPiece : most);
  }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void append(std::string_view text) {
    if (text.size() > static_cast<std::size_t>(end_ - at_)) {
      append_slowly(text);
      return;
    }
    if (!text.empty()) std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }
  /// Appends `text` as it stands inside HTML.
  void append_escaped(std::string_view text) {
    if ((text.size() + 1) * kEscapedRoom > static_cast<std::size_t>(end_ - at_)) {
      escape_slowly(text);
      return;
    }
    at_ = write_escaped(at_, text);
  }
  void append_integer(std::int64_t number);
  void append_float(double number);
  /// Appends a number as it is printed. Requires: `value.is_number()`.
  void append_number(const Value& value);

  /// What was printed and has not been handed on.
  std::size_t size() const noexcept { return static_cast<std::size_t>(at_ - text_.data()); }
  std::string take();

 private:
  void append_slowly(std::string_view text);
  void escape_slowly(std::string_view text);
  void make_room(std::size_t capacity);
  void hand_on();

  std::string text_;  // Its size is the room; `at_` is where what was printed ends.
  char* at_ = text_.data();
  char* end_ = at_;
  std::size_t most_;
  std::size_t handed_on_ = 0;  // Bytes.
  const Sink* sink_ = nullptr;
};

}  // namespace hornbeam::templates::internal
