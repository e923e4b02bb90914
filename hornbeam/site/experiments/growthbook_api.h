#pragma once

// What GrowthBook's servers answer their clients, answered by ours: features, a stream of their
// changes, remote evaluation, and the way back for exposures and events.
//
//   site::ExperimentService experiments(*database);
//   app.use(experiments);
//   app.use(site::GrowthBookApi(experiments, {.prefix = "/ab", .keys = {{"sdk-shop"}}}));
//
// The client from npm, as it is:
//
//   new GrowthBook({apiHost: "https://shop.example/ab", clientKey: "sdk-shop", attributes: {id},
//     plugins: [growthbookTrackingPlugin({ingestorHost: "https://shop.example/ab"})]})
//
//   GET  PREFIX/api/features/KEY   the payload
//   GET  PREFIX/sub/KEY            server-sent events: the payload now, and whenever it changes
//   POST PREFIX/api/eval/KEY       values for one user; rules stay here
//   POST PREFIX/track              exposures ("Experiment Viewed") and events, as a JSON array

#include <string>
#include <vector>

#include "hornbeam/site/experiments/service.h"

namespace hornbeam::site {

/// A key that clients name. It is no secret: it stands in pages.
struct ClientKey {
  std::string key;  ///< Such as "sdk-shop".
  /// Whether rules are kept from its holders: they evaluate here, by `/api/eval`.
  bool is_remote = false;
};

/// How clients are answered.
struct GrowthBookApiOptions {
  std::string prefix{};           ///< What paths begin with, such as "/experiments".
  std::vector<ClientKey> keys{};  ///< Others are refused.
  /// Sites whose pages may ask; "*" is what GrowthBook's servers say.
  std::vector<std::string> origins{"*"};
  std::size_t most_events = 1'000;  ///< In one request.
};

/// An extension. Thread: any.
class GrowthBookApi {
 public:
  /// Lifetime: `service` outlives the application.
  explicit GrowthBookApi(ExperimentService& service, GrowthBookApiOptions options = {});
  /// Called by `App::use`.
  void init_app(web::App& app);

 private:
  ExperimentService* service_;
  std::shared_ptr<const GrowthBookApiOptions> options_;
};

}  // namespace hornbeam::site
