#include "hornbeam/web/config.h"

#include <algorithm>
#include <mutex>
#include <set>
#include <sstream>

#include <toml++/toml.h>

#include "hornbeam/base/url_password.h"
#include "hornbeam/http/token.h"
#include "hornbeam/web/internal/dotenv.h"

namespace hornbeam::web {

namespace {

/// Text that is JSON stays; other text becomes a JSON string.
std::string as_json(std::string_view text) {
  if (base::JsonDocument::parse(text)) return std::string(text);
  return base::to_json(text);
}

std::string key_of_variable(std::string_view name) {
  std::string key;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name.substr(i, 2) == "__") {
      key += '.';
      ++i;
    } else {
      key += name[i];
    }
  }
  return http::lower_case(key);
}

void flatten(Config& config, const toml::table& table, const std::string& prefix,
             const std::string& path) {
  for (const auto& [name, node] : table) {
    const std::string key = prefix + http::lower_case(name.str());
    if (const toml::table* inner = node.as_table()) {
      flatten(config, *inner, key + ".", path);
      continue;
    }
    std::ostringstream text;
    text << toml::json_formatter{node};
    config.set(key, text.str(),
               "file (" + path + ":" + std::to_string(node.source().begin.line) + ")");
  }
}

/// Restricted Damerau-Levenshtein: what one slip of the fingers does costs one.
std::size_t distance(std::string_view left, std::string_view right) {
  std::vector<std::vector<std::size_t>> table(left.size() + 1,
                                              std::vector<std::size_t>(right.size() + 1));
  for (std::size_t i = 0; i <= left.size(); ++i) {
    for (std::size_t j = 0; j <= right.size(); ++j) {
      if (i == 0 || j == 0) {
        table[i][j] = i + j;
        continue;
      }
      const std::size_t change = left[i - 1] == right[j - 1] ? 0 : 1;
      table[i][j] =
          std::min({table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + change});
      if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) {
        table[i][j] = std::min(table[i][j], table[i - 2][j - 2] + 1);
      }
    }
  }
  return table[left.size()][right.size()];
}

}  // namespace

struct Config::KnownKeys {
  std::mutex mutex;
  std::set<std::string, std::less<>> keys;  // Guarded by `mutex`.
};

Config::Config() : known_(std::make_shared<KnownKeys>()) {}

void Config::set(std::string_view key, std::string json, std::string layer) {
  // A table set as a whole replaces what single keys set before, and is kept as single keys.
  const std::string section = std::string(key) + ".";
  std::erase_if(entries_, [&](const auto& entry) { return entry.first.starts_with(section); });
  const auto document = base::JsonDocument::parse(json);
  if (document && document->root().kind() == base::JsonKind::kObject) {
    entries_.erase(std::string(key));
    for (std::size_t i = 0; i < document->root().size(); ++i) {
      const auto [name, value] = document->root().member(i);
      set(section + http::lower_case(name), value.text(), layer);
    }
    return;
  }
  entries_.insert_or_assign(std::string(key), Entry{std::move(json), std::move(layer)});
}

void Config::load_toml(const std::string& path) {
  try {
    const toml::table table = toml::parse_file(path);
    flatten(*this, table, "", path);
  } catch (const toml::parse_error& error) {
    const auto& at = error.source().begin;
    throw ConfigError(path + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) +
                      ": " + std::string(error.description()));
  }
}

void Config::load_environment(std::string_view prefix, const std::vector<std::string>& environment,
                              std::string_view layer) {
  const std::string start = std::string(prefix) + "_";
  std::vector<std::string> sorted = environment;
  std::sort(sorted.begin(), sorted.end());
  for (const std::string& variable : sorted) {
    const std::size_t equals = variable.find('=');
    if (equals == std::string::npos || !variable.starts_with(start)) continue;
    const std::string name = variable.substr(0, equals);
    take_variable(prefix, name, std::string_view(variable).substr(equals + 1),
                  std::string(layer) + " (" + name + ")");
  }
}

void Config::take_variable(std::string_view prefix, std::string_view name, std::string_view value,
                           std::string layer) {
  if (!name.starts_with(std::string(prefix) + "_")) return;
  set(key_of_variable(name.substr(prefix.size() + 1)), as_json(value), std::move(layer));
}

void Config::load_dotenv(const std::string& path, std::string_view prefix) {
  std::vector<DotenvVariable> variables = read_dotenv(path);
  // As variables of the environment are taken: by name, so that a whole table comes before its
  // keys.
  std::ranges::sort(variables, {}, [](const DotenvVariable& each) {
    return std::pair<std::string_view, int>(each.name, each.line);
  });
  for (const DotenvVariable& each : variables) {
    take_variable(prefix, each.name, each.value,
                  path + ":" + std::to_string(each.line) + " (" + each.name + ")");
  }
}

void Config::load_argument(std::string_view argument) {
  const std::size_t equals = argument.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    throw ConfigError("'" + std::string(argument) + "' sets nothing. Mend: write --set key=value");
  }
  set(http::lower_case(argument.substr(0, equals)), as_json(argument.substr(equals + 1)),
      "command line");
}

const Config::Entry* Config::find_entry(std::string_view key) const {
  declare(key);
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : &found->second;
}

void Config::declare(std::string_view key) const {
  const std::lock_guard lock(known_->mutex);
  if (!known_->keys.contains(key)) known_->keys.emplace(key);
}

void Config::declare_section(std::string_view prefix, std::string_view name) const {
  const std::string key = (prefix.empty() ? "" : std::string(prefix) + ".") + std::string(name);
  declare(key);
  // What is below a member was checked when it was read.
  if (entries_.contains(key)) return;
  const auto below = entries_.lower_bound(key + ".");
  if (below != entries_.end() && below->first.starts_with(key + ".")) declare(key + ".*");
}

bool Config::is_known(std::string_view key) const {
  const std::lock_guard lock(known_->mutex);
  if (known_->keys.contains(key)) return true;
  for (std::size_t dot = key.find('.'); dot != std::string_view::npos;
       dot = key.find('.', dot + 1)) {
    if (known_->keys.contains(std::string(key.substr(0, dot)) + ".*")) return true;
  }
  return false;
}

std::vector<std::string> Config::known_keys() const {
  const std::lock_guard lock(known_->mutex);
  return {known_->keys.begin(), known_->keys.end()};
}

void Config::refuse_unknown() const {
  const std::vector<std::string> known = known_keys();
  std::string list;
  for (const auto& [key, entry] : entries_) {
    if (is_known(key)) continue;
    const std::string nearest = nearest_word(key, {known.begin(), known.end()});
    list += "\n  " + key + ", from " + entry.layer + ". Mend: " +
            (nearest.empty() ? "remove it; nothing like it is known"
                             : "'" + nearest + "' is the nearest known key");
  }
  if (!list.empty()) throw ConfigError("the configuration has keys that nobody asks for:" + list);
}

std::string Config::object(std::string_view prefix,
                           const std::vector<std::string_view>& fields) const {
  // Keys are in order, so that what shares a beginning lies together.
  struct Level {
    std::map<std::string, Level> inner;
    std::string json;
  };
  Level root;
  const std::string section = prefix.empty() ? "" : std::string(prefix) + ".";
  for (const auto& [key, entry] : entries_) {
    if (!key.starts_with(section)) continue;
    const std::string_view first = std::string_view(key).substr(0, key.find('.'));
    const bool is_others = prefix.empty() && std::ranges::find(fields, first) == fields.end();
    if (is_others && is_known(key)) continue;
    Level* level = &root;
    std::string_view rest = std::string_view(key).substr(section.size());
    while (true) {
      const std::size_t dot = rest.find('.');
      level = &level->inner[std::string(rest.substr(0, dot))];
      if (dot == std::string_view::npos) break;
      rest.remove_prefix(dot + 1);
    }
    level->json = entry.json;
  }
  std::string json;
  auto write = [&json](auto& self, const Level& level) -> void {
    if (level.inner.empty() && !level.json.empty()) {
      json += level.json;
      return;
    }
    json += '{';
    for (const auto& [name, inner] : level.inner) {
      if (json.back() != '{') json += ',';
      base::append_json_string(json, name);
      json += ':';
      self(self, inner);
    }
    json += '}';
  };
  write(write, root);
  return json;
}

void Config::refuse(std::string_view key, const Entry& entry, const std::string& reason) {
  const std::string shown = is_secret_key(key) ? "a hidden value" : shown_value(key, entry.json);
  throw ConfigError("the configuration key '" + std::string(key) + "' is " + shown + " from " +
                    entry.layer + ": " + reason);
}

void Config::refuse_missing(std::string_view key) const {
  std::vector<std::string_view> known;
  known.reserve(entries_.size());
  for (const auto& [name, entry] : entries_) known.push_back(name);
  const std::string nearest = nearest_word(key, known);
  throw ConfigError("the configuration key '" + std::string(key) + "' is not set in any layer. " +
                    (nearest.empty() ? "Mend: --set " + std::string(key) + "=..."
                                     : "Mend: '" + nearest + "' is set; is that what was meant?"));
}

void Config::refuse_section(std::string_view prefix, const base::JsonFailure& failure,
                            const std::vector<std::string_view>& known) const {
  std::string text = "the configuration is not as it must be:";
  for (const base::Problem& problem : failure.problems) {
    std::string key(prefix);
    for (const base::PathStep& step : problem.path) {
      if (const auto* name = std::get_if<std::string>(&step)) {
        key += (key.empty() ? "" : ".") + *name;
      }
    }
    text += "\n  " + key + ": " + problem.message;
    if (const Entry* entry = find_entry(key)) text += ", from " + entry->layer;
    if (problem.message == "extra keys not allowed" && problem.path.size() == 1) {
      const std::string nearest = nearest_word(std::get<std::string>(problem.path[0]), known);
      if (!nearest.empty()) text += ". Mend: '" + nearest + "' is the nearest known key";
    }
  }
  throw ConfigError(text);
}

std::string nearest_word(std::string_view word, const std::vector<std::string_view>& known) {
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string_view each : known) {
    const std::size_t found = distance(word, each);
    if (found < best_distance) {
      best = each;
      best_distance = found;
    }
  }
  return std::string(best);
}

bool is_secret_key(std::string_view key) {
  for (const std::string_view part : {"secret", "password", "token", "key", "credential"}) {
    if (key.find(part) != std::string_view::npos) return true;
  }
  return false;
}

std::string shown_value(std::string_view key, std::string_view json) {
  if (is_secret_key(key)) return "\"...\"";
  return base::without_password(json);
}

}  // namespace hornbeam::web
