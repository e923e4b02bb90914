#include "hornbeam/web/session.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "hornbeam/base/json_write.h"
#include "hornbeam/web/cookie.h"
#include "hornbeam/web/internal/base64.h"
#include "hornbeam/web/internal/session_tags.h"

namespace hornbeam::web {

namespace {
constexpr std::string_view kPermanentKey = "_permanent";
}  // namespace

void Session::erase(std::string_view key) {
  const auto found = values_.find(key);
  if (found == values_.end()) return;
  values_.erase(found);
  is_modified_ = true;
}

void Session::clear() {
  is_modified_ |= !values_.empty();
  values_.clear();
}

void Session::set_permanent(bool permanent) {
  if (permanent) {
    set(kPermanentKey, true);
  } else {
    erase(kPermanentKey);
  }
}

bool Session::is_permanent() const {
  return find<bool>(kPermanentKey).value_or(false);
}

std::optional<std::string> Session::find_json(std::string_view key) const {
  const std::string* text = find_text(key);
  return text == nullptr ? std::nullopt : std::optional(untag_json(*text));
}

void Session::set_json(std::string_view key, std::string json) {
  set_tagged(key, tag_json(std::move(json)));
}

std::optional<std::string> Session::find_tagged(std::string_view key) const {
  const std::string* text = find_text(key);
  return text == nullptr ? std::nullopt : std::optional(*text);
}

std::optional<std::string> Session::find_bytes(std::string_view key) const {
  const std::string* json = find_text(key);
  const auto text = json != nullptr ? find_tagged_text(*json, " b") : std::nullopt;
  return text ? base64_decode(*text) : std::nullopt;
}

void Session::set_bytes(std::string_view key, std::string_view bytes) {
  set_tagged(key, R"({" b":")" + base64_encode(bytes) + "\"}");
}

std::optional<std::chrono::sys_seconds> Session::find_time(std::string_view key) const {
  const std::string* json = find_text(key);
  const auto text = json != nullptr ? find_tagged_text(*json, " d") : std::nullopt;
  const auto seconds = text ? parse_http_date(*text) : std::nullopt;
  if (!seconds) return std::nullopt;
  return std::chrono::sys_seconds(std::chrono::seconds(*seconds));
}

void Session::set_time(std::string_view key, std::chrono::sys_seconds time) {
  set_tagged(key, R"({" d":")" + http_date(time.time_since_epoch().count()) + "\"}");
}

void Session::set_uuid(std::string_view key, std::string_view uuid) {
  std::string digits;
  for (const char each : uuid) {
    if (each == '-') continue;
    const bool is_digit = each >= '0' && each <= '9';
    const char lower = is_digit ? each : static_cast<char>(each | 0x20);
    if (!is_digit && (lower < 'a' || lower > 'f')) digits.clear();
    if (!is_digit && (lower < 'a' || lower > 'f')) break;
    digits += lower;
  }
  if (digits.size() != 32) {
    throw std::invalid_argument("'" + std::string(uuid) +
                                "' is no UUID. Mend: give 32 hexadecimal digits, with or without "
                                "dashes");
  }
  set_tagged(key, R"({" u":")" + digits + "\"}");
}

const std::string* Session::find_text(std::string_view key) const {
  const auto found = values_.find(key);
  return found == values_.end() ? nullptr : &found->second;
}

void Session::set_tagged(std::string_view key, std::string json) {
  values_.insert_or_assign(std::string(key), std::move(json));
  is_modified_ = true;
}

std::string Session::to_json() const {
  std::string json = "{";
  for (const auto& [key, value] : values_) {
    if (json.size() > 1) json += ',';
    // A session that is itself an object with one tag is escaped as any other.
    base::append_json_string(json, values_.size() == 1 && is_tag(key) ? key + "__" : key);
    json += ':';
    json += value;
  }
  json += '}';
  if (values_.size() == 1 && is_tag(values_.begin()->first)) json = R"({" di":)" + json + "}";
  return ascii_json(json);
}

Session Session::from_json(std::string_view json) {
  Session session;
  const auto document = base::JsonDocument::parse(json);
  if (!document || document->root().kind() != base::JsonKind::kObject) return session;
  base::JsonView root = document->root();
  std::size_t suffix = 0;
  if (const auto escaped = root.find(" di"); escaped && root.size() == 1) {
    root = *escaped;
    suffix = 2;
  }
  for (std::size_t i = 0; i < root.size(); ++i) {
    const auto [key, value] = root.member(i);
    session.values_.emplace(std::string(key.substr(0, key.size() - std::min(suffix, key.size()))),
                            tagged_text(value));
  }
  return session;
}

}  // namespace hornbeam::web
