#include "hornbeam/web/event_stream.h"

#include <stdexcept>
#include <stop_token>

#include "hornbeam/base/check.h"
#include "hornbeam/base/completion.h"
#include "hornbeam/base/executor.h"
#include "hornbeam/http/client_gone.h"

namespace hornbeam::web {

namespace {

using base::Task;

void append_line_field(std::string& out, std::string_view name, std::string_view value) {
  constexpr std::string_view kBreaks("\r\n\0", 3);
  if (value.find_first_of(kBreaks) != std::string_view::npos) {
    throw std::invalid_argument("the " + std::string(name) +
                                " of a server-sent event is one line, without NUL");
  }
  out.append(name).append(": ").append(value).append("\n");
}

}  // namespace

void append_event(std::string& out, const ServerEvent& event) {
  if (!event.event.empty()) append_line_field(out, "event", event.event);
  if (!event.id.empty()) append_line_field(out, "id", event.id);
  if (event.retry) append_line_field(out, "retry", std::to_string(event.retry->count()));
  std::string_view rest = event.data;
  // CR, LF and CRLF all end a line of the stream.
  while (true) {
    const std::size_t end = rest.find_first_of("\r\n");
    out.append("data: ").append(rest.substr(0, end)).append("\n");
    if (end == std::string_view::npos) break;
    const bool is_pair = rest.substr(end, 2) == "\r\n";
    rest.remove_prefix(end + (is_pair ? 2 : 1));
  }
  out += '\n';
}

// A heartbeat is written by a task of its own. Two writers never wait for the sink at once: a beat
// is left out while an event is on its way, and an event waits for a beat.
struct EventStream::State : std::enable_shared_from_this<EventStream::State> {
  http::BodySink* sink = nullptr;  // Null once the stream has ended.
  std::stop_token gone;
  std::chrono::seconds heartbeat{};
  base::Executor* executor = nullptr;
  base::Executor::TimerId timer = 0;
  bool is_sending = false;
  bool has_sent = false;  // Since the last beat was due.
  std::optional<base::Completion<>> beating;

  void arm() {
    if (heartbeat.count() == 0) return;
    timer = executor->post_after(heartbeat, [held = weak_from_this()] {
      if (auto state = held.lock()) state->on_time();
    });
  }
  void on_time() {
    if (sink == nullptr) return;
    if (is_sending || beating || std::exchange(has_sent, false)) return arm();
    base::spawn(beat(shared_from_this()), "an event stream's heartbeat");
  }
  static Task<void> beat(std::shared_ptr<State> state) {
    state->beating.emplace();
    try {
      co_await state->sink->write(":\n\n");
    } catch (...) {
      state->gone = {};  // `send` will meet the same failure, and say it.
    }
    const base::Completion<> done = *std::exchange(state->beating, std::nullopt);
    if (state->sink != nullptr) state->arm();
    base::Completion<>(done).set();
  }
};

EventStream::EventStream(http::BodySink& sink, std::chrono::seconds heartbeat)
    : state_(std::make_shared<State>()) {
  state_->sink = &sink;
  state_->gone = sink.client_gone().token();
  state_->heartbeat = heartbeat;
  state_->executor = base::Executor::current();
  base::check(state_->executor != nullptr, "an event stream needs an executor");
  state_->arm();
}

EventStream::~EventStream() {
  state_->sink = nullptr;
  state_->executor->cancel(state_->timer);
}

Task<bool> EventStream::send(ServerEvent event) {
  State& state = *state_;
  std::string text;
  append_event(text, event);
  if (state.beating) co_await state.beating->wait();
  if (state.gone.stop_requested()) co_return false;
  state.is_sending = true;
  state.has_sent = true;
  const bool is_there = co_await state.sink->write(std::move(text));
  state.is_sending = false;
  co_return is_there;
}

Task<bool> EventStream::wait(std::chrono::nanoseconds duration) {
  const std::stop_token gone = state_->gone;
  if (gone.stop_requested()) co_return false;
  base::Executor* const executor = state_->executor;
  base::Completion<> over;
  const auto timer = executor->post_after(duration, [over]() mutable { over.set(); });
  const std::stop_callback wake(gone, [over]() mutable { over.set(); });
  co_await over.wait();
  executor->cancel(timer);
  co_return !gone.stop_requested();
}

http::ClientGone EventStream::client_gone() const {
  return http::ClientGone(state_->gone);
}

Task<void> EventStream::finish() {
  if (state_->beating) co_await state_->beating->wait();
}

Response event_stream(std::move_only_function<Task<void>(EventStream&)> write,
                      std::chrono::seconds heartbeat) {
  Response response(200, "text/event-stream",
                    http::StreamBody([write = std::move(write),
                                      heartbeat](http::BodySink& sink) mutable -> Task<void> {
                      EventStream events(sink, heartbeat);
                      std::exception_ptr failure;
                      try {
                        co_await write(events);
                      } catch (...) {
                        failure = std::current_exception();
                      }
                      co_await events.finish();
                      if (failure) std::rethrow_exception(failure);
                    }));
  response.set_field("Cache-Control", "no-cache");
  response.set_field("X-Accel-Buffering", "no");  // nginx would collect events in a buffer.
  return response;
}

std::string_view last_event_id(const Request& request) {
  return request.find_header("last-event-id").value_or("");
}

}  // namespace hornbeam::web
