#pragma once

// RequestParser: the head of an HTTP/1.1 request, strictly (RFC 9112).
//
// Two intermediaries that read one byte sequence differently are an attack (request smuggling), so
// whatever has two readings is refused: a bare LF, white space before a colon, a folded line, a
// second Host, lengths that are anything but one run of digits, Content-Length beside
// Transfer-Encoding. Nothing is repaired.
//
// No I/O: bytes in, a request or a refusal out. The head is parsed in place, once all of it is
// there; until then only line ends are looked at, each byte once, so that feeding byte by byte
// costs no more than feeding at once.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "hornbeam/http/request.h"

namespace hornbeam::http {

/// How the bytes after a head belong to the request.
struct Framing {
  bool is_chunked = false;        ///< The body comes in chunks, its length unknown.
  bool keep_alive = true;         ///< The connection may be used again after the response.
  bool expects_continue = false;  ///< The client waits for "100 Continue" before it sends the body.
  std::uint64_t content_length = 0;  ///< Of the body, if it is not chunked. Bytes.

  /// Whether a body follows the head.
  bool has_body() const noexcept { return is_chunked || content_length != 0; }
};

/// Bounds of a head; see `Limits`.
struct HeadLimits {
  std::size_t line_bytes = 8 * 1024;   ///< Longest request line, and longest field line. Bytes.
  std::size_t head_bytes = 32 * 1024;  ///< Longest head, all lines together. Bytes.
  std::size_t field_count = 100;       ///< Most fields.
};

/// Why a request is refused: the status to answer with and a sentence for whoever debugs the
/// client.
struct Refusal {
  int status = 400;         ///< The status to answer with.
  std::string_view reason;  ///< A sentence for people.
};

/// How far reading has come: more bytes are needed, all is there, or it is malformed.
enum class ParseState : std::uint8_t { kIncomplete, kComplete, kRefused };

/// What one call of the parser made of its input.
struct HeadOutcome {
  ParseState state = ParseState::kIncomplete;  ///< Whether the head is whole.
  std::size_t consumed = 0;                    ///< Bytes of the head, when complete.
  Refusal refusal;                             ///< When refused.
};

/// Parses one head after another.
///
/// Calls match: (parse* returning incomplete, each time with the same bytes and more behind them;
/// parse returning complete)*, then at most one refusal, after which the connection must close.
class RequestParser {
 public:
  /// Parses the head at the front of `bytes`, lower-casing field names in place. `request` views
  /// into `bytes`.
  HeadOutcome parse(std::span<char> bytes, const HeadLimits& limits, Request& request,
                    Framing& framing);

  /// True if some bytes of the next head have been seen.
  bool has_begun() const noexcept { return scanned_ != 0; }

 private:
  struct Scan {
    ParseState state;
    std::size_t head_end;
    Refusal refusal;
  };
  Scan find_end(std::span<const char> bytes, const HeadLimits& limits);

  std::uint32_t scanned_ = 0;     // Bytes in which line ends have been looked for.
  std::uint32_t lines_ = 0;       // Lines that have ended, but for a leading empty one.
  std::uint32_t line_start_ = 0;  // Where the line that `scanned_` lies in begins.
};

}  // namespace hornbeam::http
