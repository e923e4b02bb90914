#include "hornbeam/web/conditional.h"

#include <array>

#include <openssl/sha.h>

#include "hornbeam/base/encoding.h"
#include "hornbeam/http/token.h"
#include "hornbeam/web/cookie.h"
#include "hornbeam/web/http_error.h"
#include "hornbeam/web/internal/conditional.h"

namespace hornbeam::web {

std::string etag_of(std::string_view bytes) {
  constexpr std::size_t kTagBytes = 16;
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  return '"' + base::hex_encode({reinterpret_cast<const char*>(digest.data()), kTagBytes}) + '"';
}

Response make_conditional(const Request& request, Response response) {
  const bool reads =
      request.method() == http::Method::kGet || request.method() == http::Method::kHead;
  if (!reads || response.status() != 200) return response;
  if (response.find_field("etag") == nullptr && !response.is_streamed()) {
    response.set_field("ETag", etag_of(response.bytes()));
  }
  Validators validators;
  if (const std::string* etag = response.find_field("etag")) validators.etag = *etag;
  if (const std::string* date = response.find_field("last-modified")) {
    validators.last_modified = parse_http_date(*date).value_or(0);
  }
  if (!is_not_modified(request, validators)) return response;
  response.set_status(304);
  response.set_body(std::string());
  return response;
}

void require_match(const Request& request, std::string_view current) {
  const auto field = request.find_header("if-match");
  if (!field) return;
  bool matches = false;
  // "A recipient MUST use the strong comparison function when comparing entity tags for If-Match"
  // (RFC 9110, section 13.1.1): a weak one never matches.
  http::for_each_list_element(*field, [&](std::string_view tag) {
    matches = matches || (!current.empty() && (tag == "*" || (tag == current && tag[0] == '"')));
  });
  if (!matches) throw HttpError(412, "it has changed since you read it: read it again");
}

}  // namespace hornbeam::web
