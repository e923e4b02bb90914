#include "bench/load/moves.h"

#include <array>
#include <stdexcept>
#include <utility>

#include "bench/load/connection.h"
#include "bench/load/exchange.h"
#include "bench/load/line.h"
#include "bench/load/server_cpu.h"
#include "bench/load/table.h"
#include "bench/load/websocket.h"

namespace hornbeam::bench {

namespace {

constexpr std::chrono::seconds kPatience{10};

/// A table with its two sockets.
struct Seated {
  std::array<Connection, 2> sockets;
  Table table{};
  std::array<Clock::time_point, 2> sent{};  // when each seat made its last move
  Histogram latency{};
};

Connection sit_down(const Plan& plan) {
  Connection socket = Connection::open(plan.port);
  socket.send(websocket::handshake(plan.path));
  std::string_view received;
  while (!websocket::take_handshake_answer(received)) {
    socket.keep(received);
    received = socket.wait_and_receive();
  }
  socket.keep(received);
  return socket;
}

class Tournament {
 public:
  explicit Tournament(const Plan& plan) : plan_(plan) {
    for (std::size_t i = 0; i < plan.connections; ++i) {
      tables_.push_back({.sockets = {sit_down(plan), sit_down(plan)}});
      for (std::size_t seat : {0U, 1U}) poller_.add(tables_[i].sockets[seat], 2 * i + seat);
    }
    // The greeting may have come with the handshake's answer, of which the poller knows nothing.
    for (std::size_t i = 0; i < 2 * plan.connections; ++i) serve(i, Clock::now());
  }

  Report run() {
    if (plan_.requests == 0) play_until(Clock::now() + plan_.warm_up);
    for (Seated& one : tables_) one.latency = Histogram();
    moves_ = 0;
    const auto cpu_before = server_cpu(plan_.server);
    const auto began = Clock::now();
    play_until(plan_.requests == 0 ? began + plan_.duration : Clock::time_point::max());
    Report report{.answers = moves_,
                  .elapsed = Clock::now() - began,
                  .server_cpu = server_cpu(plan_.server) - cpu_before,
                  .latency = {}};
    for (const Seated& one : tables_) report.latency.push_back(one.latency);
    return report;
  }

 private:
  // Ends when the time has come or, in a counted run, when every table has finished the game that
  // reached the count.
  void play_until(Clock::time_point end) {
    Clock::time_point now = Clock::now();
    Clock::time_point last_message = now;
    while (now < end && done_ < tables_.size()) {
      const auto ready = poller_.wait(std::chrono::milliseconds(100));
      now = Clock::now();
      if (!ready.empty()) last_message = now;
      if (now - last_message > kPatience) throw std::runtime_error("no message for 10 s");
      for (const epoll_event& event : ready) serve(Poller::index_of(event), now);
    }
  }

  void serve(std::size_t index, Clock::time_point now) {
    Seated& seated = tables_[index / 2];
    Connection& socket = seated.sockets[index % 2];
    std::string_view received = socket.receive();
    while (const auto text = websocket::take_text(received)) {
      const Table::Step step = seated.table.take(index % 2, *text);
      if (step.acknowledged) count_move(seated, index % 2, now);
      if (step.is_move) seated.sent[index % 2] = now;
      if (step.sender) seated.sockets[*step.sender].send(websocket::client_frame(step.text));
      done_ += seated.table.is_done();
    }
    socket.keep(received);
  }

  void count_move(Seated& seated, std::size_t seat, Clock::time_point now) {
    seated.latency.record(now - seated.sent[seat]);
    ++moves_;
    if (plan_.requests == 0 || moves_ < plan_.requests) return;
    for (Seated& one : tables_) one.table.play_no_more();
  }

  const Plan& plan_;
  Poller poller_;
  std::vector<Seated> tables_;
  std::uint64_t moves_ = 0;
  std::size_t done_ = 0;
};

}  // namespace

Report run_moves(const Plan& plan) {
  return Tournament(plan).run();
}

}  // namespace hornbeam::bench
