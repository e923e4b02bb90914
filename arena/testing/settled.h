#pragma once

// What tests of arena's pages share.

#include <chrono>
#include <string>

#include "hornbeam/testing.h"

namespace arena {

/// The page of an address once it says what is wanted, or as it is after 20 seconds: an index
/// follows the database, a moment later.
inline std::string settled(hornbeam::web::TestClient& client, const std::string& path,
                           const std::string& wanted) {
  std::string body;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  do {
    body = client.get(path).body();
  } while (body.find(wanted) == std::string::npos && std::chrono::steady_clock::now() < deadline);
  return body;
}

}  // namespace arena
