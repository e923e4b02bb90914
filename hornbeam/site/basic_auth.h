#pragma once

#include <map>
#include <optional>
#include <string>

#include "hornbeam/web/respond.h"

namespace hornbeam::web {
class Request;
}

namespace hornbeam::site {

/// The few who run a program, known by tokens in its configuration: HTTP's Basic scheme (RFC 7617).
/// Tokens are long random texts, not passwords that people think of: they are compared, not hashed.
/// Users with accounts are `web::Login`'s. Thread: immutable.
class BasicAuth {
 public:
  /// `tokens` by name. Throws std::invalid_argument for a token of fewer than 16 characters, or a
  /// name with a colon.
  BasicAuth(std::string realm, std::map<std::string, std::string> tokens);
  /// Reads "ada:token bob:token". Throws as the other, and for what is no pair.
  BasicAuth(std::string realm, const std::string& pairs);

  /// Who asks; nothing without the right token.
  std::optional<std::string> user(const web::Request& request) const;
  /// What makes a browser ask for name and token: a 401. Where nobody has one, a 403 that says so.
  web::Response challenge() const;

 private:
  std::string realm_;
  std::map<std::string, std::string> tokens_;
};

}  // namespace hornbeam::site
