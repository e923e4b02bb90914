#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <utility>

#include "bench/load/connection.h"
#include "bench/load/exchange.h"
#include "bench/load/histogram.h"

namespace hornbeam::bench {

using Clock = std::chrono::steady_clock;

/// A request on its way: when it was sent, and how many answers had come by then on all
/// connections.
struct Sent {
  Clock::time_point time;
  std::uint64_t turn;
};

/// A connection in use: what is said on it, what is on its way, and how long the answers took.
struct Line {
  Connection connection;
  std::unique_ptr<Exchange> exchange;
  std::deque<Sent> in_flight;  ///< The unanswered requests, oldest first.
  std::uint64_t left = 0;      ///< Requests still to be sent, when they are counted.
  Histogram latency{};         ///< Nanoseconds.
  Histogram turns{};           ///< See Report::turns.
};

/// Connects and says the exchange's opening, waiting for its answer.
inline Line open_line(std::uint16_t port, std::size_t number, std::unique_ptr<Exchange> exchange) {
  constexpr std::size_t kSocketsPerSource =
      16'000;  // of the 28 000 ports an address has by default
  const auto source = static_cast<unsigned>(number / kSocketsPerSource);
  Line line{Connection::open(port, source), std::move(exchange), {}, 0, {}, {}};
  line.connection.send(line.exchange->opening());
  std::string_view received;
  while (!line.exchange->take_opening_answer(received)) {
    line.connection.keep(received);
    received = line.connection.wait_and_receive();
  }
  line.connection.keep(received);
  return line;
}

}  // namespace hornbeam::bench
