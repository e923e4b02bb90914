// Renders a page again and again: `template_renderer fortunes|table COUNT` prints the seconds it
// took, `template_renderer fortunes|table show` the page. bench/templates runs it beside
// bench/peers/jinja.py.

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "hornbeam/base/describe.h"
#include "hornbeam/base/json.h"
#include "hornbeam/templates.h"

namespace {

namespace base = hornbeam::base;
namespace templates = hornbeam::templates;

struct Fortune {
  std::int64_t id = 0;
  std::string message;
};
constexpr auto describe(base::Type<Fortune>) {
  return base::fields(base::field("id", &Fortune::id), base::field("message", &Fortune::message));
}

struct Order {
  std::int64_t id = 0;
  std::string customer;
  std::string city;
  double amount = 0;
};
constexpr auto describe(base::Type<Order>) {
  return base::fields(base::field("id", &Order::id), base::field("customer", &Order::customer),
                      base::field("city", &Order::city), base::field("amount", &Order::amount));
}

template <class Row>
std::vector<Row> read_rows(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  auto rows = base::from_json<std::vector<Row>>(text.str());
  if (!rows) {
    fmt::print(stderr, "template_renderer: {}: {}\n", path, rows.error().message());
    std::exit(2);
  }
  return std::move(*rows);
}

template <class Row>
int run(const std::string& folder, const std::string& page, std::string_view what) {
  const templates::Environment environment(templates::folder(folder));
  const auto rows = read_rows<Row>(folder + "/" + page + ".json");
  const auto render = [&] {
    return environment.render(page + ".html", {{"rows", templates::from(rows)}});
  };
  if (what == "show") {
    fmt::print("{}", render());
    return 0;
  }
  const long count = std::strtol(std::string(what).c_str(), nullptr, 10);
  std::size_t bytes = render().size();  // Reads the template.
  const auto begin = std::chrono::steady_clock::now();
  for (long i = 0; i < count; ++i) bytes += render().size();
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  fmt::print("{:.9f} {}\n", taken.count(), bytes);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view page = argc == 4 ? argv[2] : "";
  if (page == "fortunes") return run<Fortune>(argv[1], "fortunes", argv[3]);
  if (page == "table") return run<Order>(argv[1], "table", argv[3]);
  fmt::print(stderr, "usage: template_renderer FOLDER fortunes|table COUNT|show\n");
  return 2;
}
