#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>

#include "hornbeam/http/method.h"

namespace hornbeam::web {

/// Methods of a route, as a set.
class Methods {
 public:
  constexpr Methods() = default;
  /// One method.
  constexpr Methods(http::Method method) : bits_(bit(method)) {}  // NOLINT: implicit
  /// Several.
  constexpr Methods(std::initializer_list<http::Method> methods) {
    for (const http::Method method : methods) bits_ |= bit(method);
  }

  /// Whether `method` is among them.
  constexpr bool contains(http::Method method) const { return (bits_ & bit(method)) != 0; }
  /// Whether there is none.
  constexpr bool empty() const { return bits_ == 0; }
  /// Adds those of `other`.
  constexpr void add(Methods other) { bits_ |= other.bits_; }
  /// As an Allow field lists them: "GET, HEAD, OPTIONS".
  std::string to_string() const;
  friend bool operator==(const Methods&, const Methods&) = default;

 private:
  static constexpr std::uint16_t bit(http::Method method) {
    return static_cast<std::uint16_t>(1U << static_cast<unsigned>(method));
  }
  std::uint16_t bits_ = 0;
};

}  // namespace hornbeam::web
