#include "hornbeam/web/command.h"

#include <stdexcept>

namespace hornbeam::web::command_detail {

void refuse(std::string_view usage) {
  throw std::invalid_argument(usage.empty() ? "this command takes no arguments"
                                            : "this command takes " + std::string(usage));
}

std::string short_name(std::string_view type) {
  if (type.find("string") != std::string_view::npos) return "text";
  if (type == "bool") return "bool";
  if (type == "double" || type == "float") return "decimal";
  for (const std::string_view word : {"int", "long", "short", "char"}) {
    if (type.find(word) != std::string_view::npos) return "number";
  }
  const std::size_t scope = type.rfind("::");
  return std::string(scope == std::string_view::npos ? type : type.substr(scope + 2));
}

}  // namespace hornbeam::web::command_detail
