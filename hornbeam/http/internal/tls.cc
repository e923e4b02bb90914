#include "hornbeam/http/internal/tls.h"

#include <array>
#include <memory>
#include <mutex>
#include <stdexcept>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace hornbeam::http {

namespace {

std::string last_error() {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  return text.data();
}

// "http/1.1" as ALPN writes it: its length, then the name (RFC 7301, section 3.1).
constexpr std::string_view kProtocols = "\x08http/1.1";

int choose_protocol(SSL* /*session*/, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* offered, unsigned offered_size, void* /*unused*/) {
  const int found =
      // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): OpenSSL only writes the pointer.
      SSL_select_next_proto(const_cast<unsigned char**>(out), out_size,
                            reinterpret_cast<const unsigned char*>(kProtocols.data()),
                            static_cast<unsigned>(kProtocols.size()), offered, offered_size);
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

}  // namespace

namespace {

using Context = std::shared_ptr<SSL_CTX>;

Context make_context(const TlsOptions& options) {
  // Errors of an earlier attempt would be taken for this one's.
  ERR_clear_error();
  Context made(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  SSL_CTX* const context = made.get();
  if (context == nullptr) throw std::runtime_error("TLS cannot be set up: " + last_error());
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(
      context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  if (SSL_CTX_use_certificate_chain_file(context, options.certificate_chain_file.c_str()) != 1) {
    throw std::runtime_error(
        fmt::format("the certificate chain '{}' cannot be used ({}): give a PEM file",
                    options.certificate_chain_file, last_error()));
  }
  if (SSL_CTX_use_PrivateKey_file(context, options.private_key_file.c_str(), SSL_FILETYPE_PEM) !=
          1 ||
      SSL_CTX_check_private_key(context) != 1) {
    throw std::runtime_error(fmt::format(
        "the private key '{}' cannot be used ({}): give the certificate's own key as a PEM file",
        options.private_key_file, last_error()));
  }
  return made;
}

}  // namespace

struct TlsContext::State {
  explicit State(TlsOptions given) : options(std::move(given)), context(make_context(options)) {}

  Context current() const {
    const std::lock_guard lock(mutex);
    return context;
  }

  TlsOptions options;
  mutable std::mutex mutex;
  Context context;  // Requires: the mutex.
};

TlsContext::TlsContext(TlsOptions options) : state_(std::make_unique<State>(std::move(options))) {}

void TlsContext::reload() {
  Context made = make_context(state_->options);
  const std::lock_guard lock(state_->mutex);
  state_->context.swap(made);
}

TlsContext::~TlsContext() = default;

struct TlsSession::State {
  std::unique_ptr<SSL, decltype(&SSL_free)> session{nullptr, SSL_free};
  BIO* input = nullptr;   // Owned by the session.
  BIO* output = nullptr;  // Owned by the session.
};

TlsSession::TlsSession(const TlsContext& context) : state_(std::make_unique<State>()) {
  // A session holds a reference to its context by itself.
  state_->session.reset(SSL_new(context.state_->current().get()));
  if (!state_->session) throw std::bad_alloc();
  state_->input = BIO_new(BIO_s_mem());
  state_->output = BIO_new(BIO_s_mem());
  SSL_set_bio(state_->session.get(), state_->input, state_->output);
  SSL_set_accept_state(state_->session.get());
}

TlsSession::~TlsSession() = default;

void TlsSession::feed(std::string_view sealed) {
  BIO_write(state_->input, sealed.data(), static_cast<int>(sealed.size()));
}

TlsSession::Opened TlsSession::open(std::span<char> plain) {
  ERR_clear_error();
  const int count = SSL_read(state_->session.get(), plain.data(), static_cast<int>(plain.size()));
  if (count > 0) return {Status::kOk, static_cast<std::size_t>(count)};
  switch (SSL_get_error(state_->session.get(), count)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      return {Status::kOk, 0};
    case SSL_ERROR_ZERO_RETURN:
      return {Status::kEnded, 0};
    default:
      return {Status::kFailed, 0};
  }
}

bool TlsSession::seal(std::string_view plain) {
  if (plain.empty()) return true;
  ERR_clear_error();
  return SSL_write(state_->session.get(), plain.data(), static_cast<int>(plain.size())) > 0;
}

void TlsSession::shut_down() {
  ERR_clear_error();
  SSL_shutdown(state_->session.get());
}

void TlsSession::take_output(std::string& out) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(state_->output, &data);
  if (size <= 0) return;
  out.append(data, static_cast<std::size_t>(size));
  static_cast<void>(BIO_reset(state_->output));
}

}  // namespace hornbeam::http
