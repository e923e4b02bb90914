#pragma once

// Certificates made in a test, for servers of its own.

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include "hornbeam/http/server.h"

namespace hornbeam::http {

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
    std::string name = (std::filesystem::temp_directory_path() / "hornbeam-tls-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~Certificates() { std::filesystem::remove_all(folder_); }
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;

  TlsOptions options() const { return {path("chain.pem"), path("key.pem")}; }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  /// Replaces both by new ones for `name`, which are good for so many seconds. `alternative` is
  /// what else it is for, such as "IP:127.0.0.1".
  void write(const std::string& name, const std::string& alternative = {},
             long seconds = 3600) const {
    const Key key(EVP_EC_gen("P-256"));
    const Owned<X509, X509_free> certificate(X509_new());
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -7200);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), seconds);
    X509_set_pubkey(certificate.get(), key.get());
    X509_NAME* const subject = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(certificate.get(), subject);
    if (!alternative.empty()) {
      const Owned<X509_EXTENSION, X509_EXTENSION_free> extension(
          X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, alternative.c_str()));
      X509_add_ext(certificate.get(), extension.get(), -1);
    }
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    const File chain_file(std::fopen(path("chain.pem").c_str(), "w"));
    PEM_write_X509(chain_file.get(), certificate.get());
    const File key_file(std::fopen(path("key.pem").c_str(), "w"));
    PEM_write_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  }
  void spoil(const std::string& file) const { std::ofstream(path(file)) << "no PEM at all\n"; }

 private:
  std::filesystem::path folder_;
};

}  // namespace hornbeam::http
