#include "hornbeam/web/test_client.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "hornbeam/http/websocket_upgrade.h"
#include "hornbeam/web/internal/dispatcher.h"
#include "hornbeam/web/internal/test_channels.h"

namespace hornbeam::web {

using base::Task;

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
    : app_(&app),
      handler_(&app.handler()),
      options_(std::move(options)),
      running_(std::make_shared<std::multiset<std::string>>()) {
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
                                                   options_.is_secure, seconds_since_epoch());
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
    if (raw.method() != http::Method::kHead && !exchange.leaves_body) {
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
  return finish_exchange(request, *exchange);
}

TestResponse TestClient::finish_exchange(const TestRequest& request, Exchange& exchange) {
  if (exchange.failure) std::rethrow_exception(exchange.failure);
  auto fields = exchange.response->fields();
  if (const http::CommonFields* common = exchange.response->common_fields()) {
    for (std::size_t i = 0; i < common->fields().size(); ++i) {
      if (exchange.response->sends_common(i)) fields.push_back(common->fields()[i]);
    }
  }
  const std::string_view type = exchange.response->content_type();
  if (!type.empty()) fields.insert(fields.begin(), {"Content-Type", std::string(type)});
  TestResponse response(request, exchange.response->status(), std::move(fields),
                        std::move(exchange.body));
  store_cookies(request, response);
  return response;
}

void TestClient::store_cookies(const TestRequest& request, const TestResponse& response) {
  for (const std::string& cookie : response.find_headers("set-cookie")) {
    cookies_.store(cookie, options_.host, path_of(request.target), seconds_since_epoch());
  }
}

std::int64_t TestClient::seconds_since_epoch() const {
  const auto now =
      options_.clock ? options_.clock() : std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

Session TestClient::session() const {
  const SessionOptions& options = app_->settings().session;
  const std::string cookies =
      cookies_.cookies_for(options_.host, options.path, options_.is_secure, seconds_since_epoch());
  const std::vector<std::pair<std::string, std::string>> fields{{"cookie", cookies}};
  http::Request raw = http::Request::make(http::Method::kGet, "/", fields, "");
  const auto cookie = Request(raw, nullptr).find_cookie(options.cookie_name);
  if (!cookie) return {};
  return unsign_session(*cookie, options, options.seconds_since_epoch()).value_or(Session());
}

void TestClient::edit_session(const std::function<void(Session&)>& edit) {
  const SessionOptions& options = app_->settings().session;
  if (options.secret_key.empty()) {
    throw TestFailure(
        "a session was to be changed, but the application has no secret key. Mend: "
        "set app.settings().session.secret_key");
  }
  Session changed = session();
  edit(changed);
  cookies_.store(
      session_cookie(changed, options, options_.is_secure, options.seconds_since_epoch()),
      options_.host, options.path, seconds_since_epoch());
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

TestClient::~TestClient() {
  // Conversations end before the loop, so that what they hold is let go.
  for (const auto& each : channels_) {
    if (auto channel = each.lock()) loop_.post([channel] { channel->end(1006); });
  }
  for (const auto& each : streams_) {
    if (auto stream = each.lock()) loop_.post([stream] { stream->close(); });
  }
  app_->stop_background(std::chrono::milliseconds(0));
  settle();
  options_.patience = std::min(options_.patience, std::chrono::milliseconds(1000));
  if (running_->empty() || run_until([this] { return running_->empty(); })) return;
  std::string leaks = "TestClient: what a test has begun does not end with its client:\n";
  for (const std::string& each : *running_) leaks += "  " + each + "\n";
  leaks += "Mend: let it end when `receive` or `write` says that the client has gone\n";
  std::fputs(leaks.c_str(), stderr);
  if (std::uncaught_exceptions() == 0) std::abort();
}

void TestClient::start_background() {
  app_->start_background(loop_);
  settle();
}

}  // namespace hornbeam::web
