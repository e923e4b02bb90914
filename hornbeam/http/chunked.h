#pragma once

// ChunkedDecoder: the chunked transfer coding (RFC 9112, section 7.1), one octet class at a time.
//
//   chunked-body = *chunk last-chunk trailer-section CRLF
//   chunk        = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
//
// Strict for the same reason as the head: a bare LF in an extension or a missing CRLF behind the
// data is where two readers of one stream part ways. Trailers are checked, bounded and dropped,
// never merged into the head.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "hornbeam/http/request_parser.h"

namespace hornbeam::http {

/// Decodes one chunked body, piece by piece.
class ChunkedDecoder {
 public:
  /// Longest extension of one chunk, and all trailers together. Bytes.
  static constexpr std::size_t kExtensionBytes = 256;
  static constexpr std::size_t kTrailerBytes = 8 * 1024;  ///< Longest trailer section. Bytes.

  /// What one call of the decoder made of its input.
  struct Step {
    /// Whether the body goes on, has ended, or is malformed.
    ParseState state = ParseState::kIncomplete;
    std::size_t consumed = 0;  ///< Bytes of the input used up, payload included.
    std::string_view payload;  ///< A piece of the body, within the input; may be empty.
    Refusal refusal;           ///< When refused.
  };

  /// Reads from `bytes` up to the end of the next piece of payload, of the body, or of the input.
  /// Call again with what follows `consumed` until complete, refused, or the input is used up.
  Step next(std::string_view bytes);

 private:
  enum class At : std::uint8_t {
    kSizeStart,
    kSize,
    kExtensionName,    // Behind ';', before any character of a name.
    kExtension,        // Within an extension.
    kExtensionQuoted,  // Within a quoted value.
    kExtensionEscape,  // Behind a backslash in a quoted value.
    kSizeLineFeed,
    kData,
    kDataReturn,
    kDataLineFeed,
    kTrailerStart,
    kTrailerName,
    kTrailerValue,
    kTrailerLineFeed,
    kFinalLineFeed,
    kDone,
  };

  std::string_view step_line(char c);
  std::string_view step_size(char c);
  std::string_view step_extension(char c);
  std::string_view step_trailer(char c);

  At at_ = At::kSizeStart;
  std::uint8_t digits_ = 0;
  std::uint32_t extra_ = 0;  // Bytes of this chunk's extension, or of the trailers.
  std::uint64_t left_ = 0;   // Bytes of data still to come in this chunk.
};

/// Appends `payload` as one chunk; nothing for an empty one, which would end the body.
void append_chunk(std::string& out, std::string_view payload);

/// What ends a chunked body without trailers.
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace hornbeam::http
