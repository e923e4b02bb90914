#pragma once

// UserStore: what `Login` asks an application for. The application keeps its users where it likes;
// `MemoryUserStore` keeps them for tests.

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "hornbeam/base/task.h"

namespace hornbeam::web {

/// A user as far as logging in goes.
struct Account {
  std::string id;    ///< Names the user for good, also when `name` changes.
  std::string name;  ///< What the user logs in with.
  /// Made by `hash_password`; empty for one who cannot log in by password.
  std::string password_hash;
  /// Sessions of an earlier generation have ended.
  std::int64_t generation = 0;
  bool is_active = true;  ///< One who is not is logged out and cannot log in.
};

/// A browser that is to stay logged in. Its token is known by its hash only.
struct RememberedLogin {
  std::string series;       ///< Names it; stays the same while the token changes.
  std::string account_id;   ///< Whose login it is.
  std::string token_hash;   ///< Of the token that the browser has.
  std::string former_hash;  ///< Of the token before, which requests under way may still bring.
  std::chrono::sys_seconds renewed_at{};  ///< When the token changed last.
  std::chrono::sys_seconds ends_at{};     ///< When it is over.
};

/// Thread: members are called from all loops at the same time.
class UserStore {
 public:
  virtual ~UserStore() = default;

  /// The account of that id; nothing if there is none.
  virtual base::Task<std::optional<Account>> find_account(std::string id) = 0;
  /// The account that logs in under `name`; nothing if there is none.
  virtual base::Task<std::optional<Account>> find_account_by_name(std::string name) = 0;
  /// Stores `hash`, made anew of the same password, unless the hash is no longer `former`: then
  /// the password was changed meanwhile. One step.
  virtual base::Task<void> replace_password_hash(std::string id, std::string former,
                                                 std::string hash) = 0;
  /// Adds one to the account's generation.
  virtual base::Task<void> advance_generation(std::string id) = 0;

  /// Stores a login under its series, which is new.
  virtual base::Task<void> add_remembered(RememberedLogin login) = 0;
  /// The login of that series; nothing if there is none.
  virtual base::Task<std::optional<RememberedLogin>> find_remembered(std::string series) = 0;
  /// Puts `login` in the place of the one of its series, if that one's hash is still
  /// `login.former_hash`; false if not. One step: of two that try, one succeeds.
  virtual base::Task<bool> renew_remembered(RememberedLogin login) = 0;
  /// Removes the login of that series, if there is one.
  virtual base::Task<void> forget_remembered(std::string series) = 0;
  /// Removes every login of that account.
  virtual base::Task<void> forget_all_remembered(std::string account_id) = 0;
};

/// Users in memory.
class MemoryUserStore final : public UserStore {
 public:
  /// Adds an account, in place of one of the same id.
  void add_account(Account account);

  /// As in `UserStore`.
  base::Task<std::optional<Account>> find_account(std::string id) override;
  /// As in `UserStore`.
  base::Task<std::optional<Account>> find_account_by_name(std::string name) override;
  base::Task<void> replace_password_hash(std::string id, std::string former,
                                         std::string hash) override;
  base::Task<void> advance_generation(std::string id) override;
  /// As in `UserStore`.
  base::Task<void> add_remembered(RememberedLogin login) override;
  base::Task<std::optional<RememberedLogin>> find_remembered(std::string series) override;
  base::Task<bool> renew_remembered(RememberedLogin login) override;
  /// As in `UserStore`.
  base::Task<void> forget_remembered(std::string series) override;
  /// As in `UserStore`.
  base::Task<void> forget_all_remembered(std::string account_id) override;

 private:
  std::mutex mutex_;
  std::map<std::string, Account> accounts_;
  std::map<std::string, RememberedLogin> remembered_;
};

}  // namespace hornbeam::web
