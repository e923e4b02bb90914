#pragma once

// Negotiation: what of several the client would rather have (RFC 9110, section 12).
//
//   if (accepts(request, {"text/html", "application/json"}) == "application/json") ...

#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

#include "hornbeam/web/request.h"

namespace hornbeam::web {

/// One element of an Accept field or one like it.
struct Accepted {
  std::string_view value;       ///< As sent, without its quality.
  int quality = 1000;           ///< In thousandths; 0 refuses.
  bool has_parameters = false;  ///< Others than the quality.
};

/// The elements of `field`; one whose quality is malformed is left out.
std::vector<Accepted> parse_accept(std::string_view field);

/// The media type of `offered` that an Accept field prefers: by quality, then by how exactly it was
/// named, then the first offered. Nothing if none is acceptable; the first if the field is empty.
std::optional<std::string_view> best_media_type(std::string_view accept,
                                                std::initializer_list<std::string_view> offered);
/// The language of `offered` that an Accept-Language field prefers: exact tags first, then by the
/// primary tag of either side. Nothing if none is; the first if the field is empty.
std::optional<std::string_view> best_language(std::string_view accept,
                                              std::initializer_list<std::string_view> offered);
/// How much an Accept-Encoding field wants `coding`, in thousandths: 0 is not at all.
int encoding_quality(std::string_view accept, std::string_view coding);

/// `best_media_type` for the request, such as {"text/html", "application/json"}.
std::optional<std::string_view> accepts(const Request& request,
                                        std::initializer_list<std::string_view> offered);
/// `best_language` for the request, such as {"en", "de-AT"}.
std::optional<std::string_view> accepts_language(const Request& request,
                                                 std::initializer_list<std::string_view> offered);

/// Adds `name` to the response's Vary field, if it is not there: what the answer depends on.
void add_vary(Response& response, std::string_view name);

}  // namespace hornbeam::web
