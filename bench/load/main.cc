// bench_load: asks a server on this machine as fast as it answers, and reports what it saw as one
// line of JSON.
//
//   bench_load http --port 8080 --path /plaintext --expect "Hello, World!" --connections 64
//   --window 16 --whole-windows bench_load echo --port 8080 --path /ws --size 64 --window 8
//   bench_load moves --port 8080 --path /ws --connections 64
//   bench_load ping --port 8080 --path /ws --connections 100
//   bench_load idle --port 8080 --path /ws --connections 10000
//
// One thread, plain epoll, sharing no code with any server measured, so that it favours none.

#include <cstdio>
#include <exception>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "bench/load/closed_loop.h"
#include "bench/load/moves.h"

namespace {

using namespace hornbeam::bench;

struct Options {
  Plan plan;
  std::string expect = "Hello, World!";
  std::size_t size = 64;
  std::int64_t warm_up = 300;
  std::int64_t duration = 2000;
};

void add_shared_options(CLI::App& command, Options& options) {
  Plan& plan = options.plan;
  command.add_option("--port", plan.port, "Where the server listens on 127.0.0.1")->required();
  command.add_option("--path", plan.path, "The target of every request")->capture_default_str();
  command.add_option("--connections", plan.connections, "Connections")->capture_default_str();
  command.add_option("--window", plan.window, "Requests in flight on each connection")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command.add_flag("--whole-windows", plan.whole_windows,
                   "Send the next window only when the last one is answered");
  command.add_option("--requests", plan.requests, "Make exactly so many requests, unwarmed");
  command.add_option("--warm-up", options.warm_up, "Milliseconds before counting begins")
      ->capture_default_str();
  command.add_option("--duration", options.duration, "Milliseconds that are counted")
      ->capture_default_str();
  command.add_option("--server", plan.server, "Process ids whose processor time is measured")
      ->delimiter(',');
}

ExchangeMaker http_maker(const Options& options) {
  return [&options](std::size_t) {
    return http_exchange(options.plan.path, options.expect, options.plan.window);
  };
}

ExchangeMaker echo_maker(const Options& options) {
  return [&options](std::size_t number) {
    return echo_exchange(options.plan.path, options.size, number, options.plan.window);
  };
}

ExchangeMaker ping_maker(const Options& options) {
  return [&options](std::size_t) { return ping_exchange(options.plan.path, options.plan.window); };
}

int run(int argc, char** argv) {
  Options options;
  CLI::App app("Asks a server on this machine as fast as it answers; reports as one line of JSON.");
  app.require_subcommand(1);
  auto* http = app.add_subcommand("http", "GET over HTTP/1.1 with keep-alive");
  http->add_option("--expect", options.expect, "The body of every answer")->capture_default_str();
  auto* echo = app.add_subcommand("echo", "Text messages to a WebSocket that sends them back");
  auto* moves = app.add_subcommand("moves", "Games of tic-tac-toe by the classic protocol");
  auto* ping = app.add_subcommand("ping", "Asks the socket of a game whether it is there");
  auto* idle = app.add_subcommand("idle", "Holds WebSockets open until standard input ends");
  bool pings = false;
  idle->add_flag("--ping", pings, "Each has pinged a game once; else, been sent an echo");
  for (auto* command : {http, echo, moves, ping, idle}) add_shared_options(*command, options);
  for (auto* command : {echo, idle}) {
    command->add_option("--size", options.size, "Bytes of each message")
        ->check(CLI::Range(1, 65'535))
        ->capture_default_str();
  }
  CLI11_PARSE(app, argc, argv);
  options.plan.warm_up = std::chrono::milliseconds(options.warm_up);
  options.plan.duration = std::chrono::milliseconds(options.duration);

  if (*idle) {
    hold_idle(options.plan, pings ? ping_maker(options) : echo_maker(options));
    return 0;
  }
  const Report report = *moves  ? run_moves(options.plan)
                        : *http ? run_closed_loop(options.plan, http_maker(options))
                        : *ping ? run_closed_loop(options.plan, ping_maker(options))
                                : run_closed_loop(options.plan, echo_maker(options));
  fmt::print("{}\n", to_json(report));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& failure) {
    fmt::print(stderr, "bench_load: {}\n", failure.what());
    return 1;
  }
}
