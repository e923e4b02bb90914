// Sessions and passwords against the real Flask, itsdangerous and Werkzeug: they read ours, we read
// theirs, and what both write is the same to the byte.

#include <array>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "hornbeam/web/password.h"
#include "hornbeam/web/session.h"

namespace hornbeam::web {
namespace {

constexpr std::int64_t kNow = 1'700'000'000;

SessionOptions flask_options() {
  SessionOptions options;
  options.secret_key = "secret-key";
  options.sha1_compatible = true;
  return options;
}

std::vector<std::string> oracle(const std::string& arguments) {
  const std::string command = std::string(HORNBEAM_PYTHON) + " " + HORNBEAM_SOURCE_DIR +
                              "/tests/conformance/flask_oracle.py " + arguments;
  std::vector<std::string> lines(1);
  // NOLINTNEXTLINE(cert-env33-c): the words are our own.
  std::FILE* pipe = popen(command.c_str(), "r");
  std::array<char, 4096> piece{};
  while (std::fgets(piece.data(), piece.size(), pipe) != nullptr) {
    lines.back() += piece.data();
    if (lines.back().ends_with('\n')) {
      lines.back().pop_back();
      lines.emplace_back();
    }
  }
  EXPECT_EQ(pclose(pipe), 0) << command;
  lines.pop_back();
  return lines;
}

std::pair<std::string, std::string> halves(const std::string& line) {
  const std::size_t tab = line.find('\t');
  return {line.substr(0, tab), line.substr(tab + 1)};
}

TEST(FlaskSession, ReadsWhatFlaskWritesAndWritesItTheSameToTheByte) {
  const auto lines = oracle("sign");
  EXPECT_GE(lines.size(), 13U);
  for (const std::string& line : lines) {
    const auto [cookie, json] = halves(line);
    const auto session = unsign_session(cookie, flask_options(), kNow);
    ASSERT_TRUE(session) << line;
    EXPECT_EQ(session->to_json(), json);
    EXPECT_EQ(sign_session(*session, flask_options(), kNow), cookie);
  }
}

TEST(FlaskSession, SeesThroughFlasksTags) {
  Session all;
  for (const std::string& line : oracle("sign")) {
    const auto session = unsign_session(halves(line).first, flask_options(), kNow);
    for (const char* key : {"t", "b", "u", "d", "m", "di", "dk", "text"}) {
      if (const auto json = session->find_tagged(key)) {
        if (!all.contains(key)) all.set_tagged(key, *json);
      }
    }
  }
  EXPECT_EQ(all.find_json("t"), R"([1,[2,"three"],[4]])");
  EXPECT_EQ(all.find<std::string>("u"), "6ba7b810-9dad-11d1-80b4-00c04fd430c8");
  EXPECT_EQ(all.find<std::string>("m"), "<b>x</b>");
  EXPECT_EQ(all.find_json("di"), R"({" t":1})");
  EXPECT_EQ(all.find_json("dk"), R"({" d":{" b":[1]}})");
  EXPECT_EQ(all.find_time("d"), std::chrono::sys_seconds(std::chrono::seconds(kNow)));
}

TEST(FlaskSession, FlaskReadsWhatIsWrittenHere) {
  std::vector<Session> sessions(6);
  sessions[0].set("user_id", 7);
  sessions[0].set_permanent(true);
  sessions[1].set_bytes("b", std::string("\0\xff\x10", 3));
  sessions[1].set_uuid("u", "6BA7B810-9dad-11d1-80b4-00c04fd430c8");
  sessions[1].set_time("d", std::chrono::sys_seconds(std::chrono::seconds(kNow)));
  sessions[2].set("di", std::map<std::string, int>{{" t", 1}});
  sessions[3].set("long", std::string(2000, 'x'));
  sessions[4].set("text", std::string("h\xc3\xa4nge \xf0\x9f\x98\x80 \x7f \x01"));
  sessions[5].set(" b", 1);
  const std::string path = testing::TempDir() + "hornbeam_cookies";
  {
    std::ofstream file(path);
    for (const Session& each : sessions) file << sign_session(each, flask_options(), kNow) << '\n';
    SessionOptions other = flask_options();
    other.secret_key = "another";
    file << sign_session(sessions[0], other, kNow) << '\n';
  }
  const auto read = oracle("read " + path);
  ASSERT_EQ(read.size(), sessions.size() + 1);
  for (std::size_t i = 0; i < sessions.size(); ++i) EXPECT_EQ(read[i], sessions[i].to_json());
  EXPECT_EQ(read.back(), "refused");
}

TEST(FlaskSession, SignsItsdangerousVector) {
  EXPECT_EQ(sign_payload(R"({"user_id":7,"org":"acme"})", flask_options(), kNow),
            "eyJ1c2VyX2lkIjo3LCJvcmciOiJhY21lIn0.ZVPxAA.jEiq1rXtX_uUwTVB1A6N97riV-M");
}

TEST(WerkzeugPassword, IsCheckedAndShouldBeHashedAnew) {
  const auto lines = oracle("passwords");
  EXPECT_EQ(lines.size(), 16U);
  for (const std::string& line : lines) {
    const auto [password, hash] = halves(line);
    EXPECT_EQ(check_password(password, hash), PasswordVerdict::kRightButStale) << line;
    EXPECT_EQ(check_password(password + "x", hash), PasswordVerdict::kWrong) << line;
  }
}

}  // namespace
}  // namespace hornbeam::web
