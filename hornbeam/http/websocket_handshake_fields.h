#pragma once

// The grammar of a handshake's field values: lists of tokens, and lists of extensions with
// parameters. Every parser here walks its input once, whatever the input.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/http/token.h"

namespace hornbeam::http {

/// One parameter of an extension offer, such as `client_max_window_bits` or
/// `server_max_window_bits=10`.
struct ExtensionParameter {
  std::string name;                  ///< The parameter's name.
  std::optional<std::string> value;  ///< Without quotes.
};

/// One extension that a client offers.
struct ExtensionOffer {
  std::string name;                            ///< Such as "permessage-deflate".
  std::vector<ExtensionParameter> parameters;  ///< In the order of the offer.
};

/// The members of a comma-separated list of tokens, in order; nothing if it is not one, or names
/// nothing. Lifetime: views into `field`. Source: RFC 9110 section 5.6.1.
std::optional<std::vector<std::string_view>> parse_token_list(std::string_view field);

/// True if the comma-separated list `field` has the member `token`, compared without regard to
/// case.
bool list_has_token(std::string_view field, std::string_view token) noexcept;

/// The value of Sec-WebSocket-Extensions; nothing if it does not follow the grammar.
/// Source: RFC 6455 section 9.1.
std::optional<std::vector<ExtensionOffer>> parse_extensions(std::string_view field);

}  // namespace hornbeam::http
