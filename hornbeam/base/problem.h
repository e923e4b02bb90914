#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hornbeam::base {

/// One step from a value to a value inside it: a key or an index.
using PathStep = std::variant<std::string, std::size_t>;

/// One thing that is wrong with input, and where.
struct Problem {
  std::vector<PathStep> path;
  std::string message;
  /// It is the value of the last key that is wrong, not that the key is there, or is not.
  bool is_about_value = true;

  /// As voluptuous words it: "expected int for dictionary value @ data['a'][1]['b']".
  std::string to_string() const;
  /// The place as a JSON pointer in a fragment (RFC 6901, section 6), such as "#/a/1/b".
  std::string pointer() const;
};

using Problems = std::vector<Problem>;

/// The way to the value being read, as a chain through the callers' frames.
struct Place {
  const Place* outer = nullptr;
  std::string_view key{};
  std::size_t index = 0;
  bool is_index = false;

  Place at(std::string_view inner) const { return {.outer = this, .key = inner}; }
  Place at(std::size_t inner) const { return {.outer = this, .index = inner, .is_index = true}; }
  std::vector<PathStep> steps() const;
};

}  // namespace hornbeam::base
