// Certificates exchanged while a server runs, seen by a TLS client of OpenSSL's.

#include <array>
#include <filesystem>
#include <string>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hornbeam/http/server.h"
#include "hornbeam/http/testing/certificates.h"

namespace hornbeam::http {
namespace {

/// A connection that takes any certificate and says whose it got.
class TlsClient {
 public:
  explicit TlsClient(std::uint16_t port)
      : socket_(::socket(AF_INET, SOCK_STREAM, 0)),
        context_(SSL_CTX_new(TLS_client_method())),
        session_(SSL_new(context_.get())) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    SSL_set_fd(session_.get(), socket_);
    EXPECT_EQ(SSL_connect(session_.get()), 1);
  }
  ~TlsClient() { ::close(socket_); }
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  std::string certificate_name() const {
    const Owned<X509, X509_free> certificate(SSL_get1_peer_certificate(session_.get()));
    if (certificate == nullptr) return {};
    std::array<char, 64> name{};
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name.data(),
                              name.size());
    return name.data();
  }
  /// The whole response to a GET; its body is one byte.
  std::string get() {
    constexpr std::string_view kRequest = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    EXPECT_GT(SSL_write(session_.get(), kRequest.data(), static_cast<int>(kRequest.size())), 0);
    std::string response;
    std::array<char, 4096> piece{};
    while (!response.ends_with("\r\n\r\nx")) {
      const int size = SSL_read(session_.get(), piece.data(), static_cast<int>(piece.size()));
      if (size <= 0) break;
      response.append(piece.data(), static_cast<std::size_t>(size));
    }
    return response;
  }

 private:
  int socket_;
  Owned<SSL_CTX, SSL_CTX_free> context_;
  Owned<SSL, SSL_free> session_;
};

class Answers final : public Handler {
 public:
  Reply handle(Request& request) override {
    EXPECT_TRUE(request.is_tls());
    return Response(200, "text/plain", std::string("x"));
  }
};

ServerOptions options_of(const Certificates& files, unsigned loops) {
  ServerOptions options;
  options.port = 0;
  options.loops = loops;
  options.tls = files.options();
  return options;
}

TEST(TlsReload, GivesNewConnectionsTheNewCertificateWhileOldOnesGoOn) {
  const Certificates files;
  files.write("old.example");
  Answers handler;
  Server server(options_of(files, 2), handler);
  server.start();
  TlsClient before(server.port());
  EXPECT_EQ(before.certificate_name(), "old.example");
  EXPECT_TRUE(before.get().starts_with("HTTP/1.1 200"));

  files.write("new.example");
  EXPECT_EQ(TlsClient(server.port()).certificate_name(), "old.example") << "not read yet";
  server.reload_tls();
  for (int i = 0; i < 8; ++i) {
    TlsClient after(server.port());
    EXPECT_EQ(after.certificate_name(), "new.example");
    EXPECT_TRUE(after.get().starts_with("HTTP/1.1 200"));
  }
  EXPECT_TRUE(before.get().starts_with("HTTP/1.1 200"));
  EXPECT_EQ(before.certificate_name(), "old.example");
}

TEST(TlsReload, KeepsTheOldCertificateIfTheNewOneCannotBeUsed) {
  const Certificates files;
  files.write("old.example");
  Answers handler;
  Server server(options_of(files, 1), handler);
  server.start();
  const auto expect_refused = [&](const std::string& file) {
    try {
      server.reload_tls();
      ADD_FAILURE() << file << " was taken";
    } catch (const std::runtime_error& failure) {
      EXPECT_TRUE(std::string_view(failure.what()).contains(file)) << failure.what();
    }
    TlsClient client(server.port());
    EXPECT_EQ(client.certificate_name(), "old.example");
    EXPECT_TRUE(client.get().starts_with("HTTP/1.1 200"));
  };
  files.spoil("chain.pem");
  expect_refused("chain.pem");
  files.write("new.example");
  files.spoil("key.pem");
  expect_refused("key.pem");
  // A key that belongs to another certificate.
  const Certificates others;
  others.write("other.example");
  std::filesystem::copy_file(others.path("key.pem"), files.path("key.pem"),
                             std::filesystem::copy_options::overwrite_existing);
  expect_refused("key.pem");
  std::filesystem::remove(files.path("chain.pem"));
  expect_refused("chain.pem");
  files.write("new.example");
  server.reload_tls();
  EXPECT_EQ(TlsClient(server.port()).certificate_name(), "new.example");
}

}  // namespace
}  // namespace hornbeam::http
