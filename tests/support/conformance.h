// Where the conformance data is: published test vectors that are too large, or not ours, to live in
// this repository.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>

namespace hornbeam::tests {

/// The folder of conformance data called `part`, such as "http": below $HORNBEAM_CONFORMANCE if
/// that is set, else below
/// ../shared/conformance beside the project. Nothing where it is not there: the test then skips,
/// and says so:
///
///     const auto folder = conformance_folder("http");
///     if (!folder) GTEST_SKIP() << kNoConformanceData;
inline std::optional<std::filesystem::path> conformance_folder(std::string_view part) {
  const char* configured = std::getenv("HORNBEAM_CONFORMANCE");
  const std::filesystem::path root =
      configured != nullptr ? std::filesystem::path(configured)
                            : std::filesystem::path(HORNBEAM_SOURCE_DIR) / "../shared/conformance";
  std::error_code unreadable;
  if (!std::filesystem::is_directory(root / part, unreadable)) return std::nullopt;
  return root / part;
}

inline constexpr std::string_view kNoConformanceData =
    "the conformance data is not here; mend: set HORNBEAM_CONFORMANCE to the folder that holds it";

}  // namespace hornbeam::tests
