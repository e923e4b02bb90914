#include "hornbeam/http/response.h"

#include <algorithm>
#include <stdexcept>

#include "hornbeam/http/token.h"

namespace hornbeam::http {

namespace {

void check_field(std::string_view name, std::string_view value) {
  if (!is_token(name)) {
    throw std::invalid_argument("a response field's name must be a token, and '" +
                                std::string(name) + "' is not: use letters, digits and '-'");
  }
  if (!is_field_value(value)) {
    throw std::invalid_argument("the value of response field '" + std::string(name) +
                                "' holds a control character such as CR or LF: encode it first");
  }
}

}  // namespace

void Response::set_content_type(std::string type) {
  check_field("Content-Type", type);
  owned_content_type_ = std::move(type);
}

void Response::set_field(std::string_view name, std::string value) {
  check_field(name, value);
  remove_field(name);
  fields_.emplace_back(std::string(name), std::move(value));
}

void Response::add_field(std::string_view name, std::string value) {
  check_field(name, value);
  fields_.emplace_back(std::string(name), std::move(value));
}

void Response::remove_field(std::string_view name) {
  std::erase_if(fields_,
                [name](const auto& field) { return equals_ignoring_case(field.first, name); });
}

const std::string* Response::find_field(std::string_view name) const noexcept {
  auto found = std::ranges::find_if(
      fields_, [name](const auto& field) { return equals_ignoring_case(field.first, name); });
  return found == fields_.end() ? nullptr : &found->second;
}

std::string_view Response::bytes() const noexcept {
  if (const auto* text = std::get_if<std::string>(&body_)) return *text;
  if (const auto* shared = std::get_if<SharedBytes>(&body_)) return shared->bytes;
  return {};
}

}  // namespace hornbeam::http
