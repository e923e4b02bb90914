#include "hornbeam/web/config.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "hornbeam/web.h"

namespace shop {

struct Mail {
  std::string host;
  int port = 25;
};
constexpr auto describe(hornbeam::Type<Mail>) {
  return hornbeam::fields(hornbeam::field("host", &Mail::host),
                          hornbeam::field("port", &Mail::port, hornbeam::or_default));
}

}  // namespace shop

namespace hornbeam::web {
namespace {

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

class ConfigFile : public testing::Test {
 public:
  ConfigFile()
      : path_((std::filesystem::temp_directory_path() /
               ("config_test." + std::to_string(::getpid()) + "." +
                testing::UnitTest::GetInstance()->current_test_info()->name()))
                  .string()) {}
  ~ConfigFile() override { std::filesystem::remove(path_); }

  void write(std::string_view text) const { std::ofstream(path_) << text; }

  std::string path_;
};

TEST_F(ConfigFile, TomlGivesTypedKeysByPath) {
  write(
      "debug = true\nname = 'x'\n[database]\nurl = \"sqlite:///a\"\npool = 4\n[a.b]\nlist = [1, "
      "2]\n");
  Config config;
  config.load_toml(path_);
  EXPECT_EQ(config.find<bool>("debug"), true);
  EXPECT_EQ(config.require<std::string>("database.url"), "sqlite:///a");
  EXPECT_EQ(config.value("database.pool", 1), 4);
  EXPECT_EQ(config.value("database.timeout", 9), 9);
  EXPECT_EQ(config.find<std::vector<int>>("a.b.list"), (std::vector<int>{1, 2}));
}

TEST_F(ConfigFile, AMistakeInTomlIsNamedWithItsPlace) {
  write("a = 1\nb = = 2\n");
  Config config;
  EXPECT_NE(message_of([&] { config.load_toml(path_); }).find(path_ + ":2:"), std::string::npos);
}

TEST_F(ConfigFile, DotenvTakesCommentsQuotesAndExports) {
  write("# comment\nAPP_NAME=\"two words\"\nexport APP_PORT=81 # tail\nOTHER=1\nAPP_EMPTY=\n");
  Config config;
  config.load_dotenv(path_, "APP");
  EXPECT_EQ(config.find<std::string>("name"), "two words");
  EXPECT_EQ(config.find<int>("port"), 81);
  EXPECT_EQ(config.find<std::string>("empty"), "");
  EXPECT_FALSE(config.contains("other"));
}

TEST_F(ConfigFile, ALayerOfAFileSaysTheLine) {
  write("debug = true\n[mail]\nport = 26\n");
  Config config;
  config.load_toml(path_);
  EXPECT_EQ(config.entries().find("mail.port")->second.layer, "file (" + path_ + ":3)");
  write("# comment\nAPP_PORT=81\n");
  config.load_dotenv(path_, "APP");
  EXPECT_EQ(config.entries().find("port")->second.layer, path_ + ":2 (APP_PORT)");
}

TEST_F(ConfigFile, DotenvKnowsQuotesOfBothKindsOverLines) {
  write(
      "APP_A='single # quote\\n' # tail\nAPP_B=\"a\\tb\\\"\nsecond\"\nexport APP_C = plain \nBARE\n"
      "APP_D=\"[1, 2]\"\nAPP_D__E='x#y'\n");
  Config config;
  config.load_dotenv(path_, "APP");
  EXPECT_EQ(config.find<std::string>("a"), "single # quote\\n");
  EXPECT_EQ(config.find<std::string>("b"), "a\tb\"\nsecond");
  EXPECT_EQ(config.find<std::string>("c"), "plain");
  EXPECT_EQ(config.find<std::vector<int>>("d"), (std::vector<int>{1, 2}));
  EXPECT_EQ(config.find<std::string>("d.e"), "x#y");
}

TEST_F(ConfigFile, AMistakeInDotenvIsNamedWithItsLine) {
  const std::pair<const char*, const char*> cases[] = {
      {"A=1\nno assignment\n", ":2: 'no assignment' sets nothing. Mend: write NAME=value"},
      {"A=\"1\nB=2\n", ":1: the quote \" is not closed. Mend: close it"},
      {"A='1' 2\n", ":1: '2' follows the quoted value. Mend: end the line there"},
  };
  for (const auto& [text, said] : cases) {
    write(text);
    Config config;
    EXPECT_EQ(message_of([&] { config.load_dotenv(path_, "APP"); }), path_ + said);
  }
  Config config;
  EXPECT_NE(message_of([&] { config.load_dotenv(path_ + ".none", "APP"); }).find("cannot be read"),
            std::string::npos);
}

TEST(Config, KeysThatNobodyAsksForAreRefusedAllAtOnce) {
  Config config;
  config.load_environment("APP", {"APP_MAIL__PROT=26", "APP_ZZZ=1", "OTHER_KEY=1"});
  config.load_argument("mail.port=25");
  config.load_argument("known=1");
  config.load_argument("free.form.inner=1");
  config.declare("known");
  config.declare("free.*");
  EXPECT_EQ(config.value("mail.port", 0), 25);
  EXPECT_EQ(
      message_of([&] { config.refuse_unknown(); }),
      "the configuration has keys that nobody asks for:\n"
      "  mail.prot, from environment (APP_MAIL__PROT). Mend: 'mail.port' is the nearest known "
      "key\n"
      "  zzz, from environment (APP_ZZZ). Mend: remove it; nothing like it is known");
}

TEST(Config, EveryWayOfAskingMakesAKeyKnown) {
  Config config;
  for (const char* key : {"a", "b", "c", "d", "mail.host", "mail.port"}) {
    config.load_argument(std::string(key) + "=1");
  }
  const Config copy = config;
  static_cast<void>(copy.find<int>("a"));
  static_cast<void>(config.value("b", 0));
  static_cast<void>(config.require<int>("c"));
  static_cast<void>(config.contains("d"));
  config.load_argument("mail.host=\"localhost\"");
  static_cast<void>(config.read<shop::Mail>("mail"));
  EXPECT_EQ(message_of([&] { config.refuse_unknown(); }), "");
  EXPECT_EQ(config.known_keys(),
            (std::vector<std::string>{"a", "b", "c", "d", "mail.host", "mail.port"}));
}

TEST(Config, AStructOfAllKeysLeavesAloneWhatOthersKnow) {
  Config config;
  config.set_default("debug", false);
  config.load_argument("host=example.org");
  EXPECT_EQ(config.read<shop::Mail>().host, "example.org");
  config.load_argument("hots=x");
  EXPECT_NE(message_of([&] { static_cast<void>(config.read<shop::Mail>()); }).find("hots"),
            std::string::npos);
}

TEST(Config, APasswordInAUrlIsNotShown) {
  EXPECT_EQ(shown_value("database.url", R"("postgresql://ann:s3:cret@db/app?x=a@b")"),
            R"("postgresql://ann:***@db/app?x=a@b")");
  EXPECT_EQ(shown_value("database.url", R"("postgresql:///db?password=x&sslpassword=y")"),
            R"("postgresql:///db?password=***&sslpassword=***")");
  EXPECT_EQ(shown_value("database.url", R"("postgresql://ann:a#b?c@db")"),
            R"("postgresql://ann:***@db")");
  EXPECT_EQ(shown_value("urls", R"(["http://a:b@c","http://d:e@f/"])"),
            R"(["http://a:***@c","http://d:***@f/"])");
  EXPECT_EQ(shown_value("database.url", R"("sqlite:///a@b:c")"), R"("sqlite:///a@b:c")");
  EXPECT_EQ(shown_value("url", R"("http://host:80/")"), R"("http://host:80/")");
  EXPECT_EQ(shown_value("secret_key", R"("abc")"), R"("...")");
}

TEST(Config, LaterLayersWinAndAreRemembered) {
  Config config;
  config.set_default("port", 8000);
  config.load_environment("APP", {"APP_PORT=8001", "APP_DATABASE__URL=sqlite:///e", "APPLE=1"});
  config.load_argument("port=8002");
  EXPECT_EQ(config.find<int>("port"), 8002);
  EXPECT_EQ(config.entries().find("port")->second.layer, "command line");
  EXPECT_EQ(config.entries().find("database.url")->second.layer, "environment (APP_DATABASE__URL)");
  EXPECT_EQ(config.entries().size(), 2U);
}

TEST(Config, ValuesOutsideOfTheFileAreJsonOrElseText) {
  Config config;
  config.load_environment("APP",
                          {"APP_A=1", "APP_B=true", "APP_C=[1,2]", "APP_D=plain", "APP_E=1.x"});
  EXPECT_EQ(config.find<int>("a"), 1);
  EXPECT_EQ(config.find<bool>("b"), true);
  EXPECT_EQ(config.find<std::vector<int>>("c"), (std::vector<int>{1, 2}));
  EXPECT_EQ(config.find<std::string>("d"), "plain");
  EXPECT_EQ(config.find<std::string>("e"), "1.x");
}

TEST(Config, AnErrorNamesKeyLayerAndNearestKey) {
  Config config;
  config.set_default("host", "localhost");
  config.load_environment("APP", {"APP_PORT=many", "APP_SECRET_KEY=5"});
  EXPECT_EQ(message_of([&] { static_cast<void>(config.find<int>("port")); }),
            "the configuration key 'port' is \"many\" from environment (APP_PORT): expected int");
  const std::string hidden =
      message_of([&] { static_cast<void>(config.find<std::string>("secret_key")); });
  EXPECT_EQ(hidden.find('5'), std::string::npos) << hidden;
  EXPECT_NE(message_of([&] {
              static_cast<void>(config.require<std::string>("hsot"));
            }).find("'host' is set; is that what was meant?"),
            std::string::npos);
}

TEST(Config, ASectionIsReadAsADescribedStruct) {
  Config config;
  config.load_argument("mail.host=localhost");
  EXPECT_EQ(config.read<shop::Mail>("mail").port, 25);
  config.load_argument("mail.prot=26");
  config.load_argument("mail.port=x");
  EXPECT_EQ(message_of([&] { static_cast<void>(config.read<shop::Mail>("mail")); }),
            "the configuration is not as it must be:\n"
            "  mail.port: expected int, from command line\n"
            "  mail.prot: extra keys not allowed, from command line. Mend: 'port' is the nearest "
            "known key");
}

TEST(Config, ATableSetAsAWholeReplacesItsKeys) {
  Config config;
  config.load_argument("mail.port=26");
  config.load_argument(R"(mail={"host":"h"})");
  EXPECT_EQ(config.read<shop::Mail>("mail").host, "h");
}

}  // namespace
}  // namespace hornbeam::web
