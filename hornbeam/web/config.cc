#include "hornbeam/web/config.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include <toml++/toml.h>

namespace hornbeam::web {

namespace {

std::string lower(std::string_view text) {
  std::string copy(text);
  for (char& each : copy) {
    if (each >= 'A' && each <= 'Z') each = static_cast<char>(each - 'A' + 'a');
  }
  return copy;
}

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
  return lower(key);
}

void flatten(Config& config, const toml::table& table, const std::string& prefix,
             const std::string& layer) {
  for (const auto& [name, node] : table) {
    const std::string key = prefix + lower(name.str());
    if (const toml::table* inner = node.as_table()) {
      flatten(config, *inner, key + ".", layer);
      continue;
    }
    std::ostringstream text;
    text << toml::json_formatter{node};
    config.set(key, text.str(), layer);
  }
}

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") + 1 - begin);
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

void Config::set(std::string_view key, std::string json, std::string layer) {
  // A table set as a whole replaces what single keys set before, and is kept as single keys.
  const std::string section = std::string(key) + ".";
  std::erase_if(entries_, [&](const auto& entry) { return entry.first.starts_with(section); });
  const auto document = base::JsonDocument::parse(json);
  if (document && document->root().kind() == base::JsonKind::kObject) {
    entries_.erase(std::string(key));
    for (std::size_t i = 0; i < document->root().size(); ++i) {
      const auto [name, value] = document->root().member(i);
      set(section + lower(name), value.text(), layer);
    }
    return;
  }
  entries_.insert_or_assign(std::string(key), Entry{std::move(json), std::move(layer)});
}

void Config::load_toml(const std::string& path) {
  try {
    const toml::table table = toml::parse_file(path);
    flatten(*this, table, "", "file (" + path + ")");
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
    set(key_of_variable(std::string_view(name).substr(start.size())),
        as_json(std::string_view(variable).substr(equals + 1)),
        std::string(layer) + " (" + name + ")");
  }
}

void Config::load_dotenv(const std::string& path, std::string_view prefix) {
  std::ifstream file(path);
  std::vector<std::string> variables;
  std::string line;
  while (std::getline(file, line)) {
    std::string_view text = trim(line);
    if (text.starts_with("export ")) text = trim(text.substr(7));
    const std::size_t equals = text.find('=');
    if (text.empty() || text.starts_with('#') || equals == std::string_view::npos) continue;
    std::string_view value = trim(text.substr(equals + 1));
    if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') &&
        value.back() == value.front()) {
      value = value.substr(1, value.size() - 2);
    } else {
      value = trim(value.substr(0, value.find(" #")));
    }
    variables.push_back(std::string(trim(text.substr(0, equals))) + "=" + std::string(value));
  }
  load_environment(prefix, variables, path);
}

void Config::load_argument(std::string_view argument) {
  const std::size_t equals = argument.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    throw ConfigError("'" + std::string(argument) + "' sets nothing. Mend: write --set key=value");
  }
  set(lower(argument.substr(0, equals)), as_json(argument.substr(equals + 1)), "command line");
}

const Config::Entry* Config::find_entry(std::string_view key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : &found->second;
}

std::string Config::object(std::string_view prefix) const {
  // Keys are in order, so that what shares a beginning lies together.
  struct Level {
    std::map<std::string, Level> inner;
    std::string json;
  };
  Level root;
  const std::string section = prefix.empty() ? "" : std::string(prefix) + ".";
  for (const auto& [key, entry] : entries_) {
    if (!key.starts_with(section)) continue;
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
  const std::string shown = is_secret_key(key) ? "a hidden value" : entry.json;
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

}  // namespace hornbeam::web
