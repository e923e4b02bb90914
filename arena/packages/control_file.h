#pragma once

// Debian's control files: stanzas of "Name: value" lines, with an empty line between them. A line
// that begins with a space goes on with the value before it.
//
// Source: Debian Policy, section 5.1,
// https://www.debian.org/doc/debian-policy/ch-controlfields.html

#include <cstddef>
#include <istream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace arena::packages {

/// A control file that is none; the message names the line.
class ControlError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The fields of one stanza.
class Stanza {
 public:
  /// The value of a field, whose name is without regard to case; lines that were folded are joined
  /// by a line feed. Empty if there is no such field.
  std::string_view value(std::string_view name) const noexcept;
  /// Whether there are no fields.
  bool empty() const noexcept { return fields_.empty(); }

 private:
  friend class ControlReader;
  std::vector<std::pair<std::string, std::string>> fields_;
};

/// Reads stanzas one at a time, so that a file may be longer than memory.
class ControlReader {
 public:
  /// Lifetime: `in` outlives the reader.
  explicit ControlReader(std::istream& in) : in_(in) {}

  /// The next stanza; none at the end. Throws: `ControlError` for a line that is no field, a stanza
  /// of over a megabyte, and a stream that broke.
  std::optional<Stanza> next();
  /// How many bytes were read so far.
  std::size_t bytes() const noexcept { return bytes_; }

 private:
  void add_line(Stanza& stanza, std::string_view line);
  [[noreturn]] void refuse(std::string_view reason) const;

  std::istream& in_;
  std::string line_;
  std::size_t line_number_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace arena::packages
