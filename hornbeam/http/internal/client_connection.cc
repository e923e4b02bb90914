#include "hornbeam/http/internal/client_connection.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hornbeam/base/encoding.h"
#include "hornbeam/base/pipe_signal.h"
#include "hornbeam/http/chunked.h"

namespace hornbeam::http::internal {

namespace {

constexpr std::size_t kMostHead = std::size_t{64} * 1024;
constexpr std::size_t kReadAtOnce = std::size_t{64} * 1024;

timeval to_timeval(std::chrono::milliseconds time) {
  return {.tv_sec = time.count() / 1000, .tv_usec = (time.count() % 1000) * 1000};
}

std::string lower(std::string_view text) {
  std::string small(text);
  std::transform(small.begin(), small.end(), small.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return small;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Base64 with the alphabet and padding of RFC 4648, section 4, as Basic authentication has it.
std::string base64(std::string_view text) {
  std::string encoded = base::base64url_encode(text);
  std::replace(encoded.begin(), encoded.end(), '-', '+');
  std::replace(encoded.begin(), encoded.end(), '_', '/');
  while (encoded.size() % 4 != 0) encoded += '=';
  return encoded;
}

/// What a certificate that is refused asks for.
std::string_view mend_of(long verified) {
  switch (verified) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "call the server by a name that its certificate is for";
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "renew it, or set the clock right";
    default:
      return "name the file (PEM) with the certificate of its issuer as one that is trusted";
  }
}

}  // namespace

ClientAddress ClientAddress::parse(std::string_view url) {
  ClientAddress address;
  const auto refuse = [&](std::string_view what) {
    throw std::invalid_argument(
        fmt::format("the URL of a server {}. Mend: http://host:port or https://host:port", what));
  };
  std::string_view rest = url;
  if (url.starts_with("https://")) {
    address.is_encrypted = true;
    rest.remove_prefix(8);
  } else if (url.starts_with("http://")) {
    rest.remove_prefix(7);
  } else {
    refuse("begins with neither http:// nor https://");
  }
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  address.prefix = rest.substr(slash);
  while (address.prefix.ends_with('/')) address.prefix.pop_back();
  std::string_view authority = rest.substr(0, slash);
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    address.authorization = "Basic " + base64(base::percent_decode(authority.substr(0, at)));
    authority.remove_prefix(at + 1);
  }
  address.shown = fmt::format("{}://{}", address.is_encrypted ? "https" : "http", authority);
  address.port = address.is_encrypted ? "443" : "80";
  const bool is_bracketed = authority.starts_with('[');
  const std::size_t colon = authority.rfind(':');
  if (colon != std::string_view::npos && (!is_bracketed || authority[colon - 1] == ']')) {
    address.port = authority.substr(colon + 1);
    authority = authority.substr(0, colon);
  }
  if (is_bracketed && authority.ends_with(']'))
    authority = authority.substr(1, authority.size() - 2);
  address.host = authority;
  if (address.host.empty() || address.port.empty()) refuse("names no host, or no port");
  return address;
}

ClientConnection::ClientConnection(const ClientAddress& address, const ClientOptions& options,
                                   ssl_ctx_st* context)
    : address_(address), options_(options) {
  try {
    connect(address);
    if (context != nullptr) start_tls(context, address.host);
  } catch (...) {
    if (tls_ != nullptr) SSL_free(tls_);
    if (socket_ >= 0) close(socket_);
    throw;
  }
}

ClientConnection::~ClientConnection() {
  if (tls_ != nullptr) SSL_free(tls_);
  close(socket_);
}

void ClientConnection::fail(const std::string& what) const {
  throw ClientError(fmt::format("{}: {}", address_.shown, what));
}

void ClientConnection::connect(const ClientAddress& address) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int failed = getaddrinfo(address.host.c_str(), address.port.c_str(), &hints, &found);
  if (failed != 0) fail(fmt::format("its address cannot be found: {}", gai_strerror(failed)));
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> addresses(found, &freeaddrinfo);
  int error = ECONNREFUSED;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    socket_ = socket(each->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket_ < 0) fail("no socket is left");
    error = ::connect(socket_, each->ai_addr, each->ai_addrlen) == 0 ? 0 : errno;
    if (error == EINPROGRESS) {
      pollfd waiting{socket_, POLLOUT, 0};
      socklen_t size = sizeof error;
      if (poll(&waiting, 1, static_cast<int>(options_.connect_timeout.count())) != 1) {
        error = ETIMEDOUT;
      } else {
        getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size);
      }
    }
    if (error == 0) break;
    close(socket_);
    socket_ = -1;
  }
  if (error != 0) fail(fmt::format("cannot connect: {}", std::strerror(error)));
  fcntl(socket_, F_SETFL, fcntl(socket_, F_GETFL) & ~O_NONBLOCK);
  const timeval patience = to_timeval(options_.silence_timeout);
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  const int on = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void ClientConnection::start_tls(ssl_ctx_st* context, const std::string& host) {
  ERR_clear_error();
  tls_ = SSL_new(context);
  if (tls_ == nullptr) fail("TLS cannot be set up");
  // Only names are sent (RFC 6066, section 3); an address is compared with those in the
  // certificate.
  in6_addr address{};
  const bool is_address = inet_pton(AF_INET, host.c_str(), &address) == 1 ||
                          inet_pton(AF_INET6, host.c_str(), &address) == 1;
  if (!is_address) SSL_set_tlsext_host_name(tls_, host.c_str());
  SSL_set1_host(tls_, host.c_str());
  SSL_set_fd(tls_, socket_);
  const base::WithoutPipeSignal no_signal;
  if (SSL_connect(tls_) == 1) return;
  const long verified = SSL_get_verify_result(tls_);
  if (verified != X509_V_OK) {
    fail(fmt::format("its certificate is not trusted: {}. Mend: {}",
                     X509_verify_cert_error_string(verified), mend_of(verified)));
  }
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  fail(fmt::format("no TLS with it: {}", text.data()));
}

bool ClientConnection::is_stale() const {
  pollfd readable{socket_, POLLIN, 0};
  return !buffer_.empty() || poll(&readable, 1, 0) != 0;
}

void ClientConnection::write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    std::optional<base::WithoutPipeSignal> no_signal;
    if (tls_ != nullptr) no_signal.emplace();
    const auto written = tls_ != nullptr
                             ? static_cast<ssize_t>(SSL_write(
                                   tls_, bytes.data(),
                                   static_cast<int>(std::min<std::size_t>(bytes.size(), 1U << 30))))
                             : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (written <= 0) fail("the request cannot be sent");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

bool ClientConnection::read_more() {
  std::array<char, kReadAtOnce> piece;
  const auto count = tls_ != nullptr
                         ? static_cast<ssize_t>(SSL_read(tls_, piece.data(), piece.size()))
                         : ::recv(socket_, piece.data(), piece.size(), 0);
  if (count > 0) buffer_.append(piece.data(), static_cast<std::size_t>(count));
  if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
    fail(fmt::format("it was silent for {} ms", options_.silence_timeout.count()));
  }
  return count > 0;
}

std::string ClientConnection::head_of(const ClientRequest& request) const {
  const bool is_literal = address_.host.find(':') != std::string::npos;
  std::string head = fmt::format("{} {}{} HTTP/1.1\r\nHost: {}{}{}:{}\r\n", request.method,
                                 address_.prefix, request.target, is_literal ? "[" : "",
                                 address_.host, is_literal ? "]" : "", address_.port);
  if (!address_.authorization.empty()) head += "Authorization: " + address_.authorization + "\r\n";
  if (!request.body.empty()) {
    head += fmt::format("Content-Type: {}\r\nContent-Length: {}\r\n", request.content_type,
                        request.body.size());
  } else if (request.method == "POST" || request.method == "PUT") {
    head += "Content-Length: 0\r\n";
  }
  return head + "\r\n";
}

std::string ClientConnection::read_head(bool& has_begun) {
  std::size_t end = std::string::npos;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (buffer_.size() > kMostHead) fail("the head of its answer does not end");
    if (!read_more()) fail("it closed the connection without an answer");
    has_begun = true;
  }
  std::string head = buffer_.substr(0, end + 2);
  buffer_.erase(0, end + 4);
  return head;
}

ClientResponse ClientConnection::exchange(const ClientRequest& request, bool& has_begun) {
  is_kept_ = false;  // Until the whole answer is there.
  write_all(head_of(request));
  write_all(request.body);
  ClientResponse response;
  // Ends: interim answers are few, and each has a head of its own.
  for (int heads = 0; heads < 8 && (response.status < 200); ++heads) {
    const std::string head = read_head(has_begun);
    response = {};
    std::string_view rest = head;
    std::string_view line = rest.substr(0, rest.find("\r\n"));
    rest.remove_prefix(line.size() + 2);
    if (!line.starts_with("HTTP/1.") || line.size() < 12 ||
        std::from_chars(line.data() + 9, line.data() + 12, response.status).ec != std::errc()) {
      fail("its answer is not HTTP/1");
    }
    is_kept_ = line[7] == '1';
    while (!rest.empty()) {
      line = rest.substr(0, rest.find("\r\n"));
      rest.remove_prefix(line.size() + 2);
      const std::size_t colon = line.find(':');
      if (colon == std::string_view::npos) fail("a line of its answer's head has no colon");
      response.fields.emplace_back(lower(line.substr(0, colon)), trim(line.substr(colon + 1)));
    }
  }
  const auto connection = response.find("connection");
  const bool is_kept =
      connection ? lower(*connection) == "keep-alive" || (is_kept_ && lower(*connection) != "close")
                 : is_kept_;
  is_kept_ = is_kept;
  read_body(request, response);
  return response;
}

void ClientConnection::read_body(const ClientRequest& request, ClientResponse& response) {
  if (request.method == "HEAD" || response.status == 204 || response.status == 304) return;
  const bool was_kept = std::exchange(is_kept_, false);
  if (const auto coding = response.find("transfer-encoding")) {
    if (lower(*coding) != "chunked") fail("its answer has a transfer coding that is not known");
    read_chunks(response.body);
  } else if (const auto length = response.find("content-length")) {
    std::size_t bytes = 0;
    const char* const last = length->data() + length->size();
    const auto [end, error] = std::from_chars(length->data(), last, bytes);
    if (error != std::errc() || end != last) fail("its answer has a length that is no number");
    read_length(bytes, response.body);
  } else {
    while (read_more()) {
      if (buffer_.size() > options_.most_body) fail("its answer is too long");
    }
    response.body = std::exchange(buffer_, {});
    return;
  }
  is_kept_ = was_kept;
}

void ClientConnection::read_length(std::size_t length, std::string& body) {
  if (length > options_.most_body) fail(fmt::format("its answer has {} bytes", length));
  while (buffer_.size() < length) {
    if (!read_more()) fail("its answer ends early");
  }
  body = buffer_.substr(0, length);
  buffer_.erase(0, length);
}

void ClientConnection::read_chunks(std::string& body) {
  ChunkedDecoder decoder;
  while (true) {  // Ends: the decoder does, or the stream.
    const ChunkedDecoder::Step step = decoder.next(buffer_);
    body.append(step.payload);
    buffer_.erase(0, step.consumed);
    if (step.state == ParseState::kComplete) return;
    if (step.state == ParseState::kRefused) fail("its answer's chunks are malformed");
    if (body.size() > options_.most_body) fail("its answer is too long");
    if (step.consumed == 0 && !read_more()) fail("its answer ends early");
  }
}

}  // namespace hornbeam::http::internal
