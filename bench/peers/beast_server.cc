// A plain Boost.Beast server, as its own examples are written: callbacks, one thread, one session
// per connection. It sets no deadlines, which favours it: with a timer for each request, as those
// examples have one, it executes 4 000 instructions more.
//
//   beast_server PORT

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/json.hpp>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using tcp = asio::ip::tcp;

using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

Response answer(const Request& request, http::status status, std::string_view type,
                std::string body) {
  Response response(status, request.version());
  response.set(http::field::server, "beast");
  response.set(http::field::content_type, type);
  response.keep_alive(request.keep_alive());
  response.body() = std::move(body);
  response.prepare_payload();
  return response;
}

std::optional<std::int64_t> user_of(std::string_view target) {
  constexpr std::string_view prefix = "/users/";
  if (!target.starts_with(prefix)) return std::nullopt;
  target.remove_prefix(prefix.size());
  std::int64_t id = 0;
  const auto [end, failure] = std::from_chars(target.data(), target.data() + target.size(), id);
  if (failure != std::errc{} || end != target.data() + target.size()) return std::nullopt;
  return id;
}

Response handle(const Request& request) {
  const std::string_view target = request.target();
  if (target == "/plaintext") {
    return answer(request, http::status::ok, "text/plain", "Hello, World!");
  }
  if (target == "/json") {
    const boost::json::object message{{"message", "Hello, World!"}};
    return answer(request, http::status::ok, "application/json", boost::json::serialize(message));
  }
  if (const auto id = user_of(target)) {
    return answer(request, http::status::ok, "text/plain", "user " + std::to_string(*id));
  }
  return answer(request, http::status::not_found, "text/plain", "not found");
}

class EchoSession : public std::enable_shared_from_this<EchoSession> {
 public:
  explicit EchoSession(tcp::socket socket) : stream_(std::move(socket)) {}

  void start(const Request& upgrade) {
    stream_.set_option(websocket::stream_base::timeout::suggested(beast::role_type::server));
    stream_.async_accept(upgrade,
                         beast::bind_front_handler(&EchoSession::on_accept, shared_from_this()));
  }

 private:
  void on_accept(beast::error_code failure) {
    if (!failure) read();
  }

  void read() {
    stream_.async_read(buffer_,
                       beast::bind_front_handler(&EchoSession::on_read, shared_from_this()));
  }

  void on_read(beast::error_code failure, std::size_t) {
    if (failure) return;
    stream_.text(stream_.got_text());
    stream_.async_write(buffer_.data(),
                        beast::bind_front_handler(&EchoSession::on_write, shared_from_this()));
  }

  void on_write(beast::error_code failure, std::size_t) {
    if (failure) return;
    buffer_.consume(buffer_.size());
    read();
  }

  websocket::stream<beast::tcp_stream> stream_;
  beast::flat_buffer buffer_;
};

class HttpSession : public std::enable_shared_from_this<HttpSession> {
 public:
  explicit HttpSession(tcp::socket socket) : stream_(std::move(socket)) {}

  void read() {
    request_ = {};
    http::async_read(stream_, buffer_, request_,
                     beast::bind_front_handler(&HttpSession::on_read, shared_from_this()));
  }

 private:
  void on_read(beast::error_code failure, std::size_t) {
    if (failure) return;
    if (websocket::is_upgrade(request_)) {
      std::make_shared<EchoSession>(stream_.release_socket())->start(request_);
      return;
    }
    response_ = handle(request_);
    http::async_write(stream_, response_,
                      beast::bind_front_handler(&HttpSession::on_write, shared_from_this()));
  }

  void on_write(beast::error_code failure, std::size_t) {
    if (failure) return;
    if (response_.keep_alive()) return read();
    beast::error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  Request request_;
  Response response_;
};

class Listener {
 public:
  Listener(asio::io_context& context, std::uint16_t port)
      : acceptor_(context, {asio::ip::make_address("127.0.0.1"), port}) {}

  void accept() {
    acceptor_.async_accept([this](beast::error_code failure, tcp::socket socket) {
      if (!failure) {
        socket.set_option(tcp::no_delay(true));
        std::make_shared<HttpSession>(std::move(socket))->read();
      }
      accept();
    });
  }

 private:
  tcp::acceptor acceptor_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: beast_server PORT\n", stderr);
    return 2;
  }
  try {
    asio::io_context context(1);
    Listener listener(context, static_cast<std::uint16_t>(std::atoi(argv[1])));
    listener.accept();
    context.run();
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "beast_server: %s\n", failure.what());
    return 1;
  }
}
