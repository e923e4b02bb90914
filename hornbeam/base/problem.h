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
  std::vector<PathStep> path;  ///< From the outermost value inwards: keys and indexes.
  std::string message;         ///< What is wrong, in the words that reach whoever sent it.
  /// It is the value of the last key that is wrong, not that the key is there, or is not.
  bool is_about_value = true;

  /// As voluptuous words it: "expected int for dictionary value @ data['a'][1]['b']".
  std::string to_string() const;
  /// The place as a JSON pointer in a fragment (RFC 6901, section 6), such as "#/a/1/b".
  std::string pointer() const;
};

/// Everything that is wrong with an input, in the order in which it was found.
using Problems = std::vector<Problem>;

/// The way to the value being read, as a chain through the callers' frames.
struct Place {
  /// The place around this one; null for the document itself. Lifetime: outlives this.
  const Place* outer = nullptr;
  std::string_view key{};  ///< The key that leads here; empty for an element.
  std::size_t index = 0;   ///< The element that leads here, from 0.
  bool is_index = false;   ///< Whether `index` is meant, and not `key`.

  /// The place of a member in the value here. Lifetime: refers to this.
  Place at(std::string_view inner) const { return {.outer = this, .key = inner}; }
  Place at(std::size_t inner) const { return {.outer = this, .index = inner, .is_index = true}; }
  /// The whole way, from the outside inwards.
  std::vector<PathStep> steps() const;
};

}  // namespace hornbeam::base
