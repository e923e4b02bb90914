#include "hornbeam/http/websocket_handshake_fields.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace hornbeam::http {
namespace {

bool is_token_char(char byte) noexcept {
  return lower_token_char(byte) != 0;
}

bool is_space(char byte) noexcept {
  return byte == ' ' || byte == '\t';
}

// Reads from the front of a field. No step is ever taken back, so reading a field is linear in its
// length.
class FieldReader {
 public:
  explicit FieldReader(std::string_view rest) noexcept : rest_(rest) { skip_space(); }

  bool at_end() const noexcept { return rest_.empty(); }

  // Takes `byte` and the white space behind it, if it comes next.
  bool take(char byte) noexcept {
    if (!rest_.starts_with(byte)) return false;
    rest_.remove_prefix(1);
    skip_space();
    return true;
  }

  // Takes a token and the white space behind it; empty if none comes next.
  std::string_view take_token() noexcept {
    const auto end = std::ranges::find_if_not(rest_, is_token_char);
    const std::string_view token(rest_.begin(), end);
    rest_.remove_prefix(token.size());
    skip_space();
    return token;
  }

  // Takes a quoted string, which has begun with '"'; nothing if it does not end.
  std::optional<std::string> take_quoted() {
    rest_.remove_prefix(1);
    std::string value;
    while (!rest_.empty() && rest_.front() != '"') {
      if (rest_.front() == '\\') rest_.remove_prefix(1);
      if (rest_.empty()) return std::nullopt;
      value += rest_.front();
      rest_.remove_prefix(1);
    }
    if (!take('"')) return std::nullopt;
    return value;
  }

  bool is_at_quote() const noexcept { return rest_.starts_with('"'); }

 private:
  void skip_space() noexcept {
    rest_.remove_prefix(
        static_cast<std::size_t>(std::ranges::find_if_not(rest_, is_space) - rest_.begin()));
  }

  std::string_view rest_;
};

// RFC 6455 section 9.1: extension-param = token [ "=" (token | quoted-string) ], where "the value
// after quoted-string unescaping MUST conform to the 'token' ABNF".
std::optional<ExtensionParameter> take_parameter(FieldReader& reader) {
  ExtensionParameter parameter{.name = std::string(reader.take_token()), .value = {}};
  if (parameter.name.empty()) return std::nullopt;
  if (!reader.take('=')) return parameter;
  if (reader.is_at_quote()) {
    parameter.value = reader.take_quoted();
  } else {
    parameter.value = std::string(reader.take_token());
  }
  if (!parameter.value || !is_token(*parameter.value)) return std::nullopt;
  return parameter;
}

std::optional<ExtensionOffer> take_extension(FieldReader& reader) {
  ExtensionOffer offer{.name = std::string(reader.take_token()), .parameters = {}};
  if (offer.name.empty()) return std::nullopt;
  while (reader.take(';')) {
    auto parameter = take_parameter(reader);
    if (!parameter) return std::nullopt;
    offer.parameters.push_back(std::move(*parameter));
  }
  return offer;
}

}  // namespace

std::optional<std::vector<std::string_view>> parse_token_list(std::string_view field) {
  std::vector<std::string_view> tokens;
  FieldReader reader(field);
  while (!reader.at_end()) {
    // RFC 9110 section 5.6.1.2: "A recipient MUST parse and ignore a reasonable number of empty
    // list elements".
    if (reader.take(',')) continue;
    const std::string_view token = reader.take_token();
    if (token.empty() || !(reader.at_end() || reader.take(','))) return std::nullopt;
    tokens.push_back(token);
  }
  if (tokens.empty()) return std::nullopt;
  return tokens;
}

bool list_has_token(std::string_view field, std::string_view token) noexcept {
  while (true) {
    const std::size_t comma = field.find(',');
    std::string_view member = field.substr(0, comma);
    while (!member.empty() && is_space(member.front())) member.remove_prefix(1);
    while (!member.empty() && is_space(member.back())) member.remove_suffix(1);
    if (equals_ignoring_case(member, token)) return true;
    if (comma == std::string_view::npos) return false;
    field.remove_prefix(comma + 1);
  }
}

std::optional<std::vector<ExtensionOffer>> parse_extensions(std::string_view field) {
  std::vector<ExtensionOffer> offers;
  FieldReader reader(field);
  while (!reader.at_end()) {
    if (reader.take(',')) continue;
    auto offer = take_extension(reader);
    if (!offer || !(reader.at_end() || reader.take(','))) return std::nullopt;
    offers.push_back(std::move(*offer));
  }
  if (offers.empty()) return std::nullopt;
  return offers;
}

}  // namespace hornbeam::http
