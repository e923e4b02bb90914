#pragma once

// Login: users with passwords, as an extension.
//
//   Login login(store, {.login_page = "/login"});
//   app.use(login);
//   app.get("/me", [](const Account& account) { return account.name; });      // else 401
//   app.get("/", [](const Account* account) { return account ? "hello" : "welcome"; });
//   app.post("/login", [&login](const Request& request, Form<Credentials> form) -> Task<Response> {
//     if (!co_await login.log_in(request, form->name, form->password)) co_return ...;
//     co_return redirect(Login::next_location(request));
//   });
//
// Who is logged in is in the session: the id of the account and its generation, which ends all
// sessions of an account when it rises (`log_out_everywhere`). Logging in gives the session a new
// id and forgets its CSRF token, so that what was planted before is worth nothing.
//
// A browser that is remembered has a cookie "series.token". The token changes with each use. One
// that was used up and comes again was copied: then all logins of the account end.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "hornbeam/base/task.h"
#include "hornbeam/web/password.h"
#include "hornbeam/web/user_store.h"

namespace hornbeam::web {

class App;
class Request;

/// How users log in, and how often they may guess.
struct LoginOptions {
  /// Where browsers without a login are sent, with ?next=. Empty: they get 401, as others do.
  std::string login_page{};
  std::string remember_cookie = "remember";  ///< The cookie of browsers that stay logged in.
  /// How long they stay so.
  std::chrono::seconds remember_for = std::chrono::hours(24 * 31);
  PasswordOptions password{};  ///< What hashing a password costs.
  /// Wrong passwords for one name from one address, in how long. An address may fail ten times as
  /// often over all names, a name twenty times as often from all addresses.
  std::uint32_t guesses = 10;
  std::chrono::minutes guess_period{10};  ///< The period of `guesses`.
  /// What time it is, since 1970; for tests.
  std::function<std::chrono::nanoseconds()> clock{};
};

/// An extension that knows who is logged in: handlers that take `const Account&` are for users
/// only.
class Login {
 public:
  /// Lifetime: `store` outlives the application.
  explicit Login(UserStore& store, LoginOptions options = {});
  Login(Login&&) noexcept;
  Login& operator=(Login&&) noexcept;
  ~Login();

  /// Called by `App::use`.
  void init_app(App& app);

  /// Logs in whom `name` and `password` name; nothing if they are wrong, which takes as long for
  /// names that there are not. Throws HttpError 429 after too many guesses. Lifetime: `request`
  /// outlives the task.
  base::Task<std::optional<Account>> log_in(const Request& request, std::string name,
                                            std::string password, bool remembers = false);
  /// Logs `account` in without a password, as after a registration.
  base::Task<void> admit(const Request& request, Account account, bool remembers = false);
  /// Ends this session and this browser's remembered login.
  base::Task<void> log_out(const Request& request);
  /// Ends every session and every remembered login of an account, as after a new password.
  base::Task<void> log_out_everywhere(std::string account_id);
  /// A hash to store for a new user or password.
  base::Task<std::string> hash(std::string password);

  /// Where ?next= (or the form's field) sends the user, if that is a path here; else `fallback`.
  static std::string next_location(const Request& request, std::string_view fallback = "/");

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace hornbeam::web
