#include "hornbeam/web/negotiation.h"

#include <algorithm>
#include <string>

#include "hornbeam/http/token.h"

namespace hornbeam::web {

namespace {

using http::equals_ignoring_case;

// qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] ) (RFC 9110, section 12.4.2).
std::optional<int> parse_quality(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  int quality = (text[0] - '0') * 1000;
  if (text.size() > 1 && text[1] != '.') return std::nullopt;
  int place = 100;
  for (const char digit : text.substr(std::min<std::size_t>(2, text.size()))) {
    if (digit < '0' || digit > '9') return std::nullopt;
    quality += (digit - '0') * place;
    place /= 10;
  }
  return quality <= 1000 ? std::optional(quality) : std::nullopt;
}

std::optional<Accepted> parse_element(std::string_view element) {
  Accepted accepted;
  accepted.value = http::trim_blanks(element.substr(0, element.find(';')));
  std::size_t at = element.find(';');
  while (at != std::string_view::npos) {
    const std::size_t end = element.find(';', at + 1);
    const std::string_view parameter = http::trim_blanks(
        element.substr(at + 1, end == std::string_view::npos ? end : end - at - 1));
    at = end;
    if (parameter.empty()) continue;
    if (!parameter.starts_with("q=") && !parameter.starts_with("Q=")) {
      accepted.has_parameters = true;
      continue;
    }
    const auto quality = parse_quality(http::trim_blanks(parameter.substr(2)));
    if (!quality) return std::nullopt;
    accepted.quality = *quality;
  }
  return accepted;
}

std::string_view primary_tag(std::string_view language) {
  return language.substr(0, language.find_first_of("-_"));
}

// What `better` compares: how exactly an element names what it matches.
struct MediaMatch {
  static int specificity(const Accepted& each) {
    if (each.value == "*/*") return 0;
    if (each.value.ends_with("/*")) return 1;
    return each.has_parameters ? 3 : 2;
  }
  static bool matches(const Accepted& each, std::string_view offer) {
    if (each.value == "*/*") return true;
    if (each.value.ends_with("/*")) {
      const std::size_t size = each.value.size() - 1;
      return !each.value.starts_with('*') && offer.size() > size &&
             equals_ignoring_case(offer.substr(0, size), each.value.substr(0, size));
    }
    return !each.has_parameters && equals_ignoring_case(offer, each.value);
  }
};

struct LanguageMatch {
  static int specificity(const Accepted& each) { return each.value == "*" ? 0 : 1; }
  static bool matches(const Accepted& each, std::string_view offer) {
    if (each.value == "*") return true;
    return each.value.size() == offer.size() &&
           std::ranges::equal(each.value, offer, [](char left, char right) {
             if (left == '_') left = '-';
             if (right == '_') right = '-';
             return equals_ignoring_case({&left, 1}, {&right, 1});
           });
  }
};

// The most exact element that matches an offer says how good that is.
template <class Match>
std::optional<std::size_t> best(const std::vector<Accepted>& accepted,
                                const std::vector<std::string_view>& offered) {
  std::optional<std::size_t> found;
  std::pair<int, int> best_rank(0, -1);
  for (std::size_t i = 0; i < offered.size(); ++i) {
    std::pair<int, int> named(-1, 0);  // Specificity, quality.
    for (const Accepted& each : accepted) {
      if (Match::matches(each, offered[i])) {
        named = std::max(named, std::pair(Match::specificity(each), each.quality));
      }
    }
    const std::pair rank(named.second, named.first);
    if (named.second == 0 || (found && rank <= best_rank)) continue;
    found = i;
    best_rank = rank;
  }
  return found;
}

}  // namespace

std::vector<Accepted> parse_accept(std::string_view field) {
  std::vector<Accepted> all;
  http::for_each_list_element(field, [&all](std::string_view element) {
    if (auto accepted = parse_element(element)) all.push_back(*accepted);
  });
  return all;
}

std::optional<std::string_view> best_media_type(std::string_view accept,
                                                std::initializer_list<std::string_view> offered) {
  const std::vector<std::string_view> offers(offered);
  if (offers.empty()) return std::nullopt;
  if (http::trim_blanks(accept).empty()) return offers.front();
  const auto found = best<MediaMatch>(parse_accept(accept), offers);
  return found ? std::optional(offers[*found]) : std::nullopt;
}

std::optional<std::string_view> best_language(std::string_view accept,
                                              std::initializer_list<std::string_view> offered) {
  const std::vector<std::string_view> offers(offered);
  if (offers.empty()) return std::nullopt;
  if (http::trim_blanks(accept).empty()) return offers.front();
  std::vector<Accepted> accepted = parse_accept(accept);
  if (const auto found = best<LanguageMatch>(accepted, offers)) return offers[*found];
  // A client that takes "en-US" gets "en", and one that takes "en" gets "en-US".
  std::vector<Accepted> primary = accepted;
  for (Accepted& each : primary) each.value = primary_tag(each.value);
  if (const auto found = best<LanguageMatch>(primary, offers)) return offers[*found];
  std::vector<std::string_view> primary_offers = offers;
  for (std::string_view& each : primary_offers) each = primary_tag(each);
  if (const auto found = best<LanguageMatch>(accepted, primary_offers)) return offers[*found];
  return std::nullopt;
}

int encoding_quality(std::string_view accept, std::string_view coding) {
  std::optional<int> named;
  std::optional<int> any;
  for (const Accepted& each : parse_accept(accept)) {
    if (equals_ignoring_case(each.value, coding)) named = each.quality;
    if (each.value == "*") any = each.quality;
  }
  // "If the representation has no content coding, then it is acceptable by default unless
  // specifically excluded" (RFC 9110, section 12.5.3).
  return named.value_or(any.value_or(coding == "identity" ? 1 : 0));
}

std::optional<std::string_view> accepts(const Request& request,
                                        std::initializer_list<std::string_view> offered) {
  return best_media_type(request.find_header("accept").value_or(""), offered);
}

std::optional<std::string_view> accepts_language(const Request& request,
                                                 std::initializer_list<std::string_view> offered) {
  return best_language(request.find_header("accept-language").value_or(""), offered);
}

void add_vary(Response& response, std::string_view name) {
  const std::string* const vary = response.find_field("vary");
  if (vary == nullptr) return response.set_field("Vary", std::string(name));
  bool is_there = *vary == "*";
  http::for_each_list_element(*vary, [&](std::string_view each) {
    is_there = is_there || equals_ignoring_case(each, name);
  });
  if (!is_there) response.set_field("Vary", *vary + ", " + std::string(name));
}

}  // namespace hornbeam::web
