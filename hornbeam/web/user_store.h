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
  std::string id;
  std::string name;  ///< What the user logs in with.
  std::string password_hash;
  /// Sessions of an earlier generation have ended.
  std::int64_t generation = 0;
  bool is_active = true;
};

/// A browser that is to stay logged in. Its token is known by its hash only.
struct RememberedLogin {
  std::string series;  ///< Names it; stays the same while the token changes.
  std::string account_id;
  std::string token_hash;
  std::string former_hash;  ///< Of the token before, which requests under way may still bring.
  std::chrono::sys_seconds renewed_at{};
  std::chrono::sys_seconds ends_at{};
};

/// Thread: members are called from all loops at the same time.
class UserStore {
 public:
  virtual ~UserStore() = default;

  virtual base::Task<std::optional<Account>> find_account(std::string id) = 0;
  virtual base::Task<std::optional<Account>> find_account_by_name(std::string name) = 0;
  /// Stores `hash`, made anew of the same password, unless the hash is no longer `former`: then
  /// the password was changed meanwhile. One step.
  virtual base::Task<void> replace_password_hash(std::string id, std::string former,
                                                 std::string hash) = 0;
  /// Adds one to the account's generation.
  virtual base::Task<void> advance_generation(std::string id) = 0;

  virtual base::Task<void> add_remembered(RememberedLogin login) = 0;
  virtual base::Task<std::optional<RememberedLogin>> find_remembered(std::string series) = 0;
  /// Puts `login` in the place of the one of its series, if that one's hash is still
  /// `login.former_hash`; false if not. One step: of two that try, one succeeds.
  virtual base::Task<bool> renew_remembered(RememberedLogin login) = 0;
  virtual base::Task<void> forget_remembered(std::string series) = 0;
  virtual base::Task<void> forget_all_remembered(std::string account_id) = 0;
};

/// Users in memory.
class MemoryUserStore final : public UserStore {
 public:
  void add_account(Account account);

  base::Task<std::optional<Account>> find_account(std::string id) override;
  base::Task<std::optional<Account>> find_account_by_name(std::string name) override;
  base::Task<void> replace_password_hash(std::string id, std::string former,
                                         std::string hash) override;
  base::Task<void> advance_generation(std::string id) override;
  base::Task<void> add_remembered(RememberedLogin login) override;
  base::Task<std::optional<RememberedLogin>> find_remembered(std::string series) override;
  base::Task<bool> renew_remembered(RememberedLogin login) override;
  base::Task<void> forget_remembered(std::string series) override;
  base::Task<void> forget_all_remembered(std::string account_id) override;

 private:
  std::mutex mutex_;
  std::map<std::string, Account> accounts_;
  std::map<std::string, RememberedLogin> remembered_;
};

}  // namespace hornbeam::web
