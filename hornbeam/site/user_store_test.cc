#include "hornbeam/site/user_store.h"

#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/base/loop.h"
#include "hornbeam/data/schema_difference.h"
#include "hornbeam/data/testing/fixture.h"
#include "hornbeam/web/app.h"
#include "hornbeam/web/login.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::site {
namespace {

using base::run;
using base::Task;
using web::Account;

const web::PasswordOptions kCheap{.memory_bytes = std::size_t{1} << 20, .passes = 1};

class UserStoreTest : public data::OnEachDatabase {
 protected:
  void SetUp() override {
    OnEachDatabase::SetUp();
    if (!database_) return;
    data::migrate(*database_, std::vector{user_store_migration(1)});
    store_.emplace(*database_);
  }
  Account add(const std::string& email) { return run(store_->add_user(email, "hash")).value(); }
  static web::RememberedLogin remembered(const std::string& account, std::string token) {
    using std::chrono::sys_seconds;
    return {.series = "s",
            .account_id = account,
            .token_hash = std::move(token),
            .renewed_at = sys_seconds(std::chrono::seconds(5)),
            .ends_at = sys_seconds(std::chrono::seconds(100))};
  }

  std::optional<DatabaseUserStore> store_;
};
INSTANTIATE_TEST_SUITE_P(On, UserStoreTest, data::kEachDatabase, data::database_name);

TEST(NormalisedEmail, HasSmallLettersAndNoSpaceAround) {
  EXPECT_EQ(normalised_email(" Ann.B+x@Example.ORG\r\n"), "ann.b+x@example.org");
  EXPECT_EQ(normalised_email("Ö@exämple.org"), "Ö@exämple.org");
  for (const auto* const bad : {"", " ", "ann", "@", "a@", "@b", "a@b@c", "a b@c", "a@b\tc"}) {
    EXPECT_EQ(normalised_email(bad), std::nullopt) << bad;
  }
  EXPECT_FALSE(normalised_email(std::string(250, 'a') + "@b.org"));
  EXPECT_FALSE(normalised_email(std::string_view("a\0@b", 4)));
}

TEST_P(UserStoreTest, TheMigrationMakesWhatTheStructsDescribe) {
  const auto tables = user_store_tables();
  const auto connection = database_->connect();
  for (const auto& each : data::differences(tables, read_schema(*connection), GetParam())) {
    ADD_FAILURE() << each.text;
  }
  data::downgrade(*database_, std::vector{user_store_migration(1)}, 0);
  EXPECT_TRUE(read_schema(*database_->connect()).empty());
}

TEST_P(UserStoreTest, AUserIsFoundByIdAndByAddressInAnyCase) {
  const Account ann = add("Ann@Example.org");
  EXPECT_EQ(ann.name, "ann@example.org");
  const auto found = run(store_->find_account_by_name(" ANN@example.org"));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, ann.id);
  EXPECT_EQ(found->password_hash, "hash");
  EXPECT_TRUE(found->is_active);
  EXPECT_EQ(run(store_->find_account(ann.id))->name, "ann@example.org");
  for (const auto* const other : {"", "99", "1x", "-", "99999999999999999999"}) {
    EXPECT_FALSE(run(store_->find_account(other))) << other;
  }
  EXPECT_FALSE(run(store_->find_account_by_name("bob@example.org")));
  EXPECT_FALSE(run(store_->find_account_by_name("' OR 1=1 --@x")));
}

TEST_P(UserStoreTest, ATakenAddressAndNoneAreRefused) {
  add("ann@example.org");
  EXPECT_EQ(run(store_->add_user("ANN@example.org", "x")).error(), UserFault::kEmailTaken);
  EXPECT_EQ(run(store_->add_user("ann", "x")).error(), UserFault::kNoEmail);
  EXPECT_EQ(describe_fault(UserFault::kEmailTaken), "there is an account with this e-mail address");
}

TEST_P(UserStoreTest, OfManyWhoRegisterAnAddressAtOnceOneHasIt) {
  constexpr int kThreads = 8;
  std::atomic<int> added = 0;
  std::atomic<int> taken = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        const auto made =
            run(store_->add_user(i % 2 == 0 ? "ann@example.org" : "Ann@Example.org", "hash"));
        ++(made ? added : taken);
      });
    }
  }
  EXPECT_EQ(added, 1);
  EXPECT_EQ(taken, kThreads - 1);
}

TEST_P(UserStoreTest, ANewPasswordEndsWhatTheOldOneBegan) {
  const Account ann = add("ann@example.org");
  const Account bob = add("bob@example.org");
  run(store_->add_remembered(remembered(ann.id, "t")));
  run(store_->replace_password_hash(ann.id, "hash", "rehashed"));
  EXPECT_EQ(run(store_->find_account(ann.id))->password_hash, "rehashed");
  EXPECT_EQ(run(store_->find_account(ann.id))->generation, 0);
  EXPECT_TRUE(run(store_->find_remembered("s")));

  EXPECT_TRUE(run(store_->change_password(ann.id, "new")));
  EXPECT_EQ(run(store_->find_account(ann.id))->generation, 1);
  // A login that began with the old password brings it back no more.
  run(store_->replace_password_hash(ann.id, "rehashed", "old again"));
  EXPECT_EQ(run(store_->find_account(ann.id))->password_hash, "new");
  EXPECT_FALSE(run(store_->find_remembered("s")));
  EXPECT_EQ(run(store_->find_account(bob.id))->password_hash, "hash");
  EXPECT_FALSE(run(store_->change_password("99", "new")));

  EXPECT_TRUE(run(store_->set_active(ann.id, false)));
  EXPECT_FALSE(run(store_->find_account(ann.id))->is_active);
  EXPECT_EQ(run(store_->find_account(ann.id))->generation, 2);
}

TEST_P(UserStoreTest, OfTwoThatRenewALoginOneSucceeds) {
  const Account ann = add("ann@example.org");
  run(store_->add_remembered(remembered(ann.id, "one")));
  auto next = remembered(ann.id, "two");
  next.former_hash = "one";
  EXPECT_TRUE(run(store_->renew_remembered(next)));
  EXPECT_FALSE(run(store_->renew_remembered(next)));
  const auto found = run(store_->find_remembered("s"));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->token_hash, "two");
  EXPECT_EQ(found->former_hash, "one");
  EXPECT_EQ(found->account_id, ann.id);
  EXPECT_EQ(found->ends_at.time_since_epoch().count(), 100);
  EXPECT_EQ(run(store_->forget_ended(std::chrono::sys_seconds(std::chrono::seconds(99)))), 0);
  EXPECT_EQ(run(store_->forget_ended(std::chrono::sys_seconds(std::chrono::seconds(100)))), 1);
  EXPECT_FALSE(run(store_->find_remembered("s")));
}

struct Credentials {
  std::string email;
  std::string password;
};
constexpr auto describe(base::Type<Credentials>) {
  return base::fields(base::field("email", &Credentials::email),
                      base::field("password", &Credentials::password));
}

/// A site at which one registers, logs in and takes a new password.
struct Site {
  explicit Site(DatabaseUserStore& users) : login(users, {.password = kCheap}) {
    app.settings().session.secret_key = "0123456789abcdef";
    app.use(login);
    app.post("/register",
             [&](const web::Request& request, web::Form<Credentials> form) -> Task<web::Response> {
               const auto added =
                   co_await users.add_user(form->email, co_await login.hash(form->password));
               if (!added) co_return web::text(std::string(describe_fault(added.error())), 409);
               co_await login.admit(request, *added);
               co_return web::text("welcome");
             });
    app.post("/login",
             [&](const web::Request& request, web::Form<Credentials> form) -> Task<web::Response> {
               const auto account = co_await login.log_in(request, form->email, form->password);
               co_return account ? web::text("hello") : web::text("wrong", 401);
             });
    app.post("/password",
             [&](const Account& account, web::Form<Credentials> form) -> Task<std::string> {
               co_await users.change_password(account.id, co_await login.hash(form->password));
               co_return "changed";
             });
    app.get("/me", [](const Account& account) { return account.name; });
  }

  web::Login login;
  web::App app;
};

TEST_P(UserStoreTest, RegistersLogsInAndEndsOtherSessionsByANewPassword) {
  Site site(*store_);
  web::TestClient laptop(site.app);
  web::TestClient phone(site.app);
  const auto post = [](web::TestClient& client, const std::string& path,
                       const std::string& password) {
    return client.post(path, web::with_form({{"email", "Ann@example.org"}, {"password", password}}))
        .status();
  };
  EXPECT_EQ(post(laptop, "/register", "annie"), 200);
  EXPECT_EQ(laptop.get("/me").body(), "ann@example.org");
  EXPECT_EQ(post(phone, "/register", "other"), 409);
  EXPECT_EQ(phone.get("/me").status(), 401);
  EXPECT_EQ(post(phone, "/login", "other"), 401);
  EXPECT_EQ(post(phone, "/login", "annie"), 200);
  EXPECT_EQ(phone.get("/me").status(), 200);

  EXPECT_EQ(post(laptop, "/password", "new"), 200);
  EXPECT_EQ(phone.get("/me").status(), 401);
  EXPECT_EQ(laptop.get("/me").status(), 401);
  EXPECT_EQ(post(phone, "/login", "annie"), 401);
  EXPECT_EQ(post(phone, "/login", "new"), 200);
}

}  // namespace
}  // namespace hornbeam::site
