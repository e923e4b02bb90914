#pragma once

// Client: asks another server, from a thread that may wait.
//
//   http::Client client("https://user:secret@search.example:9200");
//   const http::ClientResponse answer = client.send({.method = "GET", .target =
//   "/_cluster/health"});
//
// Connections are kept and used again, by any thread, one exchange at a time each.

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hornbeam::http {

/// How a client waits, and whom it trusts.
struct ClientOptions {
  /// Until there is a connection.
  std::chrono::milliseconds connect_timeout{5'000};
  /// How long the server may be silent while it is waited for.
  std::chrono::milliseconds silence_timeout{60'000};
  /// Connections at the same time; whoever needs one more waits.
  std::size_t most_connections = 8;
  /// Longest body of an answer. Bytes.
  std::size_t most_body = std::size_t{512} * 1024 * 1024;
  /// Certificates that are trusted, as PEM; empty: those that the system trusts.
  std::string trusted_file{};
};

/// What is asked.
struct ClientRequest {
  /// In capital letters.
  std::string method = "GET";
  /// Path and query, as they are sent.
  std::string target = "/";
  std::string body{};          ///< Sent with its length; none if empty.
  std::string content_type{};  ///< Of the body.
  /// Whether asking twice does no harm: then it is asked again where the server closed a connection
  /// that was kept.
  bool is_repeatable = true;
};

/// What was answered.
struct ClientResponse {
  /// Such as 200.
  int status = 0;
  /// Names in small letters, in the order they came.
  std::vector<std::pair<std::string, std::string>> fields{};
  /// Without the transfer's coding.
  std::string body{};

  /// The first field of that name, in small letters.
  std::optional<std::string_view> find(std::string_view name) const;
};

/// There was no answer, or none that is HTTP. Whether the request was carried out is not known.
class ClientError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Of one server. Thread: any; blocks, so never one that runs a loop (checked).
class Client {
 public:
  /// `http://[user:password@]host[:port]`, or `https`; a path is put before every target. Connects
  /// when it is first needed. Throws: std::invalid_argument.
  explicit Client(std::string_view url, ClientOptions options = {});
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Asks and waits for the whole answer, whatever its status. Throws: `ClientError`.
  ClientResponse send(const ClientRequest& request);

  /// The server, without a password, for messages.
  const std::string& server() const noexcept;

 private:
  class Pool;
  std::unique_ptr<Pool> pool_;
};

}  // namespace hornbeam::http
