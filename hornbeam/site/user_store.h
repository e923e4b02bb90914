#pragma once

// DatabaseUserStore: the users of `web::Login`, kept in the application's database.
//
//   site::DatabaseUserStore users(*database);
//   web::Login login(users, {.login_page = "/login"});
//   app.use(login);
//   ...
//   const auto registered = co_await users.add_user(form->email, co_await
//   login.hash(form->password)); if (!registered) co_return
//   bad_request(site::describe_fault(registered.error())); co_await login.admit(request,
//   *registered);
//
// Its two tables are one step of the application's migrations: `user_store_migration(1)`.

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/data/database.h"
#include "hornbeam/data/migration.h"
#include "hornbeam/data/schema.h"
#include "hornbeam/web/user_store.h"

namespace hornbeam::site {

/// The tables `users` and `remembered_logins`, as the step `number` of the application's own.
data::Migration user_store_migration(int number);
/// What they look like, for `db check`.
std::vector<data::TableShape> user_store_tables();

/// Why a user was not added.
enum class UserFault : std::uint8_t { kNoEmail, kEmailTaken };
/// For the user, such as "there is an account with this e-mail address".
std::string_view describe_fault(UserFault fault);

/// An address as it is stored and looked for: without white space around it, ASCII letters small.
/// Nothing if it cannot be an address: it needs something before and after one `@`, no white space
/// or control characters, and at most 254 bytes. Whether letters arrive there, only a letter shows.
std::optional<std::string> normalised_email(std::string_view email);

/// Users by e-mail address. Thread: any.
class DatabaseUserStore final : public web::UserStore {
 public:
  /// Lifetime: `database`, migrated, outlives the store.
  explicit DatabaseUserStore(data::Database& database) : database_(database) {}

  /// Adds a user. Of two that register the same address at once, one has it, whatever its case.
  base::Task<std::expected<web::Account, UserFault>> add_user(std::string email,
                                                              std::string password_hash);
  /// Stores the hash of a new password and ends what the old one began: sessions, by a new
  /// generation, and remembered logins. False if there is no such user.
  base::Task<bool> change_password(std::string id, std::string password_hash);
  /// Whether the user may log in; one who may not is logged out everywhere. False if there is no
  /// such user.
  base::Task<bool> set_active(std::string id, bool is_active);

  base::Task<std::optional<web::Account>> find_account(std::string id) override;
  /// By the e-mail address, in any case.
  base::Task<std::optional<web::Account>> find_account_by_name(std::string name) override;
  /// For a hash made anew of the same password: ends nothing.
  base::Task<void> replace_password_hash(std::string id, std::string former,
                                         std::string hash) override;
  base::Task<void> advance_generation(std::string id) override;
  base::Task<void> add_remembered(web::RememberedLogin login) override;
  base::Task<std::optional<web::RememberedLogin>> find_remembered(std::string series) override;
  base::Task<bool> renew_remembered(web::RememberedLogin login) override;
  base::Task<void> forget_remembered(std::string series) override;
  base::Task<void> forget_all_remembered(std::string account_id) override;

  /// Deletes remembered logins that have ended by `now`, and gives their number: for a job that
  /// runs now and then.
  base::Task<std::int64_t> forget_ended(std::chrono::sys_seconds now);

 private:
  data::Database& database_;
};

}  // namespace hornbeam::site
