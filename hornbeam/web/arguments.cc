#include "hornbeam/web/arguments.h"

#include "hornbeam/base/encoding.h"

namespace hornbeam::web {

Arguments Arguments::parse(std::string_view text) {
  Arguments arguments;
  while (!text.empty()) {
    const std::size_t end = text.find('&');
    const std::string_view pair = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    const std::string_view value =
        equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
    arguments.add(base::percent_decode(pair.substr(0, equals), true),
                  base::percent_decode(value, true));
  }
  return arguments;
}

std::optional<std::string_view> Arguments::find(std::string_view name) const {
  for (const auto& [key, value] : all_) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::vector<std::string_view> Arguments::find_all(std::string_view name) const {
  std::vector<std::string_view> found;
  for (const auto& [key, value] : all_) {
    if (key == name) found.emplace_back(value);
  }
  return found;
}

std::string Arguments::encode() const {
  std::string text;
  auto form_encode = [](std::string_view part) {
    std::string encoded = base::percent_encode(part, "-._*~ ");
    for (char& each : encoded) {
      if (each == ' ') each = '+';
    }
    return encoded;
  };
  for (const auto& [name, value] : all_) {
    if (!text.empty()) text += '&';
    text += form_encode(name) + "=" + form_encode(value);
  }
  return text;
}

}  // namespace hornbeam::web
