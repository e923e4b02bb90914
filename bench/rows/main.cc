// rows_bench SUBJECT WORK ROWS [URL]   one piece of work, of which the time is printed
// rows_bench serve                     a PostgreSQL server, whose databases' URLs are printed, one
//                                      for each line read; it ends with the input
//
// bench/run rows calls it; see bench/README.md.

#include <charconv>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <span>

#include <fmt/format.h>

#include "bench/rows/subjects.h"
#include "hornbeam/data/testing/postgres_server.h"

namespace {

using namespace bench;

std::unique_ptr<Subject> make_subject(std::string_view name, const std::string& url) {
  constexpr std::string_view kScheme = "sqlite:///";
  if (name == "hornbeam") return hornbeam_subject(url);
  if (name == "sqlite3") return sqlite_subject(url.substr(kScheme.size()));
  if (name == "libpq") return libpq_subject(url, false);
  if (name == "libpq-pipelined") return libpq_subject(url, true);
  throw std::invalid_argument("no such subject");
}

int serve() {
  hornbeam::data::PostgresServer* server = hornbeam::data::PostgresServer::shared();
  if (server == nullptr) return 1;
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << server->new_database_url() << std::endl;
  }
  return 0;
}

/// How many rows were gone through.
std::int64_t work(Subject& subject, std::string_view what, std::int64_t rows,
                  const std::vector<Item>& items, double& sum) {
  // Reading is so much faster that it is done several times.
  constexpr int kTimes = 5;
  if (what == "insert") {
    subject.insert(items);
    return rows;
  }
  for (int time = 0; time < kTimes; ++time) {
    sum += what == "load" ? subject.load() : subject.find(rows);
  }
  return rows * kTimes;
}

int measure(std::span<char*> arguments) {
  const std::string_view what = arguments[1];
  const std::string_view count = arguments[2];
  std::int64_t rows = 0;
  std::from_chars(count.data(), count.data() + count.size(), rows);
  const auto items = make_items(rows);
  const auto subject = make_subject(arguments[0], arguments[3]);
  if (what != "insert") subject->insert(items);
  double sum = 0;
  const auto begin = std::chrono::steady_clock::now();
  const std::int64_t done = work(*subject, what, rows, items, sum);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  fmt::print("{} {} {:.2f}\n", done, seconds.count(), sum);
  return 0;
}

}  // namespace

int main(int count, char** values) {
  const std::span<char*> arguments(values + 1, static_cast<std::size_t>(count - 1));
  if (arguments.size() == 1 && std::string_view(arguments[0]) == "serve") return serve();
  if (arguments.size() == 4) return measure(arguments);
  std::cerr << "usage: rows_bench SUBJECT insert|load|find ROWS URL | rows_bench serve\n";
  return 2;
}
