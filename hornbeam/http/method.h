#pragma once

#include <cstdint>
#include <string_view>

namespace hornbeam::http {

/// A request method; `kOther` is a token that none of the names below spells (RFC 9110, section 9).
enum class Method : std::uint8_t {
  kGet,
  kHead,
  kPost,
  kPut,
  kDelete,
  kPatch,
  kOptions,
  kTrace,
  kConnect,
  kOther,
};

/// The method's name on the wire; empty for `kOther`.
constexpr std::string_view to_string(Method method) noexcept {
  switch (method) {
    case Method::kGet:
      return "GET";
    case Method::kHead:
      return "HEAD";
    case Method::kPost:
      return "POST";
    case Method::kPut:
      return "PUT";
    case Method::kDelete:
      return "DELETE";
    case Method::kPatch:
      return "PATCH";
    case Method::kOptions:
      return "OPTIONS";
    case Method::kTrace:
      return "TRACE";
    case Method::kConnect:
      return "CONNECT";
    case Method::kOther:
      return "";
  }
  return "";
}

/// The method that `name` spells; names are case-sensitive.
constexpr Method method_from(std::string_view name) noexcept {
  for (int i = 0; i < static_cast<int>(Method::kOther); ++i) {
    if (to_string(static_cast<Method>(i)) == name) return static_cast<Method>(i);
  }
  return Method::kOther;
}

}  // namespace hornbeam::http
