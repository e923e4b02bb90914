#pragma once

// Socket: a WebSocket conversation as a loop over typed messages.
//
//   app.socket("/chat/{room}", [](Socket<Said, Heard> socket, std::string room) -> Task<void> {
//     while (auto said = co_await socket.receive()) socket.send(Heard{room, said->text});
//   });
//
// A described struct travels as JSON text, std::string as a text message. A message that is no such
// struct closes the socket: 1003 if it is binary, 1007 otherwise, with the first problem as the
// reason. To answer bad messages yourself, take std::string, or ask `receive_checked`.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "hornbeam/base/json.h"
#include "hornbeam/http/websocket.h"
#include "hornbeam/web/endpoint.h"

namespace hornbeam::web {

/// What a socket route asks of its handshake.
struct SocketSettings {
  std::vector<std::string> allowed_origins;  ///< Origins besides the server's own that may connect.
  std::vector<std::string> protocols;        ///< Subprotocols to choose from, the most liked first.
  http::WebSocketOptions options;            ///< Bounds and compression.
};

/// A handle on a conversation: copies are the same one, and sending to one who has gone is a
/// result. Thread: `send` and `close` from any; `receive` on its own loop.
template <class In = std::string, class Out = In>
class Socket {
 public:
  /// For the endpoint, which handlers ask for by taking a Socket.
  explicit Socket(http::WebSocket socket) : socket_(std::move(socket)) {}

  /// Awaits the next message; nothing once the socket has closed. Requires: one wait at a time.
  auto receive() { return Awaiter<&Socket::strict>{socket_.receive(), this}; }

  /// The same, with a bad message as a result: the socket stays open.
  auto receive_checked() { return Awaiter<&Socket::checked>{socket_.receive(), this}; }

  /// Sends one message, as JSON unless it is text. Never blocks. Thread: any.
  http::SendResult send(const Out& message) const {
    if constexpr (std::convertible_to<const Out&, std::string_view>) {
      return socket_.send(message);
    } else {
      return socket_.send(base::to_json(message));
    }
  }
  /// Awaits until what was sent is on its way: true; or until the socket has closed: false.
  auto drained() const { return socket_.drained(); }
  /// Closes the conversation with a code and a reason that people can read. Thread: any.
  void close(http::CloseCode code = http::CloseCode::kNormal, std::string_view reason = {}) const {
    socket_.close(code, reason);
  }
  /// The socket below, for binary messages, shared frames and what else it can do.
  const http::WebSocket& raw() const noexcept { return socket_; }

 private:
  using Checked = base::Result<In, base::JsonFailure>;

  /// Awaits the socket below and hands what came to `Read`.
  template <auto Read>
  struct Awaiter {
    decltype(std::declval<const http::WebSocket&>().receive()) inner;
    Socket* socket;

    bool await_ready() { return inner.await_ready(); }
    void await_suspend(std::coroutine_handle<> waiting) { inner.await_suspend(waiting); }
    auto await_resume() { return (socket->*Read)(inner.await_resume()); }
  };

  std::optional<Checked> checked(std::optional<http::WebSocketMessage> message) {
    if (!message) return std::nullopt;
    if constexpr (std::same_as<In, std::string>) {
      return Checked(std::move(message->data));
    } else {
      return base::from_json<In>(message->data);
    }
  }

  std::optional<In> strict(std::optional<http::WebSocketMessage> message) {
    if (!message) return std::nullopt;
    if constexpr (std::same_as<In, std::string>) {
      return std::move(message->data);
    } else {
      auto read = base::from_json<In>(message->data);
      if (read) return std::move(*read);
      refuse(read.error(), message->is_binary);
      return std::nullopt;
    }
  }

  void refuse(const base::JsonFailure& failure, bool is_binary) const {
    constexpr std::size_t kMaxReason = 120;  // A close frame holds 123 bytes.
    const auto code = is_binary ? http::CloseCode::kUnsupported : http::CloseCode::kInvalidData;
    std::string reason = failure.message();
    if (reason.size() > kMaxReason) reason = "invalid message";
    socket_.close(code, reason);
  }

  http::WebSocket socket_;
};

/// A socket route's handler.
class SocketEndpoint {
 public:
  /// For `HandlerSocketEndpoint`.
  explicit SocketEndpoint(CallableTraits traits) : traits_(std::move(traits)) {}
  SocketEndpoint(const SocketEndpoint&) = delete;
  SocketEndpoint& operator=(const SocketEndpoint&) = delete;
  virtual ~SocketEndpoint() = default;

  /// What is known of the handler without calling it.
  const CallableTraits& traits() const noexcept { return traits_; }
  /// A conversation with everything but its socket, so that whatever may refuse it has had its say
  /// before the handshake. Called once, and kept as long as its task if `keeps_request`.
  using Talk = std::move_only_function<base::Task<void>(http::WebSocket)>;

  /// Takes the arguments from `request`, which outlives the talk. Requires: `!traits().is_later`.
  virtual Talk prepare(const Request& request) = 0;
  /// Lifetime: `request` outlives the task, and what the talk's call gives if `keeps_request`.
  virtual base::Task<Talk> prepare_later(const Request& request) = 0;
  /// Whether the conversation may refer to its request. One that may not holds none of it, which is
  /// most of what a quiet socket would cost.
  virtual bool keeps_request() const noexcept = 0;

 private:
  CallableTraits traits_;
};

/// Whether a socket handler's parameter of this type holds nothing of the request that it was made
/// from, so that a handler whose parameters are all of that kind lets go of its request, which is
/// most of what a quiet socket would cost. Numbers, text and the socket itself are known to; say so
/// for a type that the application provides, with `true`, beside its definition:
///
///   template <>
///   inline constexpr bool hornbeam::web::kOutlivesRequest<Visitor> = true;
template <class Provided>
inline constexpr bool kOutlivesRequest =
    std::is_arithmetic_v<Provided> || std::same_as<Provided, std::string>;

namespace socket_detail {

template <class Parameter>
inline constexpr bool kIsSocket = false;
template <class In, class Out>
inline constexpr bool kIsSocket<Socket<In, Out>> = true;
template <>
inline constexpr bool kIsSocket<http::WebSocket> = true;

/// The parameters without the socket.
template <class... Kept>
struct Rest {
  using type = TypeList<Kept...>;
  template <class Parameter>
  using with = std::conditional_t<kIsSocket<std::remove_cvref_t<Parameter>>, Rest<Kept...>,
                                  Rest<Kept..., Parameter>>;
};
template <class Kept, class... Parameters>
struct WithoutSocket {
  using type = typename Kept::type;
};
template <class Kept, class First, class... More>
struct WithoutSocket<Kept, First, More...>
    : WithoutSocket<typename Kept::template with<First>, More...> {};

/// Holds the place of the socket, which there is not yet.
struct Place {};

template <class Parameter, std::size_t PathIndex>
decltype(auto) argument(const Request& request) {
  if constexpr (kIsSocket<std::remove_cvref_t<Parameter>>) {
    return Place();
  } else {
    return endpoint_detail::argument<Parameter, PathIndex>(request);
  }
}

template <class Parameter, std::size_t PathIndex>
auto take(const Request& request) {
  if constexpr (kIsSocket<std::remove_cvref_t<Parameter>>) {
    return endpoint_detail::Ready<Place>{};
  } else {
    return endpoint_detail::take<Parameter, PathIndex>(request);
  }
}

template <class Parameter, std::size_t PathIndex>
struct Taken : endpoint_detail::TakenFrom<Parameter, PathIndex> {};
template <class Parameter, std::size_t PathIndex>
  requires kIsSocket<std::remove_cvref_t<Parameter>>
struct Taken<Parameter, PathIndex> {
  using type = Place;
};

template <class Parameter, class Argument>
decltype(auto) fill(Argument&& argument, http::WebSocket& socket) {
  if constexpr (kIsSocket<std::remove_cvref_t<Parameter>>) {
    return std::remove_cvref_t<Parameter>(std::move(socket));
  } else {
    return std::forward<Argument>(argument);
  }
}

template <class Handler, class Arguments, class... Parameters, std::size_t... Index>
SocketEndpoint::Talk talk_of(Handler& handler, Arguments arguments, TypeList<Parameters...>,
                             std::index_sequence<Index...>) {
  return [&handler, arguments = std::move(arguments)](http::WebSocket socket) mutable {
    return handler(fill<Parameters>(
        static_cast<std::tuple_element_t<Index, Arguments>&&>(std::get<Index>(arguments)),
        socket)...);
  };
}

template <class Handler, class... Parameters, std::size_t... Index>
SocketEndpoint::Talk prepare(Handler& handler, const Request& request, TypeList<Parameters...> list,
                             std::index_sequence<Index...> index) {
  using endpoint_detail::path_index;
  using Arguments =
      std::tuple<typename Taken<Parameters, path_index<Index, Parameters...>()>::type...>;
  Arguments arguments{argument<Parameters, path_index<Index, Parameters...>()>(request)...};
  return talk_of(handler, std::move(arguments), list, index);
}

template <class Handler, class... Parameters, std::size_t... Index>
base::Task<SocketEndpoint::Talk> prepare_later(Handler& handler, const Request& request,
                                               TypeList<Parameters...> list,
                                               std::index_sequence<Index...> index) {
  using endpoint_detail::path_index;
  using Arguments =
      std::tuple<typename Taken<Parameters, path_index<Index, Parameters...>()>::type...>;
  Arguments arguments{co_await take<Parameters, path_index<Index, Parameters...>()>(request)...};
  co_return talk_of(handler, std::move(arguments), list, index);
}

/// Whether the way to the handshake waits; a conversation always does.
template <class... Parameters>
consteval bool prepares_later(TypeList<Parameters...>) {
  return (endpoint_detail::is_later_parameter<Parameters>() || ...);
}

template <class... Parameters>
consteval bool prepares_later_beside_socket(TypeList<Parameters...>) {
  return prepares_later(typename WithoutSocket<Rest<>, Parameters...>::type{});
}

template <class... Parameters>
constexpr bool keeps_request(TypeList<Parameters...>) {
  return !((!std::is_reference_v<Parameters> &&
            (kIsSocket<Parameters> || kOutlivesRequest<std::remove_cv_t<Parameters>>)) &&
           ...);
}

template <class Handler, class... Parameters>
CallableTraits traits_of(TypeList<Parameters...>) {
  static_assert((kIsSocket<std::remove_cvref_t<Parameters>> || ...),
                "a socket handler takes a Socket<In, Out>. Mend: add it to the parameters, or "
                "register the handler with get");
  static_assert(std::same_as<ResultOf<Handler>, base::Task<void>>,
                "a socket handler is a coroutine. Mend: write -> Task<void> and co_await in it");
  using Others = typename WithoutSocket<Rest<>, Parameters...>::type;
  CallableTraits traits = endpoint_detail::traits_of<Handler>(Others{});
  traits.is_later = prepares_later(Others{});
  return traits;
}

}  // namespace socket_detail

/// A handler of that type behind `SocketEndpoint`.
template <class Handler>
class HandlerSocketEndpoint final : public SocketEndpoint {
 public:
  /// Takes the handler, which is called for every socket, on any loop.
  explicit HandlerSocketEndpoint(Handler handler)
      : SocketEndpoint(socket_detail::traits_of<Handler>(ParametersOf<Handler>{})),
        handler_(std::move(handler)) {}

  Talk prepare(const Request& request) override {
    using Parameters = ParametersOf<Handler>;
    if constexpr (kPreparesLater) {
      base::check(false, "a socket's handler that waits was prepared as one that does not");
      return {};
    } else {
      return socket_detail::prepare(handler_, request, Parameters{},
                                    std::make_index_sequence<Parameters::kSize>());
    }
  }
  base::Task<Talk> prepare_later(const Request& request) override {
    using Parameters = ParametersOf<Handler>;
    return socket_detail::prepare_later(handler_, request, Parameters{},
                                        std::make_index_sequence<Parameters::kSize>());
  }
  bool keeps_request() const noexcept override {
    return socket_detail::keeps_request(ParametersOf<Handler>{});
  }

 private:
  static constexpr bool kPreparesLater =
      socket_detail::prepares_later_beside_socket(ParametersOf<Handler>{});

  Handler handler_;
};

}  // namespace hornbeam::web
