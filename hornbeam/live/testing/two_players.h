#pragma once

// A lobby on a database in memory and players who talk to it, without a network: for tests.

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hornbeam/base/json_view.h"
#include "hornbeam/base/loop.h"
#include "hornbeam/live/database_game_log.h"
#include "hornbeam/live/session.h"

namespace hornbeam::live::testing {

/// A client that keeps what it is sent. Thread: any.
class RecordingClient final : public Client {
 public:
  void send(std::string_view message) override {
    const std::lock_guard lock(mutex_);
    messages_.emplace_back(message);
  }
  void close(std::uint16_t code, std::string_view) override {
    const std::lock_guard lock(mutex_);
    close_code_ = code;
  }

  /// What came since the last call.
  std::vector<std::string> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(messages_, {});
  }
  std::uint16_t close_code() {
    const std::lock_guard lock(mutex_);
    return close_code_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> messages_;
  std::uint16_t close_code_ = 0;
};

/// A connection of one player, greeted.
class Player {
 public:
  /// `key_hash` makes it a known player.
  explicit Player(Lobby& lobby, std::string key_hash = {})
      : client_(std::make_shared<RecordingClient>()),
        session_(std::make_unique<Session>(lobby, client_, std::move(key_hash))) {
    session_->open();
    client_->take();
  }
  ~Player() {
    if (session_) leave();
  }
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;

  /// Sends one message and gives what came back, and came in before.
  std::vector<std::string> say(std::string_view text) {
    base::run(session_->receive(text));
    return client_->take();
  }
  /// What has come since.
  std::vector<std::string> hear() { return client_->take(); }
  /// The connection breaks.
  void leave() {
    base::run(session_->close());
    session_.reset();
  }
  std::uint16_t close_code() { return client_->close_code(); }

 private:
  std::shared_ptr<RecordingClient> client_;
  std::unique_ptr<Session> session_;
};

/// The member `name` of a message's data as text; empty if it is absent or null.
inline std::string value_of(std::string_view message, std::string_view name) {
  const auto document = base::JsonDocument::parse(message);
  if (!document) return "no JSON";
  const auto data = document->root().find("data");
  const auto value = data ? data->find(name) : std::nullopt;
  if (!value || value->is_null()) return {};
  if (const auto text = value->find_string()) return std::string(*text);
  return value->text();
}

inline std::string action_of(std::string_view message) {
  const auto document = base::JsonDocument::parse(message);
  const auto action = document ? document->root().find("action") : std::nullopt;
  return action ? std::string(action->find_string().value_or("")) : std::string();
}

/// A lobby whose games are in a database in memory, without limits on what a client may ask.
class LobbyTest : public ::testing::Test {
 protected:
  LobbyTest() { data::migrate(*database_, game_log_migrations()); }

  EventTime now_{std::chrono::milliseconds(1'700'000'000'000)};
  std::unique_ptr<data::Database> database_ = data::Database::open("sqlite://");
  DatabaseGameLog log_{*database_};
  GameCatalog games_ = standard_games();
  InProcessWakeups wakeups_;
  Players players_{*database_, games_};
  LobbyOptions options_{
      .credits = {.capacity = 0}, .players = &players_, .now = [this] { return now_; }};
  Lobby lobby_{log_, games_, wakeups_, options_};
};

}  // namespace hornbeam::live::testing
