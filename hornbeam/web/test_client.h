#pragma once

// TestClient: a client in the same process, without a socket.
//
//   TestClient client(app);
//   client.post("/posts", with_json(NewPost{"Title"})).expect_status(201);
//   auto socket = client.socket("/ws");
//   socket.send("hello");
//   EXPECT_EQ(socket.receive(), "hello");
//
// Requests go through the whole pipeline, on a loop of the client's own that runs while a call
// waits. Cookies are kept between requests. An exception that nobody handles reaches the test. The
// expect_... functions throw `TestFailure`, whose text shows where, the request, the response and
// what was expected; test frameworks print it. What a test leaves behind, such as a conversation
// that does not end with its socket, ends the program with a word on what it is.

#include <chrono>
#include <iosfwd>
#include <memory>
#include <set>
#include <source_location>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hornbeam/base/json.h"
#include "hornbeam/base/loop.h"
#include "hornbeam/web/app.h"
#include "hornbeam/web/cookie_jar.h"
#include "hornbeam/web/session.h"

namespace hornbeam::web {

/// An expectation that was not met.
class TestFailure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A request about to be sent.
struct TestRequest {
  http::Method method = http::Method::kGet;  ///< What is asked for.
  std::string target = "/";                  ///< The path and query, as on the wire.
  std::vector<std::pair<std::string, std::string>> fields{};  ///< Header fields, in order.
  std::string body{};              ///< As sent, with the fields that say what it is.
  bool follows_redirects = false;  ///< Whether redirects are followed, until a response is none.

  /// As a failed expectation shows it.
  std::string to_string() const;
};

/// A response, whole; what it is expected to be throws TestFailure with both sides if it is not.
class TestResponse {
 public:
  /// Where in a test something is expected.
  using Here = std::source_location;

  /// Made by TestClient.
  TestResponse(TestRequest request, int status,
               std::vector<std::pair<std::string, std::string>> fields, std::string body);

  /// What `expect_status` compares with.
  int status() const noexcept { return status_; }
  /// The whole body; a streamed one has been collected.
  const std::string& body() const noexcept { return body_; }
  /// The first value of a field, whatever the case of `name`.
  std::optional<std::string> find_header(std::string_view name) const;
  /// Every value of a field, whatever the case of `name`.
  std::vector<std::string> find_headers(std::string_view name) const;
  /// The Content-Type; empty if there is none.
  std::string content_type() const { return find_header("content-type").value_or(""); }
  /// The body as JSON. Throws TestFailure if it is not what was asked for.
  template <class Value>
  Value json(Here where = Here::current()) const {
    auto value = base::from_json<Value>(body_);
    if (!value) fail("a JSON body: " + value.error().message(), where);
    return std::move(*value);
  }
  /// The responses that led here, when redirects were followed.
  const std::vector<TestResponse>& history() const noexcept { return history_; }
  /// The request that it answers.
  const TestRequest& request() const noexcept { return request_; }

  /// Expects a status. Throws TestFailure.
  const TestResponse& expect_status(int status, Here where = Here::current()) const;
  /// Expects the whole body. Throws TestFailure.
  const TestResponse& expect_body(std::string_view body, Here where = Here::current()) const;
  /// Expects a part of the body. Throws TestFailure.
  const TestResponse& expect_body_contains(std::string_view part,
                                           Here where = Here::current()) const;
  /// Expects a field, whatever the case of `name`. Throws TestFailure.
  const TestResponse& expect_header(std::string_view name, std::string_view value,
                                    Here where = Here::current()) const;
  /// Expects the body to be `value` as JSON. Throws TestFailure.
  template <class Value>
  const TestResponse& expect_json(const Value& value, Here where = Here::current()) const {
    return expect_body(base::to_json(value), where);
  }

  /// The exchange as it would have gone over the wire.
  std::string to_string() const;
  friend std::ostream& operator<<(std::ostream& out, const TestResponse& response);

 private:
  friend class TestClient;
  [[noreturn]] void fail(std::string_view expected, Here where = Here::current()) const;

  TestRequest request_;
  int status_;
  std::vector<std::pair<std::string, std::string>> fields_;
  std::string body_;
  std::vector<TestResponse> history_;
};

/// Parts of a request, for the calls of TestClient.
inline auto with_header(std::string name, std::string value) {
  return [name = std::move(name), value = std::move(value)](TestRequest& request) {
    request.fields.emplace_back(name, value);
  };
}
/// A body of that type, as it is.
inline auto with_body(std::string body, std::string content_type) {
  return [body = std::move(body), type = std::move(content_type)](TestRequest& request) {
    request.body = body;
    request.fields.emplace_back("content-type", type);
  };
}
/// A value, or JSON text as it is.
template <class Value>
auto with_json(const Value& value) {
  if constexpr (std::is_convertible_v<const Value&, std::string_view>) {
    return with_body(std::string(std::string_view(value)), "application/json");
  } else {
    return with_body(base::to_json(value), "application/json");
  }
}
/// A file of a form.
struct TestFile {
  std::string field;                              ///< The form's field.
  std::string name;                               ///< The file's name.
  std::string type = "application/octet-stream";  ///< Its media type.
  std::string bytes;                              ///< Its content.
};
/// A multipart/form-data body.
auto with_files(std::vector<TestFile> files,
                std::vector<std::pair<std::string, std::string>> fields = {})
    -> std::function<void(TestRequest&)>;
/// An application/x-www-form-urlencoded body.
auto with_form(std::vector<std::pair<std::string, std::string>> fields)
    -> std::function<void(TestRequest&)>;
/// Follows redirects; `history` tells those on the way.
inline auto follow_redirects() {
  return [](TestRequest& request) { request.follows_redirects = true; };
}

class TestClient;

/// The client's end of a WebSocket.
class TestSocket {
 public:
  /// Sends one text message.
  void send(std::string_view text);
  /// Sends one message of bytes.
  void send_binary(std::string_view bytes);
  /// Sends a value as JSON.
  template <class Value>
  void send_json(const Value& value) {
    send(base::to_json(value));
  }
  /// The next message. Throws TestFailure if the socket closes or nothing comes within the client's
  /// patience; an exception that ended the conversation is thrown on.
  std::string receive();
  /// The next message as JSON. Throws TestFailure as `receive`, and if it is not what was asked
  /// for.
  template <class Value>
  Value receive_json() {
    const std::string text = receive();
    auto value = base::from_json<Value>(text);
    if (!value) throw TestFailure("expected other JSON: " + value.error().message() + "\n" + text);
    return std::move(*value);
  }
  /// The next message if there is one once everything that can run has run.
  std::optional<std::string> receive_now();
  /// Closes the conversation from the client's end.
  void close(std::uint16_t code = 1000);
  /// Waits until the server has closed; gives its code.
  std::uint16_t wait_closed();

 private:
  friend class TestClient;
  class Channel;
  TestSocket(TestClient& client, std::shared_ptr<Channel> channel)
      : client_(&client), channel_(std::move(channel)) {}

  TestClient* client_;
  std::shared_ptr<Channel> channel_;
};

/// A response that is still being written.
class TestStream {
 public:
  /// The status of the head.
  int status() const noexcept { return head_.status(); }
  /// The response as far as its head goes; the body is empty.
  const TestResponse& head() const noexcept { return head_; }
  /// The next piece as the application wrote it; nothing at the end. Throws TestFailure if none
  /// comes within the client's patience; an exception that ended the stream is thrown on.
  std::optional<std::string> next();
  /// Goes away: the application's next `write` says so.
  void close();

 private:
  friend class TestClient;
  class Channel;
  TestStream(TestClient& client, TestResponse head, std::shared_ptr<Channel> channel)
      : client_(&client), head_(std::move(head)), channel_(std::move(channel)) {}

  TestClient* client_;
  TestResponse head_;
  std::shared_ptr<Channel> channel_;
};

/// Who the client is and how patient.
struct TestClientOptions {
  std::string host = "localhost";  ///< What the Host field says.
  bool is_secure = false;          ///< Whether requests come over https.
  /// Exceptions that nobody handles reach the test instead of becoming a 500.
  bool propagates_errors = true;
  /// Forms with cookies need a CSRF token, as they do outside of tests. Left out by default, so
  /// that a test need not read each form before it sends it; where a request comes from is checked
  /// in either case, if it says so.
  bool checks_csrf = false;
  /// How long a call waits before it fails.
  std::chrono::milliseconds patience{5000};
  /// The time since 1970 by which cookies end, such as a TestClock. Empty: the system's.
  std::function<std::chrono::nanoseconds()> clock{};
};

/// Sends requests to an application through everything that real ones go through, without a socket.
/// Cookies are kept. Thread: one.
class TestClient {
 public:
  /// Lifetime: `app` outlives the client.
  explicit TestClient(App& app, TestClientOptions options = {});
  ~TestClient();
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;

  /// Sends a GET. `parts` say more, such as `with_header`.
  template <class... Parts>
  TestResponse get(std::string target, const Parts&... parts) {
    return request(http::Method::kGet, std::move(target), parts...);
  }
  /// Sends a POST; `parts` such as `with_form` and `with_json` give its body.
  template <class... Parts>
  TestResponse post(std::string target, const Parts&... parts) {
    return request(http::Method::kPost, std::move(target), parts...);
  }
  /// Sends a PUT.
  template <class... Parts>
  TestResponse put(std::string target, const Parts&... parts) {
    return request(http::Method::kPut, std::move(target), parts...);
  }
  /// Sends a DELETE.
  template <class... Parts>
  TestResponse del(std::string target, const Parts&... parts) {
    return request(http::Method::kDelete, std::move(target), parts...);
  }
  /// Sends a PATCH.
  template <class... Parts>
  TestResponse patch(std::string target, const Parts&... parts) {
    return request(http::Method::kPatch, std::move(target), parts...);
  }
  /// Sends a request of any method.
  template <class... Parts>
  TestResponse request(http::Method method, std::string target, const Parts&... parts) {
    TestRequest request{method, std::move(target)};
    (parts(request), ...);
    return perform(std::move(request));
  }
  /// Opens a WebSocket. Throws TestFailure, showing the response, if it is refused.
  template <class... Parts>
  TestSocket socket(std::string target, const Parts&... parts) {
    TestRequest request{http::Method::kGet, std::move(target)};
    (parts(request), ...);
    return open_socket(std::move(request));
  }

  /// Begins a request and gives its response as soon as the head is there: for streams, such as
  /// server-sent events.
  template <class... Parts>
  TestStream stream(std::string target, const Parts&... parts) {
    TestRequest request{http::Method::kGet, std::move(target)};
    (parts(request), ...);
    return open_stream(std::move(request));
  }

  /// The cookies that are kept, to look at and change.
  CookieJar& cookies() noexcept { return cookies_; }
  /// What the client's session cookie carries; empty if it has none that is good.
  Session session() const;
  /// Changes the session before the next request, as Flask's session_transaction.
  void edit_session(const std::function<void(Session&)>& edit);
  /// Starts the application's background tasks on the client's loop; they are stopped with it.
  void start_background();
  /// Runs what is ready on the client's loop.
  void settle();
  /// Runs `task` on the client's loop and waits for it.
  template <class Value>
  Value wait(base::Task<Value> task);
  /// The loop that everything runs on.
  base::Loop& loop() noexcept { return loop_; }

 private:
  friend class TestSocket;
  friend class TestStream;
  struct Exchange;

  TestResponse perform(TestRequest request);
  TestResponse perform_once(const TestRequest& request);
  TestSocket open_socket(TestRequest request);
  TestStream open_stream(TestRequest request);
  TestResponse finish_exchange(const TestRequest& request, Exchange& exchange);
  void store_cookies(const TestRequest& request, const TestResponse& response);
  std::int64_t seconds_since_epoch() const;
  http::Request make_request(const TestRequest& request) const;
  base::Task<void> carry_out(http::Request raw, Exchange& exchange);
  static void accept_upgrade(const http::Request& raw, http::WebSocketUpgrade upgrade,
                             Exchange& exchange);
  /// Runs the loop until `is_done`; false if the patience ends first.
  bool run_until(const std::function<bool()>& is_done);

  App* app_;
  http::Handler* handler_;
  TestClientOptions options_;
  base::Loop loop_;
  CookieJar cookies_;
  std::vector<std::weak_ptr<TestSocket::Channel>> channels_;
  std::vector<std::weak_ptr<TestStream::Channel>> streams_;
  /// What has begun and not ended: conversations, and requests that a call has given up.
  std::shared_ptr<std::multiset<std::string>> running_;
};

template <class Value>
Value TestClient::wait(base::Task<Value> task) {
  using Stored = std::conditional_t<std::is_void_v<Value>, std::monostate, Value>;
  struct State {
    std::optional<Stored> value;
    std::exception_ptr failure;
    bool is_done = false;
  };
  auto state = std::make_shared<State>();
  auto body = [](base::Task<Value> inner, std::shared_ptr<State> out,
                 base::Loop& loop) -> base::Task<void> {
    try {
      if constexpr (std::is_void_v<Value>) {
        co_await std::move(inner);
        out->value.emplace();
      } else {
        out->value.emplace(co_await std::move(inner));
      }
    } catch (...) {
      out->failure = std::current_exception();
    }
    out->is_done = true;
    loop.post([&loop] { loop.stop(); });
  };
  base::spawn_on(loop_, body(std::move(task), state, loop_), "TestClient::wait");
  if (!run_until([&] { return state->is_done; })) throw TestFailure("the task did not end in time");
  if (state->failure) std::rethrow_exception(state->failure);
  if constexpr (!std::is_void_v<Value>) return std::move(*state->value);
}

}  // namespace hornbeam::web
