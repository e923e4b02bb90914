#pragma once

// MultipartParser: the parts of a multipart/form-data body (RFC 7578, RFC 2046), as it arrives.
//
//   MultipartParser parser(boundary);
//   parser.feed(bytes);
//   for (MultipartEvent event = parser.next(); event.kind != kNothing; event = parser.next()) ...
//
// No I/O. What is kept between two feeds is at most one part's head, or a tail that might yet turn
// out to be a delimiter, so that a body of any size costs the same memory, and every byte is looked
// at a bounded number of times whatever it is: neither a flood of CRs nor single bytes make it
// quadratic (CVE-2023-46136). Lines end in CRLF; what has another reading is refused or is data.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hornbeam/http/request_parser.h"

namespace hornbeam::http {

/// Bounds of a body's parts. Past any of them the body is refused with 413.
struct MultipartLimits {
  std::size_t parts = 1000;                ///< Parts of one body.
  std::size_t part_fields = 16;            ///< Header lines of one part.
  std::size_t part_head_bytes = 8 * 1024;  ///< ... all of them together.
};

/// What stands before a part's data.
struct MultipartHead {
  std::string name;                     ///< Of the form's field.
  std::optional<std::string> filename;  ///< As the client says; never a path to use.
  std::string content_type;             ///< As sent; empty if it was not.
};

/// One step through a body, given by `MultipartParser::next`.
struct MultipartEvent {
  /// What the step is.
  enum class Kind : std::uint8_t {
    kNothing,  ///< More bytes are needed.
    kPart,     ///< A part begins: `head()`.
    kData,     ///< A piece of its data, never empty.
    kPartEnd,
    kRefused,  ///< `refusal()`; nothing more comes.
  };
  Kind kind = Kind::kNothing;  ///< What the step is.
  std::string_view data;       ///< Good until the next `feed`.
};

/// Takes a multipart body apart as it arrives. Source: RFC 7578, RFC 2046 section 5.1.
class MultipartParser {
 public:
  /// `boundary` as in the Content-Type, without the dashes before it.
  explicit MultipartParser(std::string_view boundary, MultipartLimits limits = {});

  /// Takes in more of the body. Requires: `next` has given kNothing since the last.
  void feed(std::string_view bytes);
  /// The next step of what was fed; `kNothing` asks for more bytes.
  MultipartEvent next();

  /// Of the part under way. Requires: `next` has given `kPart`.
  const MultipartHead& head() const noexcept { return head_; }
  /// Why the body is refused. Requires: `next` has given `kRefused`.
  const Refusal& refusal() const noexcept { return refusal_; }
  /// Whether the closing delimiter has come: without it the body is cut off. What follows it is
  /// ignored.
  bool is_complete() const noexcept { return state_ == State::kEnded; }

 private:
  enum class State : std::uint8_t { kPreamble, kHead, kData, kEnded, kRefused };
  enum class Match : std::uint8_t { kNone, kUndecided, kPart, kEnd };

  MultipartEvent read_data();
  MultipartEvent read_head();
  MultipartEvent refuse(int status, std::string_view reason);
  MultipartEvent give(std::size_t end);
  Match match_delimiter(std::size_t at, std::size_t& end) const;
  bool parse_head(std::string_view lines);

  std::string delimiter_;  // CRLF "--" boundary.
  MultipartLimits limits_;
  std::string buffer_ = "\r\n";  // The first delimiter may stand at the very beginning.
  std::size_t begin_ = 0;        // Of what has not been given out,
  std::size_t scanned_ = 0;      // and of what has not been searched.
  std::size_t parts_ = 0;
  State state_ = State::kPreamble;
  MultipartHead head_;
  Refusal refusal_;
};

/// The boundary that the Content-Type `type` names; nothing if it is no multipart/form-data or the
/// boundary is not one (RFC 2046, section 5.1.1).
std::optional<std::string> multipart_boundary(std::string_view type);

}  // namespace hornbeam::http
