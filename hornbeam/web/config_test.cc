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
