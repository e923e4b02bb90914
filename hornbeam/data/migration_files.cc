#include <charconv>
#include <fstream>
#include <iterator>
#include <map>

#include <fmt/format.h>

#include "hornbeam/data/error.h"
#include "hornbeam/data/migration.h"

namespace hornbeam::data {

namespace {

namespace fs = std::filesystem;

std::string read_text(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    throw DatabaseError(ErrorKind::kMigration, fmt::format("cannot read {}", file.string()));
  }
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// The number and the name in `0001_create_games`; none if it is called otherwise.
std::optional<std::pair<int, std::string>> parse_stem(std::string_view stem) {
  int number = 0;
  const auto [rest, failed] = std::from_chars(stem.data(), stem.data() + stem.size(), number);
  const auto digits = static_cast<std::size_t>(rest - stem.data());
  if (failed != std::errc() || number < 1 || digits + 1 >= stem.size() || *rest != '_') {
    return std::nullopt;
  }
  return std::pair(number, std::string(stem.substr(digits + 1)));
}

}  // namespace

std::vector<Migration> parse_migrations(std::span<const MigrationFile> files) {
  constexpr std::string_view kSql = ".sql";
  constexpr std::string_view kDown = ".down";
  constexpr std::string_view kPostgresql = ".postgresql";
  std::map<std::pair<int, std::string>, Migration> steps;  // in the order of their numbers
  for (const MigrationFile& file : files) {
    std::string_view stem = file.name;
    const auto take = [&stem](std::string_view ending) {
      const bool is_there = stem.ends_with(ending);
      if (is_there) stem.remove_suffix(ending.size());
      return is_there;
    };
    if (!take(kSql)) continue;
    const bool is_down = take(kDown);
    const bool is_postgresql = take(kPostgresql);
    const auto parsed = parse_stem(stem);
    if (!parsed) {
      throw DatabaseError(ErrorKind::kMigration,
                          fmt::format("{} is no name of a migration: call it such as "
                                      "0001_create_games.sql, or 0001_create_games.down.sql",
                                      file.name));
    }
    Migration& step = steps[*parsed];
    std::tie(step.number, step.name) = *parsed;
    if (is_postgresql) {
      (is_down ? step.postgresql_down : step.postgresql_up) = file.text;
    } else if (is_down) {
      step.down = file.text;
    } else {
      step.up = file.text;
    }
  }
  std::vector<Migration> migrations;
  for (auto& [key, step] : steps) migrations.push_back(std::move(step));
  return migrations;
}

std::vector<Migration> read_migrations(const fs::path& folder) {
  std::vector<std::pair<std::string, std::string>> texts;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    if (entry.path().extension() != ".sql") continue;
    texts.emplace_back(entry.path().filename().string(), read_text(entry.path()));
  }
  if (failed) {
    throw DatabaseError(ErrorKind::kMigration, fmt::format("cannot read the folder {}: {}",
                                                           folder.string(), failed.message()));
  }
  std::vector<MigrationFile> files;
  for (const auto& [name, text] : texts) files.push_back({name, text});
  return parse_migrations(files);
}

}  // namespace hornbeam::data
