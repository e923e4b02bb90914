#pragma once

#include <cstdint>
#include <string>

#include "hornbeam/base/describe.h"
#include "hornbeam/base/result.h"

namespace hornbeam::denorm {

/// What is committed with an index: how far it is.
struct IndexState {
  std::string cursor;         ///< Everything up to here is in the index.
  std::string fingerprint;    ///< Of the document type it was built for.
  bool is_filling = false;    ///< The rows that were there at the cursor are not all in it.
  std::string after;          ///< While it is filled: the last key that is in it.
  bool has_served = false;    ///< The alias was pointed at it.
  std::int64_t filled = 0;    ///< While it is filled: how many rows were looked at.
  std::int64_t built_at = 0;  ///< When it was complete. Units: milliseconds since 1970.

  /// As it is committed.
  std::string text() const;
  /// Reads what `text` wrote; an empty text is the state of an index that was never committed.
  static base::Result<IndexState> parse(std::string_view text);
};
/// Its members.
constexpr auto describe(base::Type<IndexState>) {
  using base::field;
  return base::fields(
      field("cursor", &IndexState::cursor), field("fingerprint", &IndexState::fingerprint),
      field("is_filling", &IndexState::is_filling), field("after", &IndexState::after),
      field("has_served", &IndexState::has_served), field("filled", &IndexState::filled),
      field("built_at", &IndexState::built_at));
}

}  // namespace hornbeam::denorm
