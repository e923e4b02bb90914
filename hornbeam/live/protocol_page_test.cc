// The conversations of docs/design/live.md, held word by word. In a block marked `live`, "A> m" is
// what client A sends and "A< m" what it then finds has been sent to it, in order; "<token of A>"
// stands for the token that A was given, and "<invitation by A>" for its private game's.

#include <filesystem>
#include <fstream>
#include <map>

#include "hornbeam/live/testing/two_players.h"

namespace hornbeam::live {
namespace {

using testing::Player;

std::vector<std::vector<std::string>> conversations() {
  const auto page = std::filesystem::path(__FILE__).parent_path() / "../../docs/design/live.md";
  std::ifstream file(page);
  std::vector<std::vector<std::string>> found;
  bool is_inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line == "```live") found.emplace_back();
    if (is_inside && line != "```") found.back().push_back(line);
    is_inside = line == "```live" || (is_inside && line != "```");
  }
  return found;
}

void replace(std::string& text, std::string_view from, std::string_view to) {
  if (const auto at = text.find(from); at != std::string::npos) text.replace(at, from.size(), to);
}

class ProtocolPage : public testing::LobbyTest {
 protected:
  void hold(const std::vector<std::string>& lines) {
    for (const std::string& line : lines) {
      ASSERT_GT(line.size(), 3U) << line;
      const char name = line[0];
      const std::string text = line.substr(3);
      (line[1] == '>' ? say(name, text) : expect(name, text));
    }
    for (auto& [name, messages] : heard_) {
      for (const auto& message : messages) ADD_FAILURE() << name << " was also sent " << message;
    }
  }

 private:
  void say(char name, std::string text) {
    for (const auto& [owner, token] : tokens_) {
      replace(text, std::string("<token of ") + owner + ">", token);
    }
    for (const auto& [owner, invitation] : invitations_) {
      replace(text, std::string("<invitation by ") + owner + ">", invitation);
    }
    auto& player = players_[name];
    if (!player) player = std::make_unique<Player>(lobby_);
    add(name, player->say(text));
    for (auto& [other, each] : players_) add(other, each->hear());
  }

  void expect(char name, const std::string& text) {
    auto& messages = heard_[name];
    ASSERT_FALSE(messages.empty()) << name << " was not sent " << text;
    EXPECT_EQ(messages.front(), text);
    messages.erase(messages.begin());
  }

  void add(char name, std::vector<std::string> messages) {
    for (std::string& message : messages) {
      if (const auto token = testing::value_of(message, "token"); !token.empty()) {
        tokens_[name] = token;
        replace(message, token, std::string("<token of ") + name + ">");
      }
      if (const auto text = testing::value_of(message, "invite"); !text.empty()) {
        invitations_[name] = text;
        replace(message, text, std::string("<invitation by ") + name + ">");
      }
      heard_[name].push_back(std::move(message));
    }
  }

  std::map<char, std::unique_ptr<Player>> players_;
  std::map<char, std::string> tokens_;
  std::map<char, std::string> invitations_;
  std::map<char, std::vector<std::string>> heard_;
};

TEST_F(ProtocolPage, TheClassicConversationIsHeldAsWritten) {
  hold(conversations().at(0));
}
TEST_F(ProtocolPage, TheExtendedConversationIsHeldAsWritten) {
  hold(conversations().at(1));
}
TEST_F(ProtocolPage, TheConversationAboutDrawsAndUndoIsHeldAsWritten) {
  hold(conversations().at(2));
}
TEST_F(ProtocolPage, TheConversationAboutMeetingIsHeldAsWritten) {
  hold(conversations().at(3));
}
TEST_F(ProtocolPage, TheConversationAboutClocksIsHeldAsWritten) {
  hold(conversations().at(4));
}
TEST_F(ProtocolPage, TheConversationAboutAPrivateGameIsHeldAsWritten) {
  hold(conversations().at(5));
  EXPECT_EQ(conversations().size(), 6U) << "a conversation of the page is not held";
}

}  // namespace
}  // namespace hornbeam::live
