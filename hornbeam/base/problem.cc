#include "hornbeam/base/problem.h"

#include <algorithm>

#include "hornbeam/base/encoding.h"

namespace hornbeam::base {

std::string Problem::to_string() const {
  std::string text = message;
  if (path.empty()) return text;
  if (is_about_value && std::holds_alternative<std::string>(path.back())) {
    text += " for dictionary value";
  }
  text += " @ data";
  for (const PathStep& step : path) {
    if (const auto* key = std::get_if<std::string>(&step)) {
      text += "['" + *key + "']";
    } else {
      text += "[" + std::to_string(std::get<std::size_t>(step)) + "]";
    }
  }
  return text;
}

std::string Problem::pointer() const {
  std::string text = "#";
  for (const PathStep& step : path) {
    text += '/';
    if (const auto* index = std::get_if<std::size_t>(&step)) {
      text += std::to_string(*index);
      continue;
    }
    std::string escaped;
    for (const char each : std::get<std::string>(step)) {
      if (each == '~') {
        escaped += "~0";
      } else if (each == '/') {
        escaped += "~1";
      } else {
        escaped += each;
      }
    }
    text += percent_encode(escaped, "!$&'()*+,;=:@/?-._~");
  }
  return text;
}

std::vector<PathStep> Place::steps() const {
  std::vector<PathStep> steps;
  for (const Place* place = this; place->outer != nullptr; place = place->outer) {
    if (place->is_index) {
      steps.emplace_back(place->index);
    } else {
      steps.emplace_back(std::string(place->key));
    }
  }
  std::reverse(steps.begin(), steps.end());
  return steps;
}

}  // namespace hornbeam::base
