#include "bench/load/closed_loop.h"

#include <algorithm>
#include <cstdio>
#include <limits>

#include <fmt/core.h>

#include "bench/load/line.h"
#include "bench/load/server_cpu.h"

namespace hornbeam::bench {

namespace {

constexpr std::chrono::seconds kPatience{10};

class ClosedLoop {
 public:
  ClosedLoop(const Plan& plan, const ExchangeMaker& make_exchange) : plan_(plan) {
    for (std::size_t i = 0; i < plan.connections; ++i) {
      lines_.push_back(open_line(plan.port, i, make_exchange(i)));
      lines_.back().left = quota(i);
      poller_.add(lines_.back().connection, i);
    }
  }

  Report run() {
    if (plan_.requests == 0) {
      begin();
      serve_until(Clock::now() + plan_.warm_up);
      restart_counting();
      serve_until(began_ + plan_.duration);
    } else {
      restart_counting();
      begin();
      serve_until(Clock::time_point::max());
    }
    return finish();
  }

 private:
  std::uint64_t quota(std::size_t number) const {
    if (plan_.requests == 0) return std::numeric_limits<std::uint64_t>::max();
    return plan_.requests / plan_.connections + (number < plan_.requests % plan_.connections);
  }

  void begin() {
    for (Line& line : lines_) ask(line, plan_.window, Clock::now());
  }

  void restart_counting() {
    for (Line& line : lines_) line.latency = line.turns = Histogram();
    answers_ = 0;
    cpu_before_ = server_cpu(plan_.server);
    began_ = Clock::now();
  }

  void ask(Line& line, std::size_t count, Clock::time_point now) {
    count = std::min<std::uint64_t>(count, line.left);
    if (count == 0) return;
    line.connection.send(line.exchange->requests(count));
    line.left -= count;
    waiting_ += count;
    line.in_flight.insert(line.in_flight.end(), count, Sent{now, turn_});
  }

  // Ends when the time has come or, in a counted run, when nothing is left in flight.
  void serve_until(Clock::time_point end) {
    Clock::time_point now = Clock::now();
    Clock::time_point last_answer = now;
    while (waiting_ > 0 && now < end) {
      const auto ready = poller_.wait(std::chrono::milliseconds(100));
      now = Clock::now();
      if (!ready.empty()) last_answer = now;
      if (now - last_answer > kPatience) throw std::runtime_error("no answer for 10 s");
      for (const epoll_event& event : ready) serve(lines_[Poller::index_of(event)], now);
    }
  }

  void serve(Line& line, Clock::time_point now) {
    std::string_view received = line.connection.receive();
    const std::size_t count = line.exchange->take_answers(received);
    line.connection.keep(received);
    if (count > line.in_flight.size()) throw WrongAnswer("more answers than requests");
    for (std::size_t i = 0; i < count; ++i) {
      const Sent& sent = line.in_flight.front();
      line.latency.record(now - sent.time);
      line.turns.record(++turn_ - sent.turn);
      line.in_flight.pop_front();
    }
    answers_ += count;
    waiting_ -= count;
    if (count > 0 && line.exchange->is_over()) reconnect(line);
    if (!plan_.whole_windows) {
      ask(line, count, now);
    } else if (line.in_flight.empty()) {
      ask(line, plan_.window, now);
    }
  }

  // Servers that close after each answer are asked anew, at their own expense. Closing the old
  // socket unwatches it.
  void reconnect(Line& line) {
    line.connection = Connection::open(plan_.port);
    poller_.add(line.connection, static_cast<std::size_t>(&line - lines_.data()));
  }

  Report finish() {
    const Clock::time_point now = Clock::now();
    Report report{.answers = answers_,
                  .elapsed = now - began_,
                  .server_cpu = server_cpu(plan_.server) - cpu_before_,
                  .latency = {}};
    for (Line& line : lines_) {
      if (!line.in_flight.empty()) {
        const Sent& oldest = line.in_flight.front();
        const auto age = static_cast<std::uint64_t>((now - oldest.time).count());
        if (age > line.latency.largest()) line.latency.record(age);
        if (turn_ - oldest.turn > line.turns.largest()) line.turns.record(turn_ - oldest.turn);
      }
      report.latency.push_back(line.latency);
      report.turns.push_back(line.turns);
    }
    return report;
  }

  const Plan& plan_;
  Poller poller_;
  std::vector<Line> lines_;
  std::uint64_t waiting_ = 0;
  std::uint64_t answers_ = 0;  // since the warm-up
  std::uint64_t turn_ = 0;     // answers from the first
  std::chrono::nanoseconds cpu_before_{0};
  Clock::time_point began_;
};

}  // namespace

Report run_closed_loop(const Plan& plan, const ExchangeMaker& make_exchange) {
  return ClosedLoop(plan, make_exchange).run();
}

void hold_idle(const Plan& plan, const ExchangeMaker& make_exchange) {
  std::vector<Connection> held;
  for (std::size_t i = 0; i < plan.connections; ++i) {
    Line line = open_line(plan.port, i, make_exchange(i));
    line.connection.send(line.exchange->requests(1));
    std::string_view received;
    while (line.exchange->take_answers(received) == 0) {
      line.connection.keep(received);
      received = line.connection.wait_and_receive();
    }
    held.push_back(std::move(line.connection));
  }
  fmt::print("{{\"holding\":{}}}\n", held.size());
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
}

}  // namespace hornbeam::bench
