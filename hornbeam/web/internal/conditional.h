#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "hornbeam/web/request.h"

namespace hornbeam::web {

/// What tells one state of a resource from another.
struct Validators {
  std::string etag;                ///< With its quotes.
  std::int64_t last_modified = 0;  ///< Seconds since 1970; 0 if unknown.
};

/// True if the client's copy is still good (RFC 9110, section 13.1): the answer is 304.
bool is_not_modified(const Request& request, const Validators& current);

/// A part of a resource.
struct ByteRange {
  std::uint64_t begin = 0;
  std::uint64_t size = 0;
};

/// What a Range field asks for (RFC 9110, section 14.2).
struct RangeRequest {
  bool is_unsatisfiable = false;
  std::optional<ByteRange> range{};
};

/// Reads the Range of `request` for a resource of `size` bytes, and If-Range. Nothing asked, or
/// asked in a way that is to be ignored, is neither a range nor unsatisfiable.
RangeRequest requested_range(const Request& request, const Validators& current, std::uint64_t size);

/// Completes `response`, which has its fields, for a resource of `size` bytes: 200, 206, 304 or
/// 416, with the body that `body` gives for the range to send.
Response answer_with_range(const Request& request, Response response, const Validators& current,
                           std::uint64_t size,
                           const std::function<Response::Body(ByteRange)>& body);

}  // namespace hornbeam::web
