#pragma once

#include <cstddef>
#include <functional>
#include <type_traits>

namespace hornbeam::web {

/// A list of types, as a value.
template <class... Each>
struct TypeList {
  static constexpr std::size_t kSize = sizeof...(Each);  ///< How many types there are.
};

namespace signature_detail {

template <class Function>
struct Parts;

template <class Result, class... Parameters>
struct Parts<Result (*)(Parameters...)> {
  using result = Result;
  using parameters = TypeList<Parameters...>;
};
template <class Result, class... Parameters>
struct Parts<Result (*)(Parameters...) noexcept> : Parts<Result (*)(Parameters...)> {};
template <class Result, class Owner, class... Parameters>
struct Parts<Result (Owner::*)(Parameters...)> : Parts<Result (*)(Parameters...)> {};
template <class Result, class Owner, class... Parameters>
struct Parts<Result (Owner::*)(Parameters...) const> : Parts<Result (*)(Parameters...)> {};
template <class Result, class Owner, class... Parameters>
struct Parts<Result (Owner::*)(Parameters...) noexcept> : Parts<Result (*)(Parameters...)> {};
template <class Result, class Owner, class... Parameters>
struct Parts<Result (Owner::*)(Parameters...) const noexcept> : Parts<Result (*)(Parameters...)> {};

template <class Handler>
concept HasOneCall = requires { &Handler::operator(); };

template <class Handler>
auto parts_of() {
  if constexpr (HasOneCall<Handler>) {
    return Parts<decltype(&Handler::operator())>{};
  } else if constexpr (std::is_pointer_v<Handler> &&
                       std::is_function_v<std::remove_pointer_t<Handler>>) {
    return Parts<Handler>{};
  } else {
    static_assert(HasOneCall<Handler>,
                  "a handler must be a lambda or a function whose parameters all have named types: "
                  "they say what it takes. Mend: replace every 'auto' parameter by its type, and "
                  "std::bind by a lambda");
    return Parts<void (*)()>{};
  }
}

}  // namespace signature_detail

/// What a handler takes and gives.
template <class Handler>
using ParametersOf = typename decltype(signature_detail::parts_of<Handler>())::parameters;
/// What a handler gives.
template <class Handler>
using ResultOf = typename decltype(signature_detail::parts_of<Handler>())::result;

}  // namespace hornbeam::web
