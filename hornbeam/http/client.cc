#include "hornbeam/http/client.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include <openssl/ssl.h>

#include "hornbeam/base/check.h"
#include "hornbeam/base/executor.h"
#include "hornbeam/http/internal/client_connection.h"

namespace hornbeam::http {

namespace {

using internal::ClientAddress;
using internal::ClientConnection;
using TlsContext = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;

TlsContext make_context(const ClientAddress& address, const ClientOptions& options) {
  TlsContext context(address.is_encrypted ? SSL_CTX_new(TLS_client_method()) : nullptr,
                     &SSL_CTX_free);
  if (!context) return context;
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  const bool is_trusting = options.trusted_file.empty()
                               ? SSL_CTX_set_default_verify_paths(context.get()) == 1
                               : SSL_CTX_load_verify_locations(
                                     context.get(), options.trusted_file.c_str(), nullptr) == 1;
  if (!is_trusting) {
    throw std::invalid_argument("the certificates to trust cannot be read from '" +
                                options.trusted_file + "'. Mend: give a PEM file");
  }
  return context;
}

}  // namespace

/// The connections that are not in use, and how many are.
class Client::Pool {
 public:
  Pool(std::string_view url, ClientOptions options)
      : options_(std::move(options)),
        address_(ClientAddress::parse(url)),
        context_(make_context(address_, options_)) {}

  const ClientAddress& address() const { return address_; }

  ClientResponse send(const ClientRequest& request) {
    const Turn turn(*this);
    // Ends: what was kept is tried as often as there are such connections, then a new one.
    while (true) {
      std::unique_ptr<ClientConnection> connection = take_kept();
      const bool is_new = connection == nullptr;
      if (is_new)
        connection = std::make_unique<ClientConnection>(address_, options_, context_.get());
      bool has_begun = false;
      try {
        ClientResponse response = connection->exchange(request, has_begun);
        if (connection->is_kept()) keep(std::move(connection));
        return response;
      } catch (const ClientError&) {
        // Servers close what is idle, and may do so at this very moment.
        if (is_new || has_begun || !request.is_repeatable) throw;
      }
    }
  }

 private:
  /// One of the exchanges that may go on at the same time.
  class Turn {
   public:
    explicit Turn(Pool& pool) : pool_(pool) {
      std::unique_lock lock(pool_.mutex_);
      pool_.free_.wait(lock, [&] { return pool_.busy_ < pool_.options_.most_connections; });
      ++pool_.busy_;
    }
    ~Turn() {
      {
        const std::lock_guard lock(pool_.mutex_);
        --pool_.busy_;
      }
      pool_.free_.notify_one();
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    Pool& pool_;
  };

  std::unique_ptr<ClientConnection> take_kept() {
    const std::lock_guard lock(mutex_);
    while (!kept_.empty()) {
      std::unique_ptr<ClientConnection> last = std::move(kept_.back());
      kept_.pop_back();
      if (!last->is_stale()) return last;
    }
    return nullptr;
  }
  void keep(std::unique_ptr<ClientConnection> connection) {
    const std::lock_guard lock(mutex_);
    kept_.push_back(std::move(connection));
  }

  const ClientOptions options_;
  const ClientAddress address_;
  const TlsContext context_;
  std::mutex mutex_;
  std::condition_variable free_;
  std::size_t busy_ = 0;                                 // Guarded by mutex_.
  std::vector<std::unique_ptr<ClientConnection>> kept_;  // Guarded by mutex_.
};

std::optional<std::string_view> ClientResponse::find(std::string_view name) const {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const auto& field) { return field.first == name; });
  if (found == fields.end()) return std::nullopt;
  return found->second;
}

Client::Client(std::string_view url, ClientOptions options)
    : pool_(std::make_unique<Pool>(url, std::move(options))) {}

Client::~Client() = default;

const std::string& Client::server() const noexcept {
  return pool_->address().shown;
}

ClientResponse Client::send(const ClientRequest& request) {
  base::check(base::Executor::current() == nullptr,
              "http::Client blocks: ask from a thread of a pool, not from a loop");
  return pool_->send(request);
}

}  // namespace hornbeam::http
