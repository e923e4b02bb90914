#include "hornbeam/web/password.h"

#include <array>
#include <atomic>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <vector>

#include <openssl/evp.h>
#include <sodium.h>

#include "hornbeam/base/check.h"
#include "hornbeam/base/encoding.h"
#include "hornbeam/base/thread_pool.h"
#include "hornbeam/web/http_error.h"
#include "hornbeam/web/internal/random.h"

namespace hornbeam::web {

namespace {

// What Werkzeug's own defaults stay far below; past it a hash is no hash but an attack.
constexpr std::uint64_t kMaxScryptBytes = std::uint64_t{256} << 20;
constexpr int kMaxRounds = 10'000'000;

void start_sodium() {
  static const bool is_ready = sodium_init() >= 0;
  base::check(is_ready, "libsodium finds no source of random numbers");
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

template <class Number>
std::optional<Number> number_in(std::string_view text) {
  Number number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// ---- Argon2id ----

bool is_weaker(std::string_view hash, const PasswordOptions& options) {
  // "$argon2id$v=19$m=65536,t=2,p=1$salt$hash", memory in KiB.
  const auto parts = split(hash, '$');
  if (parts.size() != 6) return true;
  const auto costs = split(parts[3], ',');
  if (costs.size() != 3 || !costs[0].starts_with("m=") || !costs[1].starts_with("t=")) return true;
  const auto memory = number_in<std::uint64_t>(costs[0].substr(2));
  const auto passes = number_in<unsigned>(costs[1].substr(2));
  return !memory || !passes || *memory < options.memory_bytes / 1024 || *passes < options.passes;
}

PasswordVerdict check_argon2(std::string_view password, std::string_view hash,
                             const PasswordOptions& options) {
  const std::string text(hash);
  if (text.size() >= crypto_pwhash_STRBYTES ||
      crypto_pwhash_str_verify(text.c_str(), password.data(), password.size()) != 0) {
    return PasswordVerdict::kWrong;
  }
  return is_weaker(hash, options) ? PasswordVerdict::kRightButStale : PasswordVerdict::kRight;
}

// ---- Werkzeug's: method "$" salt "$" hexadecimal digest ----

std::optional<std::string> scrypt(const std::vector<std::string_view>& method,
                                  std::string_view password, std::string_view salt) {
  if (method.size() != 4) return std::nullopt;
  const auto n = number_in<std::uint64_t>(method[1]);
  const auto r = number_in<std::uint64_t>(method[2]);
  const auto p = number_in<std::uint64_t>(method[3]);
  if (!n || !r || !p || *r > 64 || *p > 64 || *n > (std::uint64_t{1} << 20)) return std::nullopt;
  std::string digest(64, '\0');
  const int done = EVP_PBE_scrypt(password.data(), password.size(),
                                  reinterpret_cast<const unsigned char*>(salt.data()), salt.size(),
                                  *n, *r, *p, kMaxScryptBytes,
                                  reinterpret_cast<unsigned char*>(digest.data()), digest.size());
  return done == 1 ? std::optional(digest) : std::nullopt;
}

std::optional<std::string> pbkdf2(const std::vector<std::string_view>& method,
                                  std::string_view password, std::string_view salt) {
  if (method.size() != 3) return std::nullopt;
  const auto rounds = number_in<int>(method[2]);
  const EVP_MD* kind = EVP_get_digestbyname(std::string(method[1]).c_str());
  if (kind == nullptr || !rounds || *rounds < 1 || *rounds > kMaxRounds) return std::nullopt;
  std::string digest(static_cast<std::size_t>(EVP_MD_get_size(kind)), '\0');
  const int done = PKCS5_PBKDF2_HMAC(
      password.data(), static_cast<int>(password.size()),
      reinterpret_cast<const unsigned char*>(salt.data()), static_cast<int>(salt.size()), *rounds,
      kind, static_cast<int>(digest.size()), reinterpret_cast<unsigned char*>(digest.data()));
  return done == 1 ? std::optional(digest) : std::nullopt;
}

PasswordVerdict check_werkzeug(std::string_view password, std::string_view hash) {
  const auto parts = split(hash, '$');
  if (parts.size() != 3) return PasswordVerdict::kWrong;
  const auto method = split(parts[0], ':');
  std::optional<std::string> digest;
  if (method[0] == "scrypt") digest = scrypt(method, password, parts[1]);
  if (method[0] == "pbkdf2") digest = pbkdf2(method, password, parts[1]);
  if (!digest || !equal_in_constant_time(base::hex_encode(*digest), parts[2])) {
    return PasswordVerdict::kWrong;
  }
  return PasswordVerdict::kRightButStale;
}

}  // namespace

std::string hash_password(std::string_view password, const PasswordOptions& options) {
  start_sodium();
  if (password.size() > kMaxPasswordBytes) {
    throw std::invalid_argument("the password is longer than " + std::to_string(kMaxPasswordBytes) +
                                " bytes. Mend: a shorter one");
  }
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  const int failed =
      crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), options.passes,
                            options.memory_bytes, crypto_pwhash_ALG_ARGON2ID13);
  if (failed != 0) {
    throw std::runtime_error(
        "a password could not be hashed: memory is short, or the parameters "
        "are out of range. Mend: look at PasswordOptions");
  }
  return hash.data();
}

PasswordVerdict check_password(std::string_view password, std::string_view hash,
                               const PasswordOptions& options) {
  start_sodium();
  if (password.size() > kMaxPasswordBytes) return PasswordVerdict::kWrong;
  if (hash.starts_with("$argon2")) return check_argon2(password, hash, options);
  return check_werkzeug(password, hash);
}

struct PasswordHasher::State {
  explicit State(PasswordOptions given) : options(given), threads(given.threads) {}

  PasswordOptions options;
  /// Made with this hasher's own parameters, so that checking it costs what checking others does.
  std::string nobody = hash_password("nobody", options);
  std::atomic<std::size_t> waiting = 0;
  base::ThreadPool threads;  // Last: its threads use the others.

  /// Counts one job in; throws if too many are there.
  void enter() {
    if (waiting.fetch_add(1) < options.max_waiting + options.threads) return;
    waiting.fetch_sub(1);
    throw HttpError(503, "too many passwords are being checked; try again in a few seconds")
        .with_field("Retry-After", "2");
  }
};

PasswordHasher::PasswordHasher(PasswordOptions options)
    : state_(std::make_unique<State>(options)) {}
PasswordHasher::PasswordHasher(PasswordHasher&&) noexcept = default;
PasswordHasher& PasswordHasher::operator=(PasswordHasher&&) noexcept = default;
PasswordHasher::~PasswordHasher() = default;

base::Task<std::string> PasswordHasher::hash(std::string password) const {
  if (password.size() > kMaxPasswordBytes) {
    throw unprocessable("the password is longer than " + std::to_string(kMaxPasswordBytes) +
                        " bytes");
  }
  State& state = *state_;
  state.enter();
  auto job = [&state, password = std::move(password)] {
    const std::unique_ptr<State, void (*)(State*)> leave(
        &state, [](State* entered) { entered->waiting.fetch_sub(1); });
    return hash_password(password, state.options);
  };
  co_return co_await state.threads.run(std::move(job));
}

base::Task<PasswordVerdict> PasswordHasher::check(std::string password, std::string hash) const {
  State& state = *state_;
  state.enter();
  auto job = [&state, password = std::move(password), hash = std::move(hash)] {
    const std::unique_ptr<State, void (*)(State*)> leave(
        &state, [](State* entered) { entered->waiting.fetch_sub(1); });
    return check_password(password, hash, state.options);
  };
  co_return co_await state.threads.run(std::move(job));
}

base::Task<PasswordVerdict> PasswordHasher::check_nobody(std::string password) const {
  std::string nobody = state_->nobody;
  co_await check(std::move(password), std::move(nobody));
  co_return PasswordVerdict::kWrong;
}

}  // namespace hornbeam::web
