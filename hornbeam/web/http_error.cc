#include "hornbeam/web/http_error.h"

#include <array>

#include "hornbeam/http/status.h"

namespace hornbeam::web {

namespace {

HttpError make(int status, std::string message) {
  if (message.empty()) message = http::reason_phrase(status);
  return {status, std::move(message)};
}

}  // namespace

void abort(int status, std::string message) {
  throw make(status, std::move(message));
}

HttpError bad_request(std::string message) {
  return make(400, std::move(message));
}
HttpError unauthorized(std::string message, std::string challenge) {
  HttpError error = make(401, std::move(message));
  if (challenge.empty()) return error;
  return std::move(error).with_field("WWW-Authenticate", std::move(challenge));
}
HttpError forbidden(std::string message) {
  return make(403, std::move(message));
}
HttpError not_found(std::string message) {
  return make(404, std::move(message));
}
HttpError conflict(std::string message) {
  return make(409, std::move(message));
}
HttpError unsupported_media_type(std::string message) {
  return make(415, std::move(message));
}
HttpError unprocessable(std::string message, base::Problems problems) {
  return make(422, std::move(message)).with_problems(std::move(problems));
}

int status_of(std::string_view code) noexcept {
  struct Word {
    std::string_view code;
    int status;
  };
  constexpr std::array<Word, 8> kWords{{{"unauthorized", 401},
                                        {"forbidden", 403},
                                        {"not_found", 404},
                                        {"conflict", 409},
                                        {"gone", 410},
                                        {"invalid", 422},
                                        {"rate_limited", 429},
                                        {"unavailable", 503}}};
  for (const Word& word : kWords) {
    if (word.code == code) return word.status;
  }
  return 400;
}

}  // namespace hornbeam::web
