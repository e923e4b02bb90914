#include "hornbeam/web/login.h"

#include <array>
#include <stdexcept>
#include <utility>

#include <sodium.h>

#include "hornbeam/base/encoding.h"
#include "hornbeam/base/log.h"
#include "hornbeam/web/app.h"
#include "hornbeam/web/cookie.h"
#include "hornbeam/web/csrf.h"
#include "hornbeam/web/internal/dispatcher.h"
#include "hornbeam/web/internal/random.h"
#include "hornbeam/web/rate_limit.h"
#include "hornbeam/web/request.h"
#include "hornbeam/web/session.h"

namespace hornbeam::web {

using base::Task;

namespace {

constexpr std::string_view kUserKey = "_user_id";
constexpr std::string_view kGenerationKey = "_generation";
constexpr std::string_view kIdKey = "_id";
constexpr std::string_view kFreshKey = "_fresh";
constexpr std::size_t kIdBytes = 16;
constexpr std::size_t kTokenBytes = 32;
/// How long the token before is taken, for requests that were under way when it changed.
constexpr std::chrono::seconds kGrace{60};

std::string random_text(std::size_t bytes) {
  return base::base64url_encode(random_bytes(bytes));
}

/// A token has 256 bits of its own, so that a plain fast hash suffices.
std::string hash_of(std::string_view token) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(token.data()),
                     token.size());
  return base::base64url_encode(std::string(digest.begin(), digest.end()));
}

RateLimitOptions guess_limit(const LoginOptions& options, std::uint32_t times) {
  RateLimitOptions limit;
  limit.requests = options.guesses * times;
  limit.period = options.guess_period;
  limit.name = "guesses";
  limit.clock = options.clock;
  return limit;
}

bool wants_page(const Request& request) {
  const bool reads =
      request.method() == http::Method::kGet || request.method() == http::Method::kHead;
  return reads && request.find_header("accept").value_or("").contains("text/html");
}

}  // namespace

struct Login::State {
  State(UserStore& given, LoginOptions chosen)
      : store(given),
        options(std::move(chosen)),
        hasher(options.password),
        guesses_of_pair(guess_limit(options, 1)),
        guesses_of_address(guess_limit(options, 10)),
        guesses_of_name(guess_limit(options, 20)) {}

  std::chrono::sys_seconds now() const {
    using std::chrono::floor;
    using std::chrono::seconds;
    if (options.clock) return std::chrono::sys_seconds(floor<seconds>(options.clock()));
    return floor<seconds>(std::chrono::system_clock::now());
  }

  void set_cookie(const Request& request, std::string value, std::chrono::sys_seconds ends) const {
    Cookie cookie{.name = options.remember_cookie, .value = std::move(value)};
    cookie.expires = ends.time_since_epoch().count();
    cookie.is_secure = request.is_secure();
    request.after_this_request([text = cookie.to_string()](Response& response) {
      response.add_field("Set-Cookie", text);
    });
  }
  void drop_cookie(const Request& request) const { set_cookie(request, "", {}); }

  /// Whatever the session was before, from here on it is `account`'s, under a new id.
  static void begin_session(const Request& request, const Account& account, bool is_fresh) {
    Session& session = request.session();
    const auto former = session.find<std::string>(kUserKey);
    if (former && *former != account.id) session.clear();
    renew_csrf_token(request);
    session.set(kIdKey, random_text(kIdBytes));
    session.set(kUserKey, account.id);
    session.set(kGenerationKey, account.generation);
    session.set(kFreshKey, is_fresh);
  }

  Task<void> remember(const Request& request, std::string account_id) {
    const std::string token = random_text(kTokenBytes);
    RememberedLogin login;
    login.series = random_text(kIdBytes);
    login.account_id = std::move(account_id);
    login.token_hash = hash_of(token);
    login.renewed_at = now();
    login.ends_at = now() + options.remember_for;
    set_cookie(request, login.series + "." + token, login.ends_at);
    co_await store.add_remembered(std::move(login));
  }

  Task<void> end_all(std::string account_id) {
    co_await store.forget_all_remembered(account_id);
    co_await store.advance_generation(account_id);
  }

  /// True if `token` is the series' own, or was until a moment ago. A new one is given out.
  Task<bool> redeem(const Request& request, RememberedLogin login, std::string token) {
    const std::string hash = hash_of(token);
    if (equal_in_constant_time(hash, login.token_hash)) {
      const std::string next = random_text(kTokenBytes);
      login.former_hash = std::exchange(login.token_hash, hash_of(next));
      login.renewed_at = now();
      const std::string cookie = login.series + "." + next;
      const std::chrono::sys_seconds ends = login.ends_at;
      // If another request of this browser was faster, its cookie is the one that counts.
      const bool is_renewed = co_await store.renew_remembered(std::move(login));
      if (is_renewed) set_cookie(request, cookie, ends);
      co_return true;
    }
    if (equal_in_constant_time(hash, login.former_hash) && now() - login.renewed_at < kGrace) {
      co_return true;
    }
    base::log_warning(
        "a used-up login of account {} came again, so it was copied: all its logins end",
        login.account_id);
    co_await end_all(login.account_id);
    co_return false;
  }

  /// The account that the browser's cookie remembers; logs it in.
  Task<std::optional<Account>> restore(const Request& request) {
    const auto cookie = request.find_cookie(options.remember_cookie);
    if (!cookie) co_return std::nullopt;
    const std::size_t dot = cookie->find('.');
    const std::string series(cookie->substr(0, dot));
    const std::string token(dot == std::string_view::npos ? "" : cookie->substr(dot + 1));
    std::optional<RememberedLogin> login = co_await store.find_remembered(series);
    if (!login || login->ends_at < now()) {
      drop_cookie(request);
      co_return std::nullopt;
    }
    const std::string id = login->account_id;
    const bool is_good = co_await redeem(request, std::move(*login), token);
    std::optional<Account> account;
    if (is_good) account = co_await store.find_account(id);
    if (!account || !account->is_active) {
      drop_cookie(request);
      co_return std::nullopt;
    }
    begin_session(request, *account, false);
    co_return account;
  }

  Task<std::optional<Account>> current(const Request& request) {
    const auto id = request.session().find<std::string>(kUserKey);
    if (id) {
      std::optional<Account> account = co_await store.find_account(*id);
      const auto generation = request.session().find<std::int64_t>(kGenerationKey);
      if (account && account->is_active && generation == account->generation) co_return account;
      request.session().clear();
    }
    co_return co_await restore(request);
  }

  UserStore& store;
  LoginOptions options;
  PasswordHasher hasher;
  RateLimit guesses_of_pair;
  RateLimit guesses_of_address;
  RateLimit guesses_of_name;
};

Login::Login(UserStore& store, LoginOptions options)
    : state_(std::make_shared<State>(store, std::move(options))) {}
Login::Login(Login&&) noexcept = default;
Login& Login::operator=(Login&&) noexcept = default;
Login::~Login() = default;

void Login::init_app(App& app) {
  app.at_start([](App& started) {
    if (!started.settings().session.secret_key.empty()) return;
    throw std::logic_error(
        "logins are kept in the session, which nothing signs. Mend: set secret_key in the "
        "configuration to a text that nobody can guess (openssl rand -hex 32)");
  });
  app.provide([state = state_](const Request& request) -> Task<std::optional<Account>> {
    return state->current(request);
  });
  if (state_->options.login_page.empty()) return;
  app.on_error(401, [state = state_](const Request& request, const HttpError& error) -> Response {
    if (!wants_page(request)) return error_response(request, error, false);
    const std::string here =
        std::string(request.url_prefix()) + std::string(request.raw().target());
    const std::string& page = state->options.login_page;
    return redirect(page + (page.contains('?') ? "&" : "?") + "next=" + base::percent_encode(here));
  });
}

Task<std::optional<Account>> Login::log_in(const Request& request, std::string name,
                                           std::string password, bool remembers) {
  State& state = *state_;
  const std::string address = address_key(request);
  const std::string pair = name + '\n' + address;
  // Spent before the password is looked at, so that guesses made at once count as well.
  state.guesses_of_address.require(request, address);
  state.guesses_of_name.require(request, name);
  state.guesses_of_pair.require(request, pair);

  std::optional<Account> account = co_await state.store.find_account_by_name(name);
  PasswordVerdict verdict = PasswordVerdict::kWrong;
  if (account && account->is_active) {
    verdict = co_await state.hasher.check(password, account->password_hash);
  } else {
    verdict = co_await state.hasher.check_nobody(password);
  }
  if (verdict == PasswordVerdict::kWrong) co_return std::nullopt;
  state.guesses_of_pair.forgive(pair);
  if (verdict == PasswordVerdict::kRightButStale) {
    const std::string former = account->password_hash;
    account->password_hash = co_await state.hasher.hash(password);
    co_await state.store.replace_password_hash(account->id, former, account->password_hash);
  }
  co_await admit(request, *account, remembers);
  co_return account;
}

Task<void> Login::admit(const Request& request, Account account, bool remembers) {
  State::begin_session(request, account, true);
  if (remembers) co_await state_->remember(request, account.id);
}

Task<void> Login::log_out(const Request& request) {
  request.session().clear();
  const auto cookie = request.find_cookie(state_->options.remember_cookie);
  if (!cookie) co_return;
  const std::string series(cookie->substr(0, cookie->find('.')));
  state_->drop_cookie(request);
  co_await state_->store.forget_remembered(series);
}

Task<void> Login::log_out_everywhere(std::string account_id) {
  return state_->end_all(std::move(account_id));
}

Task<std::string> Login::hash(std::string password) {
  return state_->hasher.hash(std::move(password));
}

std::string Login::next_location(const Request& request, std::string_view fallback) {
  const auto query = request.find_query("next");
  const auto given = query ? query : request.form().find("next");
  return local_location(given.value_or(""), fallback);
}

}  // namespace hornbeam::web
