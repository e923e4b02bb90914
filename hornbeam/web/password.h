#pragma once

// Passwords: kept as Argon2id hashes, checked off the loop.
//
// A hash names its own parameters ("$argon2id$v=19$m=65536,t=2,p=1$..."), so they can rise: `check`
// says when a password should be hashed anew. Hashes that Werkzeug made ("scrypt:32768:8:1$...",
// "pbkdf2:sha256:260000$...") are checked too, for users that come from Flask, and always should
// be.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "hornbeam/base/task.h"

namespace hornbeam::web {

/// What hashing one password costs.
struct PasswordOptions {
  /// Memory for each hash. Bytes.
  std::size_t memory_bytes = std::size_t{64} << 20;
  /// Passes over it.
  unsigned passes = 2;
  /// Passwords hashed at the same time: threads of their own.
  std::size_t threads = 2;
  /// Passwords that may wait for a thread; one more is answered 503.
  std::size_t max_waiting = 64;
};

/// Longer passwords are refused: nobody types them, and hashing them takes time. Bytes.
inline constexpr std::size_t kMaxPasswordBytes = 1024;

/// Whether a password is the right one.
enum class PasswordVerdict : std::uint8_t {
  kWrong,
  kRight,
  kRightButStale,  ///< Right; hash it anew, since the parameters rose or the kind is an old one.
};

/// A new hash. Blocks. Throws std::invalid_argument if the password is too long.
std::string hash_password(std::string_view password, const PasswordOptions& options = {});
/// Whether `password` is that of `hash`; a hash of no known kind is nobody's. Blocks.
PasswordVerdict check_password(std::string_view password, std::string_view hash,
                               const PasswordOptions& options = {});

/// Hashes and checks on threads of its own. Thread: any.
class PasswordHasher {
 public:
  /// `options` say what each hash costs, and how many are under way at once.
  explicit PasswordHasher(PasswordOptions options = {});
  PasswordHasher(PasswordHasher&&) noexcept;
  PasswordHasher& operator=(PasswordHasher&&) noexcept;
  ~PasswordHasher();

  /// Throws HttpError 503 if too many wait, 422 if the password is too long.
  base::Task<std::string> hash(std::string password) const;
  /// Whether `password` is that of `hash`. Throws as `hash`.
  base::Task<PasswordVerdict> check(std::string password, std::string hash) const;
  /// Takes as long as `check`, for users that there are not, and is always wrong.
  base::Task<PasswordVerdict> check_nobody(std::string password) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hornbeam::web
