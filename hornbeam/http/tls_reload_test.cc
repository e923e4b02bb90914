// Certificates exchanged while a server runs, seen by a TLS client of OpenSSL's.

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hornbeam/http/server.h"

namespace hornbeam::http {
namespace {

namespace fs = std::filesystem;

template <class Type, auto kFree>
struct Free {
  void operator()(Type* thing) const { kFree(thing); }
};
template <class Type, auto kFree>
using Owned = std::unique_ptr<Type, Free<Type, kFree>>;
using Key = Owned<EVP_PKEY, EVP_PKEY_free>;
using File = Owned<std::FILE, std::fclose>;

/// A folder with a certificate that signs itself, and its key.
class Certificates {
 public:
  Certificates() {
    std::string name = (fs::temp_directory_path() / "hornbeam-tls-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~Certificates() { fs::remove_all(folder_); }
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;

  TlsOptions options() const { return {path("chain.pem"), path("key.pem")}; }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  /// Replaces both by new ones for `name`.
  void write(const std::string& name) const {
    const Key key(EVP_EC_gen("P-256"));
    const Owned<X509, X509_free> certificate(X509_new());
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key.get());
    X509_NAME* const subject = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(certificate.get(), subject);
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    const File chain_file(std::fopen(path("chain.pem").c_str(), "w"));
    PEM_write_X509(chain_file.get(), certificate.get());
    const File key_file(std::fopen(path("key.pem").c_str(), "w"));
    PEM_write_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  }
  void spoil(const std::string& file) const { std::ofstream(path(file)) << "no PEM at all\n"; }

 private:
  fs::path folder_;
};

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
  fs::copy_file(others.path("key.pem"), files.path("key.pem"),
                fs::copy_options::overwrite_existing);
  expect_refused("key.pem");
  fs::remove(files.path("chain.pem"));
  expect_refused("chain.pem");
  files.write("new.example");
  server.reload_tls();
  EXPECT_EQ(TlsClient(server.port()).certificate_name(), "new.example");
}

}  // namespace
}  // namespace hornbeam::http
