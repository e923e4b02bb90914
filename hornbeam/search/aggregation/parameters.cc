#include "hornbeam/search/aggregation/parameters.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace hornbeam::search::aggregation {
namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t above = row[j + 1];
      row[j + 1] = std::min({above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row.back();
}

template <class Number>
std::optional<Number> read_number(std::string_view text) {
  Number value{};
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if constexpr (std::is_floating_point_v<Number>) {
    if (!std::isfinite(value)) return std::nullopt;
  }
  return value;
}

}  // namespace

void refuse(std::string code, std::string message) {
  throw Refusal{{.code = std::move(code), .message = std::move(message)}};
}

void refuse_argument(std::string message) {
  refuse("illegal_argument_exception", std::move(message));
}

std::string_view token_of(base::JsonView json) {
  switch (json.kind()) {
    case base::JsonKind::kNull:
      return "VALUE_NULL";
    case base::JsonKind::kBool:
      return "VALUE_BOOLEAN";
    case base::JsonKind::kInt:
    case base::JsonKind::kFloat:
      return "VALUE_NUMBER";
    case base::JsonKind::kString:
      return "VALUE_STRING";
    case base::JsonKind::kArray:
      return "START_ARRAY";
    case base::JsonKind::kObject:
      break;
  }
  return "START_OBJECT";
}

std::optional<std::string> find_scalar(base::JsonView json) {
  if (const auto text = json.find_string()) return std::string(*text);
  const base::JsonKind kind = json.kind();
  if (kind == base::JsonKind::kNull || kind == base::JsonKind::kArray ||
      kind == base::JsonKind::kObject) {
    return std::nullopt;
  }
  return json.text();
}

std::string did_you_mean(std::string_view wrong, const std::vector<std::string>& known) {
  const std::string* best = nullptr;
  double best_likeness = 0.5;
  for (const std::string& each : known) {
    const auto longest = static_cast<double>(std::max(wrong.size(), each.size()));
    const double likeness = 1 - static_cast<double>(edit_distance(wrong, each)) / longest;
    if (likeness <= best_likeness) continue;
    best = &each;
    best_likeness = likeness;
  }
  return best ? fmt::format(" did you mean [{}]?", *best) : "";
}

Parameters::Parameters(std::string type, std::string name, base::JsonView json)
    : type_(std::move(type)), name_(std::move(name)), json_(json) {}

std::optional<base::JsonView> Parameters::find(std::string_view key) {
  asked_.emplace_back(key);
  return json_.find(key);
}

std::optional<std::string> Parameters::text(std::string_view key) {
  const auto value = find(key);
  if (!value) return std::nullopt;
  const auto scalar = find_scalar(*value);
  if (!scalar) refuse_type(key, *value);
  return scalar;
}

std::optional<double> Parameters::number(std::string_view key) {
  const auto value = find(key);
  if (!value) return std::nullopt;
  if (const auto number = value->find_number()) return number;
  const auto text = value->find_string();
  if (!text) refuse_type(key, *value);
  const auto number = read_number<double>(*text);
  if (!number) refuse_parse(key);
  return number;
}

std::optional<std::int64_t> Parameters::integer(std::string_view key) {
  const auto value = find(key);
  if (!value) return std::nullopt;
  if (const auto number = value->find_int()) return number;
  if (const auto number = value->find_number()) {
    constexpr double kLargest = 1e15;
    if (std::abs(*number) > kLargest || *number != std::trunc(*number)) refuse_parse(key);
    return static_cast<std::int64_t>(*number);
  }
  const auto text = value->find_string();
  if (!text) refuse_type(key, *value);
  const auto number = read_number<std::int64_t>(*text);
  if (!number) refuse_parse(key);
  return number;
}

bool Parameters::flag(std::string_view key, bool otherwise) {
  const auto value = find(key);
  if (!value) return otherwise;
  if (const auto flag = value->find_bool()) return *flag;
  const auto text = value->find_string();
  if (!text) refuse_type(key, *value);
  if (text == "true") return true;
  if (text == "false") return false;
  refuse_parse(key);
}

std::optional<Parameters> Parameters::object(std::string_view key) {
  const auto value = find(key);
  if (!value) return std::nullopt;
  if (value->kind() != base::JsonKind::kObject) refuse_type(key, *value);
  return Parameters(std::string(key), name_, *value);
}

std::vector<double> Parameters::numbers(std::string_view key) {
  const auto value = find(key);
  std::vector<double> all;
  if (!value) return all;
  if (value->kind() != base::JsonKind::kArray) refuse_type(key, *value);
  for (std::size_t i = 0; i < value->size(); ++i) {
    const base::JsonView element = value->element(i);
    auto number = element.find_number();
    if (const auto text = element.find_string()) number = read_number<double>(*text);
    if (!number) refuse_parse(key);
    all.push_back(*number);
  }
  return all;
}

void Parameters::finish() const {
  for (std::size_t i = 0; i < json_.size(); ++i) {
    const std::string_view key = json_.member(i).first;
    if (std::ranges::find(asked_, key) != asked_.end()) continue;
    refuse("x_content_parse_exception",
           fmt::format("[{}] unknown field [{}]{}", type_, key, did_you_mean(key, asked_)));
  }
}

void Parameters::refuse_type(std::string_view key, base::JsonView value) const {
  refuse("x_content_parse_exception",
         fmt::format("[{}] {} doesn't support values of type: {}", type_, key, token_of(value)));
}

void Parameters::refuse_parse(std::string_view key) const {
  refuse("x_content_parse_exception", fmt::format("[{}] failed to parse field [{}]", type_, key));
}

}  // namespace hornbeam::search::aggregation
