#include "hornbeam/web/internal/vary.h"

#include <algorithm>
#include <string>

#include "hornbeam/http/token.h"

namespace hornbeam::web {

void add_vary(http::Response& response, std::string_view name) {
  const std::string* field = response.find_field("vary");
  if (field == nullptr || field->empty()) {
    response.set_field("Vary", std::string(name));
    return;
  }
  std::string_view rest = *field;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    std::string_view each = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    while (each.starts_with(' ')) each.remove_prefix(1);
    while (each.ends_with(' ')) each.remove_suffix(1);
    if (each == "*" || http::equals_ignoring_case(each, name)) return;
  }
  response.set_field("Vary", *field + ", " + std::string(name));
}

}  // namespace hornbeam::web
