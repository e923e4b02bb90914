// What bench/routing runs: `routing_requests ROUTES DIFFERENT REQUESTS` makes an application of so
// many routes, of which half have parameters, and carries out so many requests, from path to
// answer, of which so many are different. Prints the seconds that they took.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "hornbeam/web.h"

namespace {

using hornbeam::http::Method;

/// As an API has them: some forty resources of a product below each of many versions.
std::string resource(std::size_t number) {
  return "/api/v" + std::to_string(number / 40) + "/resource" + std::to_string(number % 40);
}

double seconds_for(std::size_t routes, std::size_t different, std::size_t requests) {
  hornbeam::web::App app;
  std::vector<std::string> targets;
  for (std::size_t i = 0; i < routes / 2; ++i) {
    app.get(hornbeam::web::runtime_path(resource(i)), [] { return "list"; });
    app.get(hornbeam::web::runtime_path(resource(i) + "/{id}"), [](std::int64_t) { return "one"; });
    targets.push_back(resource(i));
    targets.push_back(resource(i) + "/" + std::to_string(i));
  }
  std::vector<hornbeam::http::Request> asked;
  for (std::size_t i = 0; i < different; ++i) {
    // An odd distance, so that both kinds of routes are asked for.
    const std::size_t at = i * (targets.size() / different | 1U) % targets.size();
    asked.push_back(hornbeam::http::Request::make(Method::kGet, targets[at], {}, ""));
  }
  hornbeam::http::Handler& handler = app.handler();
  const auto begin = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < requests; ++i) {
    if (std::get<hornbeam::http::Response>(handler.handle(asked[i % different])).status() != 200) {
      std::fputs("routing_requests: a request was not found\n", stderr);
      std::exit(1);  // NOLINT(concurrency-mt-unsafe): there is one thread
    }
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: routing_requests ROUTES DIFFERENT REQUESTS\n", stderr);
    return 2;
  }
  std::printf("%.9f\n", seconds_for(std::stoul(argv[1]), std::stoul(argv[2]), std::stoul(argv[3])));
}
