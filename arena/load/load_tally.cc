#include "arena/load/load_tally.h"

#include "hornbeam/web.h"

namespace arena {
namespace {

double milliseconds(std::uint64_t nanoseconds) {
  return static_cast<double>(nanoseconds) / 1e6;
}

double rate(std::uint64_t count, std::chrono::nanoseconds elapsed) {
  return elapsed.count() == 0 ? 0 : static_cast<double>(count) * 1e9 / double(elapsed.count());
}

struct Latency {
  double p50, p90, p99, max;
};

Latency latency_of(const hornbeam::bench::Histogram& seen) {
  return {milliseconds(seen.percentile(0.5)), milliseconds(seen.percentile(0.9)),
          milliseconds(seen.percentile(0.99)), milliseconds(seen.largest())};
}

/// What `to_json` writes.
struct Report {
  std::uint64_t moves = 0;
  double moves_per_second = 0;
  std::uint64_t games = 0;
  std::uint64_t lost = 0;
  std::uint64_t reordered = 0;
  std::uint64_t unverified = 0;
  std::uint64_t abandoned = 0;
  std::uint64_t returns = 0;
  std::uint64_t sockets = 0;
  std::optional<std::int64_t> bytes_per_socket;
  double p50_ms = 0;
  double p90_ms = 0;
  double p99_ms = 0;
  double max_ms = 0;
  std::uint64_t watched = 0;
  double watch_p50_ms = 0;
  double watch_p99_ms = 0;
  double watch_max_ms = 0;
  std::map<std::string, std::uint64_t, std::less<>> errors;
};
constexpr auto describe(hornbeam::Type<Report>) {
  using hornbeam::field;
  return hornbeam::fields(
      field("moves", &Report::moves), field("moves_per_second", &Report::moves_per_second),
      field("games", &Report::games), field("lost", &Report::lost),
      field("reordered", &Report::reordered), field("unverified", &Report::unverified),
      field("abandoned", &Report::abandoned), field("returns", &Report::returns),
      field("sockets", &Report::sockets), field("bytes_per_socket", &Report::bytes_per_socket),
      field("p50_ms", &Report::p50_ms), field("p90_ms", &Report::p90_ms),
      field("p99_ms", &Report::p99_ms), field("max_ms", &Report::max_ms),
      field("watched", &Report::watched), field("watch_p50_ms", &Report::watch_p50_ms),
      field("watch_p99_ms", &Report::watch_p99_ms), field("watch_max_ms", &Report::watch_max_ms),
      field("errors", &Report::errors));
}

}  // namespace

std::string to_table(const LoadTally& tally, std::chrono::nanoseconds elapsed) {
  const auto [p50, p90, p99, max] = latency_of(tally.latency);
  std::string text;
  const auto row = [&text](std::string_view name, const std::string& value) {
    text += fmt::format("{:<28}{:>12}\n", name, value);
  };
  row("moves acknowledged", std::to_string(tally.moves));
  row("moves per second", fmt::format("{:.1f}", rate(tally.moves, elapsed)));
  row("latency p50, ms", fmt::format("{:.2f}", p50));
  row("latency p90, ms", fmt::format("{:.2f}", p90));
  row("latency p99, ms", fmt::format("{:.2f}", p99));
  row("latency max, ms", fmt::format("{:.2f}", max));
  if (tally.watched > 0) {
    const Latency seen = latency_of(tally.watch_latency);
    row("moves told to watchers", std::to_string(tally.watched));
    row("told p50, ms", fmt::format("{:.2f}", seen.p50));
    row("told p99, ms", fmt::format("{:.2f}", seen.p99));
    row("told max, ms", fmt::format("{:.2f}", seen.max));
  }
  row("sockets at once", std::to_string(tally.most_open));
  if (tally.bytes_per_socket) row("user bytes per socket", std::to_string(*tally.bytes_per_socket));
  row("games compared with the log", std::to_string(tally.games));
  row("connections made anew", std::to_string(tally.returns));
  row("games never begun", std::to_string(tally.abandoned));
  for (const auto& [code, count] : tally.errors) row("error " + code, std::to_string(count));
  row("games not compared", std::to_string(tally.unverified));
  row("moves lost", std::to_string(tally.lost));
  row("moves reordered", std::to_string(tally.reordered));
  return text;
}

std::string to_json(const LoadTally& tally, std::chrono::nanoseconds elapsed) {
  const auto [p50, p90, p99, max] = latency_of(tally.latency);
  const Latency seen = latency_of(tally.watch_latency);
  return hornbeam::to_json(Report{.moves = tally.moves,
                                  .moves_per_second = rate(tally.moves, elapsed),
                                  .games = tally.games,
                                  .lost = tally.lost,
                                  .reordered = tally.reordered,
                                  .unverified = tally.unverified,
                                  .abandoned = tally.abandoned,
                                  .returns = tally.returns,
                                  .sockets = tally.most_open,
                                  .bytes_per_socket = tally.bytes_per_socket,
                                  .p50_ms = p50,
                                  .p90_ms = p90,
                                  .p99_ms = p99,
                                  .max_ms = max,
                                  .watched = tally.watched,
                                  .watch_p50_ms = seen.p50,
                                  .watch_p99_ms = seen.p99,
                                  .watch_max_ms = seen.max,
                                  .errors = tally.errors});
}

std::string to_line(const LoadTally& tally, double moves_per_second, std::chrono::seconds left) {
  const auto [p50, p90, p99, max] = latency_of(tally.latency);
  std::uint64_t errors = 0;
  std::string codes;
  for (const auto& [code, count] : tally.errors) {
    errors += count;
    codes += fmt::format("{}{} {}", codes.empty() ? " (" : ", ", code, count);
  }
  if (!codes.empty()) codes += ')';
  const std::string told =
      tally.watched == 0 ? ""
                         : fmt::format("  told p99 {:.1f} ms", latency_of(tally.watch_latency).p99);
  return fmt::format(
      "{:>4} s  {:>7.0f} moves/s  {:>6} sockets  p50 {:.1f}  p90 {:.1f}  p99 {:.1f}  max {:.1f} ms"
      "{}  errors {}{}",
      left.count(), moves_per_second, tally.open, p50, p90, p99, max, told, errors, codes);
}

}  // namespace arena
