#include "hornbeam/site/basic_auth.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include "hornbeam/base/encoding.h"
#include "hornbeam/web/request.h"

namespace hornbeam::site {
namespace {

constexpr std::size_t kShortestToken = 16;

std::map<std::string, std::string> parse(const std::string& pairs) {
  std::map<std::string, std::string> tokens;
  std::istringstream words(pairs);
  for (std::string word; words >> word;) {
    const auto colon = word.find(':');
    if (colon == std::string::npos || colon == 0) {
      throw std::invalid_argument("\"" + word + "\" is no name and token; mend: write name:token");
    }
    tokens[word.substr(0, colon)] = word.substr(colon + 1);
  }
  return tokens;
}

// Ordinary Base64, as the scheme has it, by way of the URL alphabet.
std::optional<std::string> decode(std::string_view text) {
  std::string url(text);
  while (url.ends_with('=')) url.pop_back();
  std::replace(url.begin(), url.end(), '+', '-');
  std::replace(url.begin(), url.end(), '/', '_');
  return base::base64url_decode(url);
}

// In a time that tells nothing but the lengths.
bool is_same(std::string_view one, std::string_view other) {
  if (one.size() != other.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < one.size(); ++i) {
    difference |= static_cast<unsigned char>(one[i]) ^ static_cast<unsigned char>(other[i]);
  }
  return difference == 0;
}

}  // namespace

BasicAuth::BasicAuth(std::string realm, std::map<std::string, std::string> tokens)
    : realm_(std::move(realm)), tokens_(std::move(tokens)) {
  for (const auto& [name, token] : tokens_) {
    if (token.size() < kShortestToken || name.find(':') != std::string::npos) {
      throw std::invalid_argument("the token of \"" + name +
                                  "\" is too short; mend: take 16 random "
                                  "characters or more");
    }
  }
}

BasicAuth::BasicAuth(std::string realm, const std::string& pairs)
    : BasicAuth(std::move(realm), parse(pairs)) {}

std::optional<std::string> BasicAuth::user(const web::Request& request) const {
  constexpr std::string_view kScheme = "basic ";
  const std::string field(request.find_header("authorization").value_or(""));
  if (field.size() <= kScheme.size()) return std::nullopt;
  std::string scheme = field.substr(0, kScheme.size());
  for (char& c : scheme) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  if (scheme != kScheme) return std::nullopt;
  const auto pair = decode(std::string_view(field).substr(kScheme.size()));
  const auto colon = pair ? pair->find(':') : std::string::npos;
  if (colon == std::string::npos) return std::nullopt;
  const std::string name = pair->substr(0, colon);
  const auto found = tokens_.find(name);
  const bool is_right =
      found != tokens_.end() && is_same(found->second, std::string_view(*pair).substr(colon + 1));
  return is_right ? std::optional(name) : std::nullopt;
}

web::Response BasicAuth::challenge() const {
  if (tokens_.empty()) {
    return web::text(
        "Nobody has the right to do this here: the program's configuration names "
        "nobody.\n",
        403);
  }
  web::Response response = web::text("This is for those who have the right to.\n", 401);
  response.set_field("WWW-Authenticate", "Basic realm=\"" + realm_ + "\", charset=\"UTF-8\"");
  return response;
}

}  // namespace hornbeam::site
