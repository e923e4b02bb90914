#pragma once

#include <expected>
#include <string>
#include <utility>

namespace hornbeam::base {

/// Why something the caller is expected to look at did not work: a word for programs and a sentence
/// for people.
struct Error {
  std::string code;     ///< A short stable word, such as "illegal_move".
  std::string message;  ///< What is wrong, where, and the mend.

  friend bool operator==(const Error&, const Error&) = default;
};

/// A value, or the reason why there is none. For outcomes the caller must look at (a parse, a move
/// in a game).
template <class Value, class Reason = Error>
using Result = std::expected<Value, Reason>;

/// Shorthand for `return` in a function that gives a `Result`.
inline std::unexpected<Error> error(std::string code, std::string message) {
  return std::unexpected(Error{std::move(code), std::move(message)});
}

}  // namespace hornbeam::base
