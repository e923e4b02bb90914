#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "hornbeam/http/server.h"

namespace hornbeam::http {

/// A certificate and its key, ready for many sessions, and exchangeable while they last. Thread:
/// any.
class TlsContext {
 public:
  /// Throws std::runtime_error naming the file that cannot be used.
  explicit TlsContext(TlsOptions options);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  /// Reads the files again, for sessions from now on; those there are keep what they have. Throws
  /// as the constructor does, and then changes nothing.
  void reload();

 private:
  friend class TlsSession;
  struct State;
  std::unique_ptr<State> state_;
};

/// One server-side TLS session as a filter, without I/O: what the network brought goes in, what it
/// shall carry comes out.
class TlsSession {
 public:
  /// Takes what `context` holds now; it keeps that alive.
  explicit TlsSession(const TlsContext& context);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  enum class Status : std::uint8_t { kOk, kEnded, kFailed };

  struct Opened {
    Status status = Status::kOk;
    std::size_t bytes =
        0;  ///< Plain bytes written to the destination; 0 when more input is needed.
  };

  /// Takes all of `sealed` in.
  void feed(std::string_view sealed);
  /// Decrypts up to `plain.size()` bytes of what was fed, and continues the handshake.
  Opened open(std::span<char> plain);
  /// Encrypts `plain`. False if the session has failed. Before the handshake is done it must not be
  /// called.
  bool seal(std::string_view plain);
  /// Announces the end of the session to the peer.
  void shut_down();
  /// Moves what the network shall carry to the end of `out`.
  void take_output(std::string& out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hornbeam::http
