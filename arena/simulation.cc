// Visitors who never were: from when they come and what they do, to the requests that they send.

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iostream>
#include <random>

#include "arena/arena.h"
#include "arena/trials.h"

namespace arena {
namespace {

namespace experiment = hornbeam::experiment;
namespace site = hornbeam::site;

constexpr std::string_view kPhone =
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36";
constexpr std::string_view kDesktop =
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

// What the simulation makes true, for the page to find: how probable it is that somebody who sees
// this begins a game. Colours other than green and red do nothing.
double chance_to_start(std::string_view page, bool is_phone) {
  const auto shows = [&](std::string_view what) {
    return page.find(what) != std::string_view::npos;
  };
  double chance = is_phone ? 0.38 : 0.44;
  if (shows("data-layout=\"board-first\"")) chance += is_phone ? 0.11 : 0.05;
  if (shows("data-layout=\"centred\"")) chance += 0.005;
  if (shows("data-pieces=\"green\"")) chance += 0.09;
  if (shows("data-pieces=\"red\"")) chance -= 0.07;
  return chance;
}

/// One visitor, who comes, looks, and perhaps plays.
class Visitor {
 public:
  Visitor(std::size_t number, const SimulationOptions& options, experiment::Time today)
      : random_(options.seed * 1'000'003 + number),
        id_(fmt::format("simulated-{}-{}", options.seed, number)),
        is_phone_(chance(0.4)),
        is_new_(chance(0.7)),
        language_(chance(0.55)  ? "en"
                  : chance(0.6) ? "de"
                                : "fr") {
    // More of them at weekends, and in the evening.
    int day = 0;
    do {
      day = static_cast<int>(random_() % static_cast<std::uint64_t>(options.days));
    } while (!chance(is_weekend(today, day) ? 1.0 : 0.7));
    const double hour = 9 + 14 * std::sqrt(share());
    at_ = today - std::chrono::hours(24 * (options.days - day)) +
          std::chrono::milliseconds(static_cast<std::int64_t>(hour * 3'600'000));
  }

  void visit(const std::string& client_key, const site::Ask& ask) {
    const site::SimulatedReply page =
        ask({.target = "/", .fields = fields("Cookie", "visitor=" + id_)});
    if (page.status != 200)
      throw std::runtime_error("the page was answered " + std::to_string(page.status));
    if (!chance(chance_to_start(page.body, is_phone_))) return;
    std::string events = event("game_started");
    if (chance(0.25)) events += "," + event("game_joined");
    if (chance(0.82)) events += "," + event("game_completed");
    if (chance(0.3)) events += "," + event("rematch");
    at_ += std::chrono::seconds(20 + random_() % 600);
    const site::SimulatedReply told = ask({.method = "POST",
                                           .target = "/experiments/track?client_key=" + client_key,
                                           .fields = fields("Content-Type", "text/plain"),
                                           .body = "[" + events + "]"});
    if (told.status != 200) throw std::runtime_error("the events were answered: " + told.body);
  }

 private:
  static bool is_weekend(experiment::Time today, int day) {
    const std::chrono::weekday weekday(std::chrono::floor<std::chrono::days>(today) +
                                       std::chrono::days(day));
    return weekday.iso_encoding() >= 6;
  }
  double share() { return static_cast<double>(random_() >> 11U) * 0x1p-53; }
  bool chance(double probability) { return share() < probability; }

  std::vector<std::pair<std::string, std::string>> fields(std::string name,
                                                          std::string value) const {
    const auto milliseconds =
        std::chrono::duration_cast<std::chrono::milliseconds>(at_.time_since_epoch()).count();
    std::vector<std::pair<std::string, std::string>> fields{
        {"User-Agent", std::string(is_phone_ ? kPhone : kDesktop)},
        {"Accept-Language", language_},
        {"X-Simulated-At", std::to_string(milliseconds)},
        {std::move(name), std::move(value)}};
    if (is_new_) fields.emplace_back("X-Simulated-New", "yes");
    return fields;
  }
  std::string event(std::string_view name) const {
    return fmt::format(R"({{"event_name":"{}","event_id":"{}","context_json":{{"session":"{}"}}}})",
                       name, name, id_);
  }

  std::mt19937_64 random_;
  std::string id_;
  bool is_phone_;
  bool is_new_;
  std::string language_;
  experiment::Time at_;
};

int complain() {
  std::cerr << "usage: arena experiments simulate [VISITORS] | arena experiments forget-simulated\n"
               "       arena experiments token NAME\n";
  return 2;
}

int simulate(Arena& arena, const std::vector<std::string>& arguments) {
  SimulationOptions options;
  if (arguments.size() == 2) {
    const std::string& text = arguments[1];
    const auto [end, failure] =
        std::from_chars(text.data(), text.data() + text.size(), options.visitors);
    if (failure != std::errc() || end != text.data() + text.size() || options.visitors == 0 ||
        options.visitors > 10'000'000) {
      return complain();
    }
  }
  fmt::print(
      "{} synthetic visitors, labelled \"simulated-\", come by the pages' own addresses...\n",
      options.visitors);
  const auto begin = std::chrono::steady_clock::now();
  send_simulated_visitors(arena, options);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  fmt::print(
      "done in {:.1f} s. See /experiments/ of the running server; "
      "\"arena experiments forget-simulated\" removes them.\n",
      took.count());
  return 0;
}

int forget(Arena& arena) {
  const auto units = hornbeam::base::run(
      arena.trials.service().ingest().forget_units(experiment::UnitKind::kSession, "simulated-"));
  fmt::print("{} simulated visitors are forgotten, with all they did\n", units);
  return 0;
}

int make_token(const std::string& name) {
  std::random_device random;
  std::string token;
  for (int i = 0; i < 5; ++i) token += fmt::format("{:08x}", random());
  fmt::print(
      "Whoever knows this may change experiments under the name {}. In arena.toml:\n\n"
      "[experiments]\noperator_tokens = \"{}:{}\"\n",
      name, name, token);
  return 0;
}

}  // namespace

void send_simulated_visitors(Arena& arena, const SimulationOptions& options) {
  const experiment::Time today =
      std::chrono::floor<std::chrono::days>(arena.trials.service().now());
  const std::string key = arena.trials.client_key();
  site::simulate(arena.app, options.visitors, [&](std::size_t number, const site::Ask& ask) {
    Visitor(number, options, today).visit(key, ask);
  });
  hornbeam::base::run(arena.trials.service().flush());
}

int run_experiments(Arena& arena, const std::vector<std::string>& arguments) {
  const std::string word = arguments.empty() ? std::string() : arguments[0];
  if (word == "simulate" && arguments.size() <= 2) return simulate(arena, arguments);
  if (word == "forget-simulated" && arguments.size() == 1) return forget(arena);
  if (word == "token" && arguments.size() == 2) return make_token(arguments[1]);
  return complain();
}

}  // namespace arena
