#pragma once

// Config: what a program is told from outside, in layers.
//
// A later layer wins: defaults, the TOML file, the .env file, the environment, the command line.
// Keys are lower-case paths such as "database.url". In a TOML file that is `[database]` `url =
// ...`, in the environment of a program "arena" ARENA_DATABASE__URL, on the command line
// `--set database.url=...`. Values outside of the file are JSON, or else text.
//
// A key that nobody asks for is most likely a slip, so `run` refuses it: what counts is that
// somebody asked for the key while the application was made, or declared it.

#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hornbeam/base/json.h"

namespace hornbeam::web {

/// A value that is missing, of another type, or unknown: names the key, the layer, and the mend.
class ConfigError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What a program is told from outside, key by key, each with the layer it came from.
class Config {
 public:
  /// One key's value and where it came from.
  struct Entry {
    std::string json;   ///< The value.
    std::string layer;  ///< Where it came from, such as "environment (ARENA_PORT)".
  };

  Config();

  /// Sets a value and where it came from.
  void set(std::string_view key, std::string json, std::string layer);
  /// Sets a value as a default, unless a layer has set it.
  template <class Value>
  void set_default(std::string_view key, const Value& value) {
    declare(key);
    if (!entries_.contains(key)) set(key, base::to_json(value), "default");
  }

  /// Reads a TOML file. Throws ConfigError with line and column if it is malformed.
  void load_toml(const std::string& path);
  /// Takes every variable of `environment` ("NAME=value") that begins with `prefix` and '_'.
  void load_environment(std::string_view prefix, const std::vector<std::string>& environment,
                        std::string_view layer = "environment");
  /// Reads lines of NAME=value, with '#' comments and quotes, and takes those that begin with
  /// `prefix` and '_'. Throws ConfigError if there is no such file, or a line is malformed.
  void load_dotenv(const std::string& path, std::string_view prefix);
  /// Sets from "key=value".
  void load_argument(std::string_view argument);

  /// The value; nothing if no layer has it. Throws ConfigError if it is of another type.
  template <class Value>
  std::optional<Value> find(std::string_view key) const {
    const Entry* entry = find_entry(key);
    if (entry == nullptr) return std::nullopt;
    auto value = base::from_json<Value>(entry->json);
    if (!value) refuse(key, *entry, value.error().message());
    return std::move(*value);
  }
  /// The value, or `fallback`.
  template <class Value>
  Value value(std::string_view key, Value fallback) const {
    return find<Value>(key).value_or(std::move(fallback));
  }
  std::string value(std::string_view key, const char* fallback) const {
    return find<std::string>(key).value_or(fallback);
  }
  /// The value. Throws ConfigError, naming the nearest key there is, if no layer has it.
  template <class Value>
  Value require(std::string_view key) const {
    auto found = find<Value>(key);
    if (!found) refuse_missing(key);
    return std::move(*found);
  }
  /// Everything under `prefix` as a described struct, whose members' initialisers are the defaults
  /// of those marked `or_default`. Throws ConfigError with every key that is wrong or unknown.
  /// Without a prefix, keys that others have declared or asked for are no mistakes.
  template <base::Described Value>
  Value read(std::string_view prefix = {}) const {
    std::vector<std::string_view> known;
    base::for_each_field<Value>([&](const auto& field) { known.push_back(field.name); });
    auto value = base::from_json<Value>(object(prefix, known));
    if (!value) refuse_section(prefix, value.error(), known);
    for (const std::string_view name : known) declare_section(prefix, name);
    return std::move(*value);
  }

  /// True if a layer has the key, which counts as asking for it.
  bool contains(std::string_view key) const { return find_entry(key) != nullptr; }

  /// Makes `key` known although it is asked for later, or only sometimes. "mail.*" makes known
  /// whatever is in the section `mail`. Copies of a configuration share what is known.
  void declare(std::string_view key) const;
  /// What was declared or asked for, in order; sections as "mail.*".
  std::vector<std::string> known_keys() const;
  /// Throws ConfigError if a layer has keys that are not known: names each, its layer, and the
  /// nearest key that is. `run` calls this when the application was made.
  void refuse_unknown() const;

  /// Every key that has a value, in the order of the keys.
  const std::map<std::string, Entry, std::less<>>& entries() const noexcept { return entries_; }

 private:
  const Entry* find_entry(std::string_view key) const;
  bool is_known(std::string_view key) const;
  void declare_section(std::string_view prefix, std::string_view name) const;
  void take_variable(std::string_view prefix, std::string_view name, std::string_view value,
                     std::string layer);
  std::string object(std::string_view prefix, const std::vector<std::string_view>& fields) const;
  [[noreturn]] static void refuse(std::string_view key, const Entry& entry,
                                  const std::string& reason);
  [[noreturn]] void refuse_missing(std::string_view key) const;
  [[noreturn]] void refuse_section(std::string_view prefix, const base::JsonFailure& failure,
                                   const std::vector<std::string_view>& known) const;

  struct KnownKeys;

  std::map<std::string, Entry, std::less<>> entries_;
  std::shared_ptr<KnownKeys> known_;
};

/// The member of `known` that `word` is most likely a slip for; empty if none is near.
std::string nearest_word(std::string_view word, const std::vector<std::string_view>& known);

/// True if a key's value is not for showing: passwords, tokens, keys and secrets.
bool is_secret_key(std::string_view key);

/// A value (JSON) as it may be shown: that of a secret key, and the password in a URL, is "...".
std::string shown_value(std::string_view key, std::string_view json);

}  // namespace hornbeam::web
