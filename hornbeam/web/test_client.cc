#include "hornbeam/web/test_client.h"

#include <algorithm>
#include <ctime>
#include <deque>
#include <mutex>
#include <ostream>

#include "hornbeam/http/status.h"
#include "hornbeam/http/token.h"
#include "hornbeam/http/websocket_upgrade.h"
#include "hornbeam/web/internal/dispatcher.h"

namespace hornbeam::web {

using base::Task;

// ---- The exchange of one request ----

/// What came of a request.
struct TestClient::Exchange {
  std::optional<Response> response;
  std::optional<http::WebSocketUpgrade> upgrade;
  std::string body;
  std::exception_ptr failure;
  bool is_done = false;
};

namespace {

/// Takes a streamed body in.
class CollectingSink final : public http::BodySink {
 public:
  explicit CollectingSink(std::string& body) : body_(body) {}
  Task<bool> write(std::string piece) override {
    body_ += piece;
    co_return true;
  }

 private:
  std::string& body_;
};

std::string path_of(const std::string& target) {
  return target.substr(0, target.find('?'));
}

}  // namespace

TestClient::TestClient(App& app, TestClientOptions options)
    : app_(&app), handler_(&app.handler()), options_(std::move(options)) {
  app.settings().is_testing = options_.propagates_errors;
  if (!options_.checks_csrf) app.settings().csrf.requires_token = false;
}

bool TestClient::run_until(const std::function<bool()>& is_done) {
  bool is_late = false;
  const auto alarm = loop_.post_after(options_.patience, [&] {
    is_late = true;
    loop_.stop();
  });
  while (!is_done() && !is_late) loop_.run();
  loop_.cancel(alarm);
  return is_done();
}

void TestClient::settle() {
  bool is_done = false;
  // Twice around, so that what the first round has posted runs as well.
  loop_.post([&] {
    loop_.post([&] {
      is_done = true;
      loop_.stop();
    });
  });
  run_until([&] { return is_done; });
}

http::Request TestClient::make_request(const TestRequest& request) const {
  auto fields = request.fields;
  fields.emplace_back("host", options_.host);
  const std::string cookies = cookies_.cookies_for(options_.host, path_of(request.target),
                                                   options_.is_secure, std::time(nullptr));
  if (!cookies.empty()) fields.emplace_back("cookie", cookies);
  if (!request.body.empty()) {
    fields.emplace_back("content-length", std::to_string(request.body.size()));
  }
  http::Request raw = http::Request::make(request.method, request.target, fields, request.body);
  return raw;
}

Task<void> TestClient::carry_out(http::Request raw, Exchange& exchange) {
  try {
    if (!raw.body().empty() && raw.body().size() > handler_->plan(raw).max_bytes) {
      exchange.response = Response(413);
    } else {
      http::Reply reply = handler_->handle(raw);
      if (auto* later = std::get_if<Task<Response>>(&reply)) {
        exchange.response = co_await std::move(*later);
      } else if (auto* now = std::get_if<Response>(&reply)) {
        exchange.response = std::move(*now);
      } else if (auto* answer = std::get_if<Task<http::Answer>>(&reply)) {
        http::Answer known = co_await std::move(*answer);
        if (auto* refusal = std::get_if<Response>(&known)) {
          exchange.response = std::move(*refusal);
        } else {
          accept_upgrade(raw, std::move(std::get<http::WebSocketUpgrade>(known)), exchange);
        }
      } else {
        accept_upgrade(raw, std::move(std::get<http::WebSocketUpgrade>(reply)), exchange);
      }
    }
    if (raw.method() != http::Method::kHead) {
      CollectingSink sink(exchange.body);
      co_await http::write_body(std::move(exchange.response->body()), sink);
    }
  } catch (...) {
    exchange.failure = std::current_exception();
  }
  exchange.is_done = true;
  loop_.post([this] { loop_.stop(); });
}

void TestClient::accept_upgrade(const http::Request& raw, http::WebSocketUpgrade upgrade,
                                Exchange& exchange) {
  http::WebSocketHandshake handshake = http::answer_handshake(raw, upgrade);
  exchange.response = handshake.refusal ? std::move(*handshake.refusal) : Response(101);
  if (exchange.response->status() != 101) return;
  for (const auto& [name, value] : upgrade.fields) exchange.response->add_field(name, value);
  exchange.upgrade = std::move(upgrade);
}

TestResponse TestClient::perform_once(const TestRequest& request) {
  auto exchange = std::make_unique<Exchange>();
  base::spawn_on(loop_, carry_out(make_request(request), *exchange), "TestClient");
  if (!run_until([&] { return exchange->is_done; })) {
    static_cast<void>(exchange.release());  // The request may still write to it.
    throw TestFailure("no response in time to\n" + request.to_string());
  }
  if (exchange->failure) std::rethrow_exception(exchange->failure);
  auto fields = exchange->response->fields();
  if (const http::CommonFields* common = exchange->response->common_fields()) {
    for (std::size_t i = 0; i < common->fields().size(); ++i) {
      if (exchange->response->sends_common(i)) fields.push_back(common->fields()[i]);
    }
  }
  const std::string_view type = exchange->response->content_type();
  if (!type.empty()) fields.insert(fields.begin(), {"Content-Type", std::string(type)});
  TestResponse response(request, exchange->response->status(), std::move(fields),
                        std::move(exchange->body));
  for (const std::string& cookie : response.find_headers("set-cookie")) {
    cookies_.store(cookie, options_.host, path_of(request.target), std::time(nullptr));
  }
  return response;
}

TestResponse TestClient::perform(TestRequest request) {
  TestResponse response = perform_once(request);
  std::vector<TestResponse> history;
  std::vector<std::pair<std::string, int>> seen;
  while (request.follows_redirects && response.find_header("location") &&
         response.status() >= 300 && response.status() < 400) {
    std::string location = *response.find_header("location");
    const std::string own = (options_.is_secure ? "https://" : "http://") + options_.host;
    if (location.starts_with(own + "/")) location.erase(0, own.size());
    if (!location.starts_with('/') || location.starts_with("//")) {
      response.fail("a redirect within this application");
    }
    const std::pair visit(location, response.status());
    if (std::find(seen.begin(), seen.end(), visit) != seen.end()) response.fail("no redirect loop");
    seen.push_back(visit);
    const int status = response.status();
    const bool is_safe =
        request.method == http::Method::kGet || request.method == http::Method::kHead;
    if ((status == 303 && !is_safe) ||
        ((status == 301 || status == 302) && request.method == http::Method::kPost)) {
      request.method = http::Method::kGet;
      request.body.clear();
      std::erase_if(request.fields,
                    [](const auto& field) { return field.first == "content-type"; });
    }
    request.target = location.substr(0, location.find('#'));
    history.push_back(std::move(response));
    response = perform_once(request);
  }
  response.history_ = std::move(history);
  return response;
}

// ---- Sockets ----

/// The server's end of a conversation in memory; what it sends lands in a queue.
class TestSocket::Channel final : public http::WebSocketChannel {
 public:
  explicit Channel(base::Loop& loop) : loop_(loop) {}

  http::SendResult send(std::string_view data, bool) override {
    const std::lock_guard lock(mutex_);
    if (is_closing_) return http::SendResult::kClosed;
    sent_.emplace_back(data);
    wake();
    return http::SendResult::kSent;
  }
  http::SendResult send_frame(std::shared_ptr<const std::string> frame) override {
    return send(payload_of(*frame), false);
  }
  void close(std::uint16_t code, std::string_view) override {
    {
      const std::lock_guard lock(mutex_);
      if (is_closing_) return;
      is_closing_ = true;
      server_code_ = code;
    }
    loop_.post([self = shared_from_this(), code] { static_cast<Channel&>(*self).end(code); });
  }
  std::size_t queued_bytes() const override { return 0; }

  void take(std::string_view data, bool is_binary) { deliver(data, is_binary); }
  void end(std::uint16_t code) {
    {
      const std::lock_guard lock(mutex_);
      is_closing_ = true;
    }
    deliver_end(code);
    wake();
  }
  void fail(std::exception_ptr failure) {
    failure_ = std::move(failure);
    wake();
  }

  std::optional<std::string> next() {
    const std::lock_guard lock(mutex_);
    if (sent_.empty()) return std::nullopt;
    std::string message = std::move(sent_.front());
    sent_.pop_front();
    return message;
  }
  bool has_news() {
    const std::lock_guard lock(mutex_);
    return !sent_.empty() || is_closing_ || failure_ != nullptr;
  }
  bool is_closing() {
    const std::lock_guard lock(mutex_);
    return is_closing_;
  }
  std::uint16_t server_code() {
    const std::lock_guard lock(mutex_);
    return server_code_;
  }
  std::exception_ptr take_failure() { return std::exchange(failure_, nullptr); }

 private:
  /// What an unmasked, unfragmented frame carries (RFC 6455, section 5.2).
  static std::string_view payload_of(std::string_view frame) {
    const auto size = static_cast<unsigned char>(frame[1]);
    return frame.substr(size == 126 ? 4 : size == 127 ? 10 : 2);
  }
  void wake() {
    loop_.post([this_loop = &loop_] { this_loop->stop(); });
  }

  base::Loop& loop_;
  std::mutex mutex_;
  std::deque<std::string> sent_;
  bool is_closing_ = false;
  std::uint16_t server_code_ = 0;
  std::exception_ptr failure_;
};

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
  for (const auto& [name, value] : exchange->response->fields()) {
    if (!http::equals_ignoring_case(name, "set-cookie")) continue;
    cookies_.store(value, options_.host, path_of(request.target), std::time(nullptr));
  }
  auto channel = std::make_shared<TestSocket::Channel>(loop_);
  channels_.push_back(channel);
  auto hold = [](http::WebSocketUpgrade upgrade,
                 std::shared_ptr<TestSocket::Channel> end) -> Task<void> {
    try {
      co_await upgrade.run(http::WebSocket(end));
    } catch (...) {
      end->fail(std::current_exception());
    }
    end->close(1000, "");
  };
  base::spawn_on(loop_, hold(std::move(*exchange->upgrade), channel), "TestSocket");
  settle();
  return {*this, std::move(channel)};
}

TestClient::~TestClient() {
  // Conversations end before the loop, so that what they hold is let go.
  for (const auto& each : channels_) {
    if (auto channel = each.lock()) loop_.post([channel] { channel->end(1006); });
  }
  options_.patience = std::chrono::milliseconds(200);
  app_->stop_background(std::chrono::milliseconds(0));
  settle();
}

void TestClient::start_background() {
  app_->start_background(loop_);
  settle();
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
