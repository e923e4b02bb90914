#pragma once

// Content codings (RFC 9110, section 8.4.1): gzip, br (RFC 7932), zstd (RFC 8878), as streams
// without I/O.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "hornbeam/http/request_parser.h"

namespace hornbeam::http {

/// What a body is compressed by.
enum class ContentCoding : std::uint8_t { kGzip, kBrotli, kZstd };

/// The coding's name in Content-Encoding: "gzip", "br", "zstd".
std::string_view to_string(ContentCoding coding) noexcept;
/// The coding that `name` stands for, whatever its case; nothing for others.
std::optional<ContentCoding> find_content_coding(std::string_view name) noexcept;

/// Compresses one body.
class ContentEncoder {
 public:
  /// Throws: std::bad_alloc.
  explicit ContentEncoder(ContentCoding coding);
  ~ContentEncoder();
  ContentEncoder(const ContentEncoder&) = delete;
  ContentEncoder& operator=(const ContentEncoder&) = delete;

  /// How much of what was put in must have come out.
  enum class Flush : std::uint8_t {
    kNone,  ///< The encoder may keep bytes.
    kSync,  ///< All so far can be decoded from what has come out.
    kEnd,   ///< The last call.
  };
  /// Appends what `bytes` become.
  void append(std::string& out, std::string_view bytes, Flush flush);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Decompresses one body, up to a limit: a few bytes may stand for gigabytes.
class ContentDecoder {
 public:
  /// `max_bytes` of output; past it 413.
  ContentDecoder(ContentCoding coding, std::size_t max_bytes);
  ~ContentDecoder();
  ContentDecoder(const ContentDecoder&) = delete;
  ContentDecoder& operator=(const ContentDecoder&) = delete;

  /// Appends what `bytes` stand for; the reason if they are malformed or too much.
  std::optional<Refusal> append(std::string& out, std::string_view bytes);
  /// Whether the body has come to its end.
  bool is_complete() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hornbeam::http
