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
  /// What clients of this key decrypt features with (`decryptionKey`): 16, 24 or 32 bytes in
  /// base64. Empty: features are sent as they are. It hides rules from onlookers, not from the
  /// client.
  std::string decryption_key{};
};

/// How clients are answered.
struct GrowthBookApiOptions {
  std::string prefix{};           ///< What paths begin with, such as "/experiments".
  std::vector<ClientKey> keys{};  ///< Others are refused.
  /// Sites whose pages may ask; "*" is what GrowthBook's servers say.
  std::vector<std::string> origins{"*"};
  std::size_t most_events = 1'000;  ///< In one request.
  /// Whether units that are evaluated here keep the arm that they were shown first, whatever phases
  /// come: sticky buckets, of which the exposures in the database are the store.
  bool keeps_arms = false;
  /// The attributes of units by which results are shown.
  std::vector<std::string> dimensions{"device",  "deviceType", "browser",
                                      "country", "language",   "visitor"};
};

/// An extension. Thread: any.
class GrowthBookApi {
 public:
  /// Lifetime: `service` outlives the application. Throws: std::invalid_argument for a decryption
  /// key that is none.
  explicit GrowthBookApi(ExperimentService& service, GrowthBookApiOptions options = {});
  /// Called by `App::use`.
  void init_app(web::App& app);

 private:
  ExperimentService* service_;
  std::shared_ptr<const GrowthBookApiOptions> options_;
};

}  // namespace hornbeam::site
