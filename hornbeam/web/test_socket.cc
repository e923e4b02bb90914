#include "hornbeam/web/internal/test_channels.h"

namespace hornbeam::web {

TestSocket TestClient::open_socket(TestRequest request) {
  request.fields.insert(request.fields.end(), {{"upgrade", "websocket"},
                                               {"connection", "Upgrade"},
                                               {"sec-websocket-version", "13"},
                                               {"sec-websocket-key", "dGVzdCBjbGllbnQga2V5IQ=="}});
  auto exchange = std::make_unique<Exchange>();
  base::spawn_on(loop_, carry_out(make_request(request), *exchange), "TestClient");
  if (!run_until([&] { return exchange->is_done; })) {
    static_cast<void>(exchange.release());
    throw TestFailure("no response in time to\n" + request.to_string());
  }
  if (exchange->failure) std::rethrow_exception(exchange->failure);
  if (!exchange->upgrade) {
    TestResponse(request, exchange->response->status(), exchange->response->fields(),
                 std::move(exchange->body))
        .fail("an open WebSocket");
  }
  store_cookies(request, {request, 101, exchange->response->fields(), {}});
  auto channel = std::make_shared<TestSocket::Channel>(loop_);
  channels_.push_back(channel);
  auto hold = [](http::WebSocketUpgrade upgrade, std::shared_ptr<TestSocket::Channel> end,
                 Running running) -> Task<void> {
    try {
      co_await upgrade.run(http::WebSocket(end));
    } catch (...) {
      try {
        if (upgrade.on_failure == nullptr) throw;
        upgrade.on_failure(http::WebSocket(end));
      } catch (...) {
        end->fail(std::current_exception());
      }
    }
    end->close(1000, "");
  };
  Running running(running_, "the conversation at " + request.target);
  base::spawn_on(loop_, hold(std::move(*exchange->upgrade), channel, std::move(running)),
                 "TestSocket");
  settle();
  return {*this, std::move(channel)};
}

void TestSocket::send(std::string_view text) {
  client_->loop_.post(
      [channel = channel_, text = std::string(text)] { channel->take(text, false); });
  client_->settle();
}

void TestSocket::send_binary(std::string_view bytes) {
  client_->loop_.post(
      [channel = channel_, data = std::string(bytes)] { channel->take(data, true); });
  client_->settle();
}

std::string TestSocket::receive() {
  const bool has_news = client_->run_until([&] { return channel_->has_news(); });
  if (std::optional<std::string> message = channel_->next()) return std::move(*message);
  if (std::exception_ptr failure = channel_->take_failure()) std::rethrow_exception(failure);
  if (!has_news) throw TestFailure("expected a message; none came in time");
  throw TestFailure("expected a message; the socket was closed with " +
                    std::to_string(channel_->server_code()));
}

std::optional<std::string> TestSocket::receive_now() {
  client_->settle();
  return channel_->next();
}

void TestSocket::close(std::uint16_t code) {
  client_->loop_.post([channel = channel_, code] { channel->end(code); });
  client_->settle();
}

std::uint16_t TestSocket::wait_closed() {
  if (!client_->run_until([&] { return channel_->is_closing(); })) {
    throw TestFailure("expected the server to close the socket; it did not in time");
  }
  return channel_->server_code();
}

}  // namespace hornbeam::web
