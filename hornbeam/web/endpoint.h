#pragma once

// Endpoint: a handler of any signature behind one virtual call.
//
// The parameters are filled left to right. A handler that returns no Task, and whose extractors
// return none, is answered without a coroutine.

#include <concepts>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "hornbeam/base/task.h"
#include "hornbeam/http/websocket.h"
#include "hornbeam/web/extract.h"
#include "hornbeam/web/respond.h"
#include "hornbeam/web/signature.h"

namespace hornbeam::web {

/// A type that the application must provide for a handler, with its name for messages.
struct ProvidedType {
  TypeKey key;            ///< The type, to compare with.
  std::string_view name;  ///< As C++ spells it.
};

/// A path parameter that is taken by its name (`PathValue`).
struct NamedParameter {
  std::string_view name;  ///< As in "{name}".
  SegmentType type;       ///< What its segment must be.
};

/// What is common to handlers and hooks.
struct CallableTraits {
  bool is_later = false;            ///< It waits: only the `..._later` form may be called.
  bool streams_body = false;        ///< It reads the body as it arrives.
  std::vector<ProvidedType> needs;  ///< What the application must provide (`App::provide`).
  /// Path parameters taken by name, of blueprints' prefixes and hosts.
  std::vector<NamedParameter> named;
};

/// A route's handler.
class AnyHandler {
 public:
  /// For `HandlerEndpoint`.
  explicit AnyHandler(CallableTraits traits) : traits_(std::move(traits)) {}
  AnyHandler(const AnyHandler&) = delete;
  AnyHandler& operator=(const AnyHandler&) = delete;
  virtual ~AnyHandler() = default;

  /// What is known of the handler without calling it.
  const CallableTraits& traits() const noexcept { return traits_; }
  /// Requires: `!traits().is_later`.
  virtual Response answer(const Request& request) = 0;
  /// Lifetime: `request` outlives the task.
  virtual base::Task<Response> answer_later(const Request& request) = 0;
  /// Says what its types tell of requests and responses.
  virtual void document(Operation& operation) const = 0;

 private:
  CallableTraits traits_;
};

/// A hook, an error handler, or a provider.
class Hook {
 public:
  /// For `CallableHook`.
  explicit Hook(CallableTraits traits) : traits_(std::move(traits)) {}
  Hook(const Hook&) = delete;
  Hook& operator=(const Hook&) = delete;
  virtual ~Hook() = default;

  /// What is known of the hook without calling it.
  const CallableTraits& traits() const noexcept { return traits_; }
  /// Requires: `!traits().is_later`. A response, if the hook answers or replaces it.
  virtual std::optional<Response> run(const Request& request) = 0;
  /// The same for one that waits. Lifetime: `request` outlives the task.
  virtual base::Task<std::optional<Response>> run_later(const Request& request) = 0;

 private:
  CallableTraits traits_;
};

/// When a callable is called, which decides what it may take and give.
enum class Role : std::uint8_t { kHandler, kBefore, kAfter, kTeardown, kError, kProvider };

namespace endpoint_detail {

template <class Subject>
constexpr std::string_view type_name() {
  std::string_view name = __PRETTY_FUNCTION__;
  const std::size_t begin = name.find("Subject = ") + 10;
  return name.substr(begin, name.rfind(']') - begin);
}

template <class Value>
inline constexpr bool kIsSharedPointer = false;
template <class Value>
inline constexpr bool kIsSharedPointer<std::shared_ptr<Value>> = true;

template <class Parameter>
using Kind = std::remove_cvref_t<Parameter>;

template <class Parameter>
inline constexpr bool kIsSpecial =
    std::same_as<Kind<Parameter>, Response> || std::same_as<Kind<Parameter>, std::exception_ptr> ||
    std::derived_from<Kind<Parameter>, std::exception>;

template <class Parameter>
inline constexpr bool kIsProvided =
    !PathParameter<Parameter> && !Extractable<Parameter> && !kIsSpecial<Parameter>;

/// What a provided parameter names: a pointer may be null where a value must be there.
template <class Parameter>
using Provided = std::remove_cv_t<std::remove_pointer_t<Kind<Parameter>>>;

// What a hook under way was given besides the request.
Response& current_response(const Request& request);
const std::exception& current_error(const Request& request);
std::exception_ptr current_failure(const Request& request);
void store_provided(const Request& request, TypeKey key, std::shared_ptr<void> value);
/// Ends the request with 401 for a value that its provider had none of.
[[noreturn]] void refuse_absent(std::string_view name);

template <class Parameter>
decltype(auto) provided_argument(const Request& request) {
  using Value = Provided<Parameter>;
  const std::shared_ptr<Value>& held = request.provided<std::shared_ptr<Value>>();
  if constexpr (std::is_pointer_v<Kind<Parameter>>) {
    return held.get();
  } else {
    if (held == nullptr) refuse_absent(type_name<Value>());
    return static_cast<Value&>(*held);
  }
}

template <class Parameter, std::size_t PathIndex>
decltype(auto) argument(const Request& request) {
  using Value = Kind<Parameter>;
  if constexpr (PathParameter<Parameter>) {
    // The router has asked the parser already, so there is a value.
    return static_cast<Value>(*PathSegment<Value>::parse(request.path_segment(PathIndex)));
  } else if constexpr (std::same_as<Value, Response>) {
    return current_response(request);
  } else if constexpr (std::same_as<Value, std::exception_ptr>) {
    return current_failure(request);
  } else if constexpr (std::derived_from<Value, std::exception>) {
    return dynamic_cast<const Value&>(current_error(request));
  } else if constexpr (Extractable<Parameter>) {
    return Extract<Value>::from(request);
  } else {
    return provided_argument<Parameter>(request);
  }
}

/// How many parameters before the one at `Index` are filled from the path.
template <std::size_t Index, class... Parameters>
consteval std::size_t path_index() {
  constexpr bool is_path[] = {PathParameter<Parameters>..., false};
  std::size_t count = 0;
  for (std::size_t i = 0; i < Index; ++i) count += is_path[i] ? 1 : 0;
  return count;
}

template <class Value>
struct Ready {
  Value value;
  bool await_ready() const noexcept { return true; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  Value await_resume() { return static_cast<Value&&>(value); }
};

template <class Parameter, std::size_t PathIndex>
auto take(const Request& request) {
  using Given = decltype(argument<Parameter, PathIndex>(request));
  if constexpr (base::kIsTask<Given>) {
    return argument<Parameter, PathIndex>(request);
  } else {
    return Ready<Given>{argument<Parameter, PathIndex>(request)};
  }
}

template <class Parameter, std::size_t PathIndex>
struct TakenFrom {
  using Given = decltype(argument<Parameter, PathIndex>(std::declval<const Request&>()));
  static auto unwrap() {
    if constexpr (base::kIsTask<Given>) {
      return std::type_identity<typename Given::value_type>();
    } else {
      return std::type_identity<Given>();
    }
  }
  using type = typename decltype(unwrap())::type;
};

/// An extractor that has to wait before any parameter is filled, whatever their order: one that
/// reads the body, whose fields others may take.
template <class Parameter>
concept Prepared = requires(const Request& request) {
  { Extract<Kind<Parameter>>::prepare(request) } -> std::same_as<base::Task<void>>;
};

template <class Parameter>
base::Task<void> prepare(const Request& request) {
  if constexpr (Prepared<Parameter>) co_await Extract<Kind<Parameter>>::prepare(request);
}

template <class Parameter>
consteval bool is_later_parameter() {
  if constexpr (Prepared<Parameter>) {
    return true;
  } else if constexpr (PathParameter<Parameter> || !Extractable<Parameter> ||
                       kIsSpecial<Parameter>) {
    return false;
  } else {
    return base::kIsTask<decltype(Extract<Kind<Parameter>>::from(std::declval<const Request&>()))>;
  }
}

template <class Parameter>
consteval bool streams_body() {
  return requires { Extract<Kind<Parameter>>::kStreamsBody; };
}

template <class Handler, class... Parameters>
CallableTraits traits_of(TypeList<Parameters...>) {
  CallableTraits traits;
  traits.is_later = base::kIsTask<ResultOf<Handler>> || (is_later_parameter<Parameters>() || ...);
  traits.streams_body = (streams_body<Parameters>() || ...);
  [[maybe_unused]] auto need = [&]<class Parameter>(std::type_identity<Parameter>) {
    if constexpr (kIsProvided<Parameter>) {
      using Value = Provided<Parameter>;
      traits.needs.push_back({type_key<std::shared_ptr<Value>>(), type_name<Value>()});
    }
    if constexpr (requires { Extract<Kind<Parameter>>::kPathName; }) {
      traits.named.push_back(
          {Extract<Kind<Parameter>>::kPathName, Extract<Kind<Parameter>>::kSegmentType});
    }
  };
  (need(std::type_identity<Parameters>{}), ...);
  return traits;
}

template <class Handler, class... Parameters>
consteval bool waits(TypeList<Parameters...>) {
  return base::kIsTask<ResultOf<Handler>> || (is_later_parameter<Parameters>() || ...);
}

/// Calls `handler` with its arguments; for one that does not wait.
template <class Handler, class... Parameters, std::size_t... Index>
decltype(auto) call(Handler& handler, const Request& request, TypeList<Parameters...>,
                    std::index_sequence<Index...>) {
  return handler(argument<Parameters, path_index<Index, Parameters...>()>(request)...);
}

template <class Result>
struct Awaited {
  using type = Result;
};
template <class Value>
struct Awaited<base::Task<Value>> {
  using type = Value;
};

/// Awaits the arguments, then the handler.
template <class Handler, class... Parameters, std::size_t... Index>
base::Task<typename Awaited<ResultOf<Handler>>::type> call_later(Handler& handler,
                                                                 const Request& request,
                                                                 TypeList<Parameters...>,
                                                                 std::index_sequence<Index...>) {
  using Arguments =
      std::tuple<typename TakenFrom<Parameters, path_index<Index, Parameters...>()>::type...>;
  if constexpr ((Prepared<Parameters> || ...)) (co_await prepare<Parameters>(request), ...);
  Arguments arguments{co_await take<Parameters, path_index<Index, Parameters...>()>(request)...};
  if constexpr (base::kIsTask<ResultOf<Handler>>) {
    co_return co_await std::apply(handler, std::move(arguments));
  } else {
    co_return std::apply(handler, std::move(arguments));
  }
}

template <class Handler>
auto call(Handler& handler, const Request& request) -> decltype(auto) {
  using Parameters = ParametersOf<Handler>;
  return call(handler, request, Parameters{}, std::make_index_sequence<Parameters::kSize>());
}
template <class Handler>
auto call_later(Handler& handler, const Request& request) {
  using Parameters = ParametersOf<Handler>;
  return call_later(handler, request, Parameters{}, std::make_index_sequence<Parameters::kSize>());
}

template <class Result, class... Parameters>
void document(Operation& operation, TypeList<Parameters...>) {
  [[maybe_unused]] auto add = [&]<class Parameter>(std::type_identity<Parameter>) {
    using Value = Kind<Parameter>;
    if constexpr (PathParameter<Parameter>) {
      operation.take_path<Value>();
    } else if constexpr (requires { Extract<Value>::document(operation); }) {
      Extract<Value>::document(operation);
    }
  };
  (add(std::type_identity<Parameters>{}), ...);
  document_result<std::remove_cvref_t<Result>>(operation);
}

template <class Handler>
inline constexpr bool kWaits = waits<Handler>(ParametersOf<Handler>{});

}  // namespace endpoint_detail

/// A handler of that type behind `AnyHandler`: extracts its parameters, calls it, makes its result
/// a response.
template <class Handler>
class HandlerEndpoint final : public AnyHandler {
 public:
  /// Takes the handler, which is called for every request, on any loop.
  explicit HandlerEndpoint(Handler handler)
      : AnyHandler(endpoint_detail::traits_of<Handler>(ParametersOf<Handler>{})),
        handler_(std::move(handler)) {}

  Response answer(const Request& request) override {
    if constexpr (endpoint_detail::kWaits<Handler>) {
      base::check(false, "a handler that waits was called as one that does not");
      return Response(500);
    } else if constexpr (std::is_void_v<ResultOf<Handler>>) {
      endpoint_detail::call(handler_, request);
      return Response(204);
    } else {
      return to_response(endpoint_detail::call(handler_, request));
    }
  }

  base::Task<Response> answer_later(const Request& request) override {
    if constexpr (!endpoint_detail::kWaits<Handler>) {
      co_return answer(request);
    } else if constexpr (std::is_void_v<decltype(endpoint_detail::call_later(handler_, request)
                                                     .operator co_await()
                                                     .await_resume())>) {
      co_await endpoint_detail::call_later(handler_, request);
      co_return Response(204);
    } else {
      co_return to_response(co_await endpoint_detail::call_later(handler_, request));
    }
  }

  void document(Operation& operation) const override {
    endpoint_detail::document<ResultOf<Handler>>(operation, ParametersOf<Handler>{});
  }

 private:
  Handler handler_;
};

/// A callable in its role. Before hooks return nothing, or an optional that answers if it has a
/// value; after hooks take `Response&`; teardown hooks may take the `std::exception_ptr` that
/// nobody handled; error handlers take the exception by const reference and return as handlers do;
/// providers return their value.
template <class Callable, Role Place>
class CallableHook final : public Hook {
 public:
  /// Takes the hook, which is called for every request, on any loop.
  explicit CallableHook(Callable callable)
      : Hook(endpoint_detail::traits_of<Callable>(ParametersOf<Callable>{})),
        callable_(std::move(callable)) {}

  std::optional<Response> run(const Request& request) override {
    if constexpr (endpoint_detail::kWaits<Callable>) {
      base::check(false, "a hook that waits was called as one that does not");
      return std::nullopt;
    } else if constexpr (std::is_void_v<Result>) {
      endpoint_detail::call(callable_, request);
      return after_void();
    } else {
      return finish(request, endpoint_detail::call(callable_, request));
    }
  }

  /// As `Hook::run_later`.
  base::Task<std::optional<Response>> run_later(const Request& request) override {
    if constexpr (!endpoint_detail::kWaits<Callable>) {
      co_return run(request);
    } else if constexpr (std::is_void_v<Result>) {
      co_await endpoint_detail::call_later(callable_, request);
      co_return after_void();
    } else {
      co_return finish(request, co_await endpoint_detail::call_later(callable_, request));
    }
  }

 private:
  using Result = typename endpoint_detail::Awaited<ResultOf<Callable>>::type;

  static std::optional<Response> after_void() {
    static_assert(!std::is_void_v<Result> || Place != Role::kProvider,
                  "a provider must return what it provides");
    if constexpr (Place == Role::kError) {
      return Response(204);
    } else {
      return std::nullopt;
    }
  }

  template <class Value>
  static std::optional<Response> finish(const Request& request, Value&& value) {
    using Given = std::remove_cvref_t<Value>;
    if constexpr (Place == Role::kError) {
      return to_response(std::forward<Value>(value));
    } else if constexpr (Place == Role::kProvider) {
      provide(request, std::forward<Value>(value));
      return std::nullopt;
    } else if constexpr (Place == Role::kAfter && std::same_as<Given, Response>) {
      return std::forward<Value>(value);
    } else {
      static_assert(Place == Role::kBefore && base::json_detail::kIsOptional<Given>,
                    "a before_request hook returns nothing, or a std::optional that answers the "
                    "request if it has a value; other hooks return nothing");
      if (!value.has_value()) return std::nullopt;
      return to_response(*std::forward<Value>(value));
    }
  }

  template <class Value>
  static void provide(const Request& request, Value&& value) {
    using Given = std::remove_cvref_t<Value>;
    if constexpr (respond_detail::kIsResult<Given>) {
      if (!value.has_value()) throw HttpError(status_of(value.error().code), value.error().message);
      provide(request, *std::forward<Value>(value));
    } else if constexpr (base::json_detail::kIsOptional<Given>) {
      store<typename Given::value_type>(
          request, value ? std::make_shared<typename Given::value_type>(*std::forward<Value>(value))
                         : nullptr);
    } else if constexpr (endpoint_detail::kIsSharedPointer<Given>) {
      store<typename Given::element_type>(request, std::forward<Value>(value));
    } else {
      store<Given>(request, std::make_shared<Given>(std::forward<Value>(value)));
    }
  }

  template <class Value>
  static void store(const Request& request, std::shared_ptr<Value> value) {
    endpoint_detail::store_provided(request, type_key<std::shared_ptr<Value>>(),
                                    std::make_shared<std::shared_ptr<Value>>(std::move(value)));
  }

  Callable callable_;
};

/// The type that a provider gives handlers.
template <class Result>
struct ProvidedBy {
  using type = Result;  ///< What handlers take by reference.
};
template <class Value>
struct ProvidedBy<std::optional<Value>> : ProvidedBy<Value> {};
template <class Value>
struct ProvidedBy<std::shared_ptr<Value>> : ProvidedBy<Value> {};
template <class Value>
struct ProvidedBy<base::Result<Value, base::Error>> : ProvidedBy<Value> {};
template <class Value>
struct ProvidedBy<base::Task<Value>> : ProvidedBy<Value> {};

}  // namespace hornbeam::web
