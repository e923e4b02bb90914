#include "hornbeam/web/security_headers.h"

#include "hornbeam/base/encoding.h"
#include "hornbeam/web/internal/random.h"
#include "hornbeam/web/internal/request_extras.h"

namespace hornbeam::web {

namespace {
constexpr std::size_t kNonceBytes = 16;
}  // namespace

std::string_view csp_nonce(const Request& request) {
  std::string& nonce = RequestAccess::extras(request).csp_nonce;
  if (nonce.empty()) nonce = base::base64url_encode(random_bytes(kNonceBytes));
  return nonce;
}

std::string render_policy(std::string_view policy, std::string_view nonce) {
  constexpr std::string_view kPlace = " {nonce}";
  const std::string source = nonce.empty() ? "" : " 'nonce-" + std::string(nonce) + "'";
  std::string rendered;
  while (true) {
    const std::size_t place = policy.find(kPlace);
    rendered += policy.substr(0, place);
    if (place == std::string_view::npos) return rendered;
    rendered += source;
    policy.remove_prefix(place + kPlace.size());
  }
}

}  // namespace hornbeam::web
