#include "hornbeam/web/internal/test_channels.h"

namespace hornbeam::web {

TestStream TestClient::open_stream(TestRequest request) {
  auto channel = std::make_shared<TestStream::Channel>(loop_);
  auto exchange = std::make_unique<Exchange>();
  exchange->leaves_body = true;
  base::spawn_on(loop_, carry_out(make_request(request), *exchange), "TestClient");
  if (!run_until([&] { return exchange->is_done; })) {
    static_cast<void>(exchange.release());
    throw TestFailure("no response in time to\n" + request.to_string());
  }
  TestResponse head = finish_exchange(request, *exchange);
  auto write = [](Response::Body body, std::shared_ptr<TestStream::Channel> out,
                  Running running) -> Task<void> {
    std::exception_ptr failure;
    try {
      co_await http::write_body(std::move(body), *out);
    } catch (...) {
      failure = std::current_exception();
    }
    out->end(failure);
  };
  Running running(running_, "the stream at " + request.target);
  base::spawn_on(loop_, write(std::move(exchange->response->body()), channel, std::move(running)),
                 "TestStream");
  streams_.push_back(channel);
  return {*this, std::move(head), std::move(channel)};
}

std::optional<std::string> TestStream::next() {
  const bool has_news = client_->run_until([&] { return channel_->has_news(); });
  if (std::optional<std::string> piece = channel_->take()) return piece;
  if (std::exception_ptr failure = channel_->take_failure()) std::rethrow_exception(failure);
  if (!has_news) throw TestFailure("expected more of the stream; nothing came in time");
  return std::nullopt;
}

void TestStream::close() {
  client_->loop_.post([channel = channel_] { channel->close(); });
  client_->settle();
}

}  // namespace hornbeam::web
