#include "hornbeam/web/segment_types.h"

namespace hornbeam::web {

namespace {

std::optional<unsigned> hex_digit(char each) {
  if (each >= '0' && each <= '9') return static_cast<unsigned>(each - '0');
  if (each >= 'a' && each <= 'f') return static_cast<unsigned>(each - 'a' + 10);
  if (each >= 'A' && each <= 'F') return static_cast<unsigned>(each - 'A' + 10);
  return std::nullopt;
}

bool is_dash_place(std::size_t place) {
  return place == 8 || place == 13 || place == 18 || place == 23;
}

}  // namespace

std::optional<Uuid> Uuid::parse(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  Uuid uuid;
  std::size_t digits = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_dash_place(i)) {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    const auto digit = hex_digit(text[i]);
    if (!digit) return std::nullopt;
    std::uint8_t& byte = uuid.bytes[digits++ / 2];
    byte = static_cast<std::uint8_t>(byte << 4U | *digit);
  }
  return uuid;
}

std::string Uuid::to_string() const {
  const std::string hex =
      base::hex_encode({reinterpret_cast<const char*>(bytes.data()), bytes.size()});  // NOLINT
  std::string text;
  for (const char each : hex) {
    if (is_dash_place(text.size())) text += '-';
    text += each;
  }
  return text;
}

}  // namespace hornbeam::web
