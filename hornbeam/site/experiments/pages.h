#pragma once

// The pages of experiments: lanes over time, each experiment from its hypothesis to its decision,
// what a plan would cost in visitors, who is in what, two winners together, and who changed what.
//
//   app.use(site::ExperimentPages(experiments, {.prefix = "/experiments", .product = "Shop"}));
//
// Everybody may read. Changes are for those whom `editor` names; without one nobody may. The pages
// need no script, and no style from elsewhere.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hornbeam/site/experiments/reading.h"
#include "hornbeam/site/experiments/service.h"
#include "hornbeam/web/respond.h"

namespace hornbeam::site {

/// How the pages present themselves, and who may do what.
struct ExperimentPagesOptions {
  std::string prefix = "/experiments";  ///< What paths begin with.
  std::string product{};                ///< Whose experiments they are.
  std::string home = "/";               ///< Where the product is.
  /// Units whose id begins so are synthetic, and pages say that they are there; empty: none are.
  std::string simulated_prefix{};
  /// The name under which whoever asks may change things; nothing if he may not.
  std::function<base::Task<std::optional<std::string>>(const web::Request&)> editor{};
  /// What somebody who wants to change things and may not is answered: a login page, or the
  /// challenge of `WWW-Authenticate`. Without it 403.
  std::function<web::Response(const web::Request&)> challenge{};
};

/// An extension. Thread: any.
class ExperimentPages {
 public:
  /// Lifetime: `service` outlives the application.
  explicit ExperimentPages(ExperimentService& service, ExperimentPagesOptions options = {});
  ExperimentPages(ExperimentPages&&) noexcept;
  ~ExperimentPages();
  /// Called by `App::use`.
  void init_app(web::App& app);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace hornbeam::site
