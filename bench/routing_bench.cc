// Does matching stay flat as routes are added? A request to an application with 10 to 10 000
// routes, of which half have parameters, from its path to its answer. Each is asked for in turn.

#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "hornbeam/web.h"

namespace {

using hornbeam::http::Method;

/// As an API has them: some forty resources of a product below each of many versions.
std::string resource(std::size_t number) {
  return "/api/v" + std::to_string(number / 40) + "/resource" + std::to_string(number % 40);
}

void match(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  hornbeam::web::App app;
  std::vector<std::string> targets;
  for (std::size_t i = 0; i < count / 2; ++i) {
    app.get(hornbeam::web::runtime_path(resource(i)), [] { return "list"; });
    app.get(hornbeam::web::runtime_path(resource(i) + "/{id}"), [](std::int64_t) { return "one"; });
    targets.push_back(resource(i));
    targets.push_back(resource(i) + "/" + std::to_string(i));
  }
  hornbeam::http::Handler& handler = app.handler();
  std::vector<hornbeam::http::Request> requests;
  for (const std::string& target : targets) {
    requests.push_back(hornbeam::http::Request::make(Method::kGet, target, {}, ""));
  }
  std::size_t at = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(handler.handle(requests[at]));
    // Not in order: neighbours would share what the processor has just read.
    at = (at + 7919) % requests.size();
  }
}

}  // namespace

BENCHMARK(match)
    ->RangeMultiplier(10)
    ->Range(10, 10'000)
    ->Name("a request, by the number of routes");
