#include "hornbeam/web/read_arguments.h"

namespace hornbeam::web::arguments_detail {

bool read_bool(std::string_view text, bool& value) {
  for (const std::string_view word : {"1", "true", "on", "yes"}) {
    if (text == word) return value = true;
  }
  for (const std::string_view word : {"0", "false", "off", "no", ""}) {
    if (text == word) {
      value = false;
      return true;
    }
  }
  return false;
}

}  // namespace hornbeam::web::arguments_detail
