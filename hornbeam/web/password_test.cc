#include "hornbeam/web/password.h"

#include <gtest/gtest.h>

#include "hornbeam/web.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::web {
namespace {

// Little memory, so that tests are quick.
const PasswordOptions kCheap{.memory_bytes = std::size_t{1} << 20, .passes = 1};

TEST(Password, TheHashIsArgon2idAndAnotherEachTime) {
  const std::string hash = hash_password("correct horse", kCheap);
  EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=1024,t=1,p=1$")) << hash;
  EXPECT_NE(hash, hash_password("correct horse", kCheap));
  EXPECT_EQ(check_password("correct horse", hash, kCheap), PasswordVerdict::kRight);
  EXPECT_EQ(check_password("correct hors", hash, kCheap), PasswordVerdict::kWrong);
  EXPECT_EQ(check_password("", hash, kCheap), PasswordVerdict::kWrong);
}

TEST(Password, IsStaleOnceTheParametersRoseAndNotIfTheyFell) {
  const std::string hash = hash_password("p", kCheap);
  PasswordOptions more = kCheap;
  more.passes = 2;
  EXPECT_EQ(check_password("p", hash, more), PasswordVerdict::kRightButStale);
  PasswordOptions wider = kCheap;
  wider.memory_bytes *= 2;
  EXPECT_EQ(check_password("p", hash, wider), PasswordVerdict::kRightButStale);
  EXPECT_EQ(check_password("p", hash_password("p", more), kCheap), PasswordVerdict::kRight);
}

TEST(Password, AHashOfNoKnownKindIsNobodys) {
  for (const char* hash :
       {"", "$", "$$$", "plain", "p", "$argon2id$", "$argon2id$v=19$m=,t=,p=$$",
        "pbkdf2:sha256:0$salt$00", "pbkdf2:sha256:-1$salt$00", "pbkdf2:md99:1$salt$00",
        "pbkdf2:sha256:99999999999$salt$00", "scrypt:0:0:0$salt$00",
        "scrypt:1073741824:8:1$salt$00", "scrypt:32768:8$salt$00", "scrypt$salt$", "pbkdf2$$"}) {
    EXPECT_EQ(check_password("p", hash, kCheap), PasswordVerdict::kWrong) << hash;
    EXPECT_EQ(check_password("", hash, kCheap), PasswordVerdict::kWrong) << hash;
  }
}

TEST(Password, NobodyHashesAVeryLongOne) {
  const std::string longest(kMaxPasswordBytes, 'x');
  EXPECT_EQ(check_password(longest, hash_password(longest, kCheap), kCheap),
            PasswordVerdict::kRight);
  EXPECT_THROW(hash_password(longest + "x", kCheap), std::invalid_argument);
  EXPECT_EQ(check_password(longest + "x", hash_password(longest, kCheap), kCheap),
            PasswordVerdict::kWrong);
}

TEST(PasswordHasher, HashesOffTheLoop) {
  App app;
  const PasswordHasher hasher(kCheap);
  TestClient client(app);
  const std::string hash = client.wait(hasher.hash("p"));
  EXPECT_EQ(client.wait(hasher.check("p", hash)), PasswordVerdict::kRight);
  EXPECT_EQ(client.wait(hasher.check("q", hash)), PasswordVerdict::kWrong);
  EXPECT_EQ(client.wait(hasher.check_nobody("nobody")), PasswordVerdict::kWrong);
}

}  // namespace
}  // namespace hornbeam::web
