#include "hornbeam/web/cookie.h"

#include <array>
#include <cstdio>
#include <ctime>
#include <stdexcept>

#include <fmt/format.h>

namespace hornbeam::web {

namespace {

constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

void check_bytes(std::string_view part, std::string_view what, std::string_view forbidden) {
  for (const char each : part) {
    const auto byte = static_cast<unsigned char>(each);
    if (byte <= 0x20 || byte >= 0x7F || forbidden.find(each) != std::string_view::npos) {
      throw std::invalid_argument("the cookie's " + std::string(what) +
                                  " has a byte that a cookie cannot carry. Mend: percent_encode "
                                  "or base64url_encode it");
    }
  }
}

}  // namespace

std::string Cookie::to_string() const {
  check_bytes(name, "name", "\"(),/:;<=>?@[\\]{}");
  check_bytes(value, "value", "\",;\\");
  check_bytes(path, "path", ";");
  check_bytes(domain, "domain", ";,");
  std::string text = name + "=" + value;
  if (expires) {
    text += "; Expires=" + http_date(*expires);
    if (*expires == 0) text += "; Max-Age=0";
  }
  if (!domain.empty()) text += "; Domain=" + domain;
  if (!path.empty()) text += "; Path=" + path;
  if (is_secure) text += "; Secure";
  if (is_http_only) text += "; HttpOnly";
  if (!same_site.empty()) text += "; SameSite=" + same_site;
  return text;
}

std::string http_date(std::int64_t seconds_since_epoch) {
  const std::time_t time = seconds_since_epoch;
  std::tm parts{};
  gmtime_r(&time, &parts);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                     kDays[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                     kMonths[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

std::optional<std::int64_t> parse_http_date(std::string_view text) {
  if (text.size() != 29 || !text.ends_with(" GMT")) return std::nullopt;
  std::array<char, 4> month{};
  std::tm parts{};
  const int read =
      std::sscanf(std::string(text.substr(5)).c_str(), "%2d %3s %4d %2d:%2d:%2d", &parts.tm_mday,
                  month.data(), &parts.tm_year, &parts.tm_hour, &parts.tm_min, &parts.tm_sec);
  if (read != 6) return std::nullopt;
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (std::string_view(month.data()) != kMonths[i]) continue;
    parts.tm_mon = static_cast<int>(i);
    parts.tm_year -= 1900;
    return timegm(&parts);
  }
  return std::nullopt;
}

}  // namespace hornbeam::web
