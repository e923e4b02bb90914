#pragma once

// One connection of a client: a blocking socket, encrypted or not, and one exchange after another.

#include <memory>
#include <string>
#include <string_view>

#include "hornbeam/http/client.h"

struct ssl_st;
struct ssl_ctx_st;

namespace hornbeam::http::internal {

/// Where a client's requests go.
struct ClientAddress {
  std::string host;
  std::string port;
  std::string prefix;         ///< Of every target.
  std::string authorization;  ///< The field's value; empty: none.
  bool is_encrypted = false;
  std::string shown;  ///< For messages.

  static ClientAddress parse(std::string_view url);
};

class ClientConnection {
 public:
  /// Connects. `context` is null for a connection that is not encrypted.
  ClientConnection(const ClientAddress& address, const ClientOptions& options, ssl_ctx_st* context);
  ~ClientConnection();
  ClientConnection(const ClientConnection&) = delete;
  ClientConnection& operator=(const ClientConnection&) = delete;

  /// Whether the server has closed it, or has said what nobody asked for.
  bool is_stale() const;
  /// One exchange. `has_begun` becomes true with the first byte of the answer.
  ClientResponse exchange(const ClientRequest& request, bool& has_begun);
  /// Whether it may be used again after the exchange.
  bool is_kept() const noexcept { return is_kept_; }

 private:
  void connect(const ClientAddress& address);
  void start_tls(ssl_ctx_st* context, const std::string& host);
  void write_all(std::string_view bytes);
  /// Reads more into the buffer; false at the end of the stream.
  bool read_more();
  std::string head_of(const ClientRequest& request) const;
  std::string read_head(bool& has_begun);
  void read_body(const ClientRequest& request, ClientResponse& response);
  void read_length(std::size_t length, std::string& body);
  void read_chunks(std::string& body);
  [[noreturn]] void fail(const std::string& what) const;

  const ClientAddress& address_;
  const ClientOptions& options_;
  int socket_ = -1;
  ssl_st* tls_ = nullptr;
  std::string buffer_;  ///< Read and not used.
  bool is_kept_ = true;
};

}  // namespace hornbeam::http::internal
