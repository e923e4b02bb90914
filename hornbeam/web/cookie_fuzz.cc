// Whatever bytes come as a cookie: reading them fails quietly, and what was signed reads back.

#include <cstddef>
#include <cstdint>
#include <string>

#include "hornbeam/base/check.h"
#include "hornbeam/http/request.h"
#include "hornbeam/web/cookie.h"
#include "hornbeam/web/cookie_jar.h"
#include "hornbeam/web/request.h"
#include "hornbeam/web/session.h"

namespace {

using namespace hornbeam;

constexpr std::int64_t kNow = 1'700'000'000;

web::SessionOptions options() {
  web::SessionOptions options;
  options.secret_key = "0123456789abcdef";
  return options;
}

void read_as_cookies(const std::string& text) {
  http::Request raw = http::Request::make(
      http::Method::kGet, "/", std::vector<std::pair<std::string, std::string>>{{"cookie", text}});
  const web::Request request(raw, nullptr);
  if (const auto value = request.find_cookie("session")) {
    base::check(value->size() <= text.size());
    web::unsign_session(*value, options(), kNow);
  }
  web::CookieJar jar;
  jar.store(text, "example.org", "/a/b", kNow);
  jar.cookies_for("example.org", "/a/b/c", true, kNow);
  web::parse_http_date(text);
}

/// Bytes that somebody with the key has signed, however odd they are.
void read_as_payload(const std::string& text) {
  const std::string cookie = web::sign_payload(text, options(), kNow);
  const auto payload = web::unsign_payload(cookie, options(), kNow);
  if (text.size() <= (std::size_t{64} << 10))
    base::check(payload == text, "what was signed is read");
  const web::Session session = web::Session::from_json(text);
  const std::string json = session.to_json();
  const web::Session again = web::Session::from_json(json);
  base::check(again.to_json() == json, "what was written reads back");
  session.find_json("a");
  session.find_bytes("a");
  session.find_time("a");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  read_as_cookies(text);
  read_as_payload(text);
  return 0;
}
