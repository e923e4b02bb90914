#include "hornbeam/data/sqlite/location.h"

#include <fmt/format.h>

#include "hornbeam/data/error.h"

namespace hornbeam::data::sqlite {

Location parse_location(std::string_view url) {
  constexpr std::string_view kScheme = "sqlite://";
  if (!url.starts_with(kScheme)) {
    throw DatabaseError(ErrorKind::kOther,
                        fmt::format("\"{}\" is no SQLite URL: write sqlite:///file.db, "
                                    "sqlite:////absolute/file.db, or sqlite:// for memory",
                                    url));
  }
  std::string_view rest = url.substr(kScheme.size());
  Location location;
  if (const std::size_t mark = rest.find('?'); mark != std::string_view::npos) {
    const std::string_view option = rest.substr(mark + 1);
    constexpr std::string_view kVfs = "vfs=";
    if (!option.starts_with(kVfs)) {
      throw DatabaseError(
          ErrorKind::kOther,
          fmt::format(R"(the SQLite URL "{}" has the option "{}"; the only one known is vfs)", url,
                      option));
    }
    location.vfs = option.substr(kVfs.size());
    rest = rest.substr(0, mark);
  }
  if (rest.empty() || rest == "/" || rest == "/:memory:") return location;
  if (rest.front() != '/') {
    throw DatabaseError(
        ErrorKind::kOther,
        fmt::format("the SQLite URL \"{}\" names a host; a file takes three slashes: "
                    "sqlite:///{}",
                    url, rest));
  }
  location.path = rest.substr(1);
  return location;
}

}  // namespace hornbeam::data::sqlite
