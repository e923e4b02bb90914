#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/data.h"
#include "hornbeam/experiment.h"
#include "hornbeam/site.h"
#include "hornbeam/web.h"

namespace arena {

/// What somebody's page looks like.
struct Look {
  std::string layout;  ///< "side", "board-first" or "centred".
  std::string pieces;  ///< "leaf", or a colour.
};
constexpr auto describe(hornbeam::Type<Look>) {
  return hornbeam::fields(hornbeam::field("layout", &Look::layout),
                          hornbeam::field("pieces", &Look::pieces));
}

/// What arena is told about its experiments.
struct TrialOptions {
  std::string client_key = "arena";  ///< What GrowthBook's clients name.
  std::string operator_tokens;       ///< Who may change experiments: "ada:token bob:token".
  /// Takes visitors of the past, for `arena experiments simulate`. Never set from outside.
  bool simulates = false;
};

/// How many visitors `arena experiments simulate` sends, and into how many days before today.
struct SimulationOptions {
  std::size_t visitors = 24'000;
  int days = 21;
  std::uint64_t seed = 1;  ///< The same visitors for the same seed.
};

/// What arena tries out: the page's layout and the colour of the pieces, in two lanes. Visitors are
/// told apart by a cookie of their own; robots see the defaults, and are not counted.
class Trials {
 public:
  /// Lifetime: `database`, migrated, outlives it.
  Trials(hornbeam::data::Database& database, TrialOptions options);

  /// Begins both experiments if there was never a configuration, and reads it.
  void begin();
  /// Serves what GrowthBook's clients ask for, and the pages under /experiments.
  void add_to(hornbeam::web::App& app);

  /// Who asks: the cookie, or nothing for those who have none.
  static std::string visitor_of(const hornbeam::web::Request& request);
  /// How the page looks for whoever asks, which counts as an exposure. A visitor without a cookie
  /// gets one with the response.
  Look look_for(const hornbeam::web::Request& request);
  /// A visitor did something, once for each `occasion`. Never waits.
  void happened(const std::string& visitor, std::string metric, std::string_view occasion);

  hornbeam::site::ExperimentService& service() noexcept { return service_; }
  const std::string& client_key() const noexcept { return options_.client_key; }

 private:
  TrialOptions options_;
  hornbeam::site::ExperimentService service_;
  hornbeam::site::BasicAuth operators_;
};

struct Arena;

/// `arena experiments simulate [VISITORS]`, `forget-simulated` and `token NAME`.
int run_experiments(Arena& arena, const std::vector<std::string>& arguments);
/// Sends synthetic visitors, labelled as such, through the pages of `arena`.
void send_simulated_visitors(Arena& arena, const SimulationOptions& options);

}  // namespace arena
