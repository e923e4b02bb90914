#pragma once

// permessage-deflate (RFC 7692): a message is compressed with DEFLATE, flushed to a byte boundary,
// and sent without the four bytes 00 00 FF FF that such a flush ends with; the receiver adds them
// again.
//
// Memory is why the defaults are what they are. A compressor's window and hash chains take some 256
// KiB and an inflater's window 32 KiB, for every connection that carries them from message to
// message ("context takeover"). Without takeover nothing outlives a message: inflating borrows
// memory for the length of one, and all connections of a loop can share one compressor. So a server
// asks for "no takeover" both ways.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "hornbeam/http/websocket_handshake_fields.h"

struct z_stream_s;  // NOLINT(readability-identifier-naming): zlib's

namespace hornbeam::http {

/// What client and server agreed on. Source: RFC 7692 section 7.1.
struct DeflateParameters {
  bool server_no_context_takeover = true;  ///< The server begins each message with an empty window.
  bool client_no_context_takeover = true;  ///< The client begins each message with an empty window.
  std::uint8_t server_max_window_bits =
      15;  ///< 8 to 15; the window is two to that power. Units: bits.
  std::uint8_t client_max_window_bits = 15;  ///< 8 to 15.

  friend bool operator==(const DeflateParameters&, const DeflateParameters&) = default;
};

/// What a server wants; the defaults keep no memory between messages.
struct DeflatePolicy {
  bool server_context_takeover =
      false;  ///< Keep our window between messages, unless the client asks not to.
  bool client_context_takeover =
      false;  ///< Let the client keep its window: 32 KiB a connection for our inflater.
  /// The largest window that the server compresses with. Units: bits.
  std::uint8_t server_max_window_bits = 15;
  std::uint8_t client_max_window_bits =
      15;  ///< Applied only if the client says that it can be told.
};

/// An accepted offer: what it means, and the value of Sec-WebSocket-Extensions that tells the
/// client.
struct DeflateAgreement {
  DeflateParameters parameters;  ///< What both sides do from now on.
  std::string response;          ///< The value of the response's Sec-WebSocket-Extensions.
};

/// Accepts the first of `offers` that is understood under `policy`; nothing if there is none, which
/// means no compression.
std::optional<DeflateAgreement> negotiate_deflate(std::span<const ExtensionOffer> offers,
                                                  const DeflatePolicy& policy);

/// Frees what zlib holds.
struct InflateEnd {
  void operator()(z_stream_s* stream) const noexcept;
};
/// Frees a zlib stream that compresses.
struct DeflateEnd {
  void operator()(z_stream_s* stream) const noexcept;
};

/// What became of a message: decompressed, no deflate data, or past the limit.
enum class InflateResult : std::uint8_t { kOk, kCorrupt, kTooBig };

/// Inflates messages as their bytes arrive, and stops at a limit however small the compressed form
/// is. A peer that looks back further than the window it agreed to may be refused or understood; it
/// sees nothing but what it said itself.
class MessageInflater {
 public:
  /// Throws: std::bad_alloc.
  explicit MessageInflater(std::uint8_t window_bits);

  /// Appends to `out` what `compressed` gives. Never lets `out` grow past `limit`: kTooBig instead.
  InflateResult append(std::string& out, std::string_view compressed, std::size_t limit);

  /// Ends the message: gives what the removed flush marker still releases, and checks that no block
  /// was cut off.
  InflateResult finish(std::string& out, std::size_t limit);

  /// Forgets the window, for a peer without context takeover.
  void reset() noexcept;

 private:
  std::unique_ptr<z_stream_s, InflateEnd> stream_;
  bool block_stream_ended_ = false;  // the peer marked a block as the last one
};

/// Compresses messages. Without context takeover one of these can serve every connection of a loop.
class MessageDeflater {
 public:
  /// Whether the window is kept between messages, as context takeover means.
  enum class Context : std::uint8_t { kFresh, kKept };

  /// Throws: std::bad_alloc. `level` as zlib's: 1 is quick, 9 is small.
  explicit MessageDeflater(std::uint8_t window_bits, Context context = Context::kFresh,
                           int level = 6);

  /// Appends the compressed form of one whole `message`: the payload for a frame with RSV1 set.
  void append(std::string& out, std::string_view message);

 private:
  std::unique_ptr<z_stream_s, DeflateEnd> stream_;
  Context context_;
};

}  // namespace hornbeam::http
