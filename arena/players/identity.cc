#include "arena/players/identity.h"

#include "hornbeam/live.h"

namespace arena {
namespace {

namespace live = hornbeam::live;
namespace web = hornbeam::web;

constexpr std::string_view kCookie = "player";
constexpr std::int64_t kTwoYears = std::int64_t{3600} * 24 * 730;

}  // namespace

std::string player_key_hash(const web::Request& request) {
  const auto key = request.find_cookie(kCookie);
  return key && live::is_seat_token(*key) ? live::hash_seat_token(*key) : std::string();
}

void give_player_key(const web::Request& request) {
  if (!player_key_hash(request).empty()) return;
  request.after_this_request([is_secure = request.is_secure()](web::Response& response) {
    const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    response.add_field("Set-Cookie", web::Cookie{.name = std::string(kCookie),
                                                 .value = live::SeatToken::make().text,
                                                 .expires = now + kTwoYears,
                                                 .is_secure = is_secure}
                                         .to_string());
  });
}

}  // namespace arena
