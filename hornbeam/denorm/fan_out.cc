#include "hornbeam/denorm/fan_out.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "hornbeam/denorm/internal/keys.h"

namespace hornbeam::denorm {

FanOut::FanOut(const DocumentType& type, std::span<const feed::Change> changes) : type_(&type) {
  const auto keys_at = [&](const std::string& place) {
    std::set<std::string> keys;
    for (const feed::Change& each : changes) {
      if (each.place == place) keys.insert(each.key);
    }
    return keys;
  };
  direct_ = keys_at(type.key.place());
  std::vector<feed::Path> looked_at;
  for (const feed::Path& path : type.embeds) {
    // A row in the middle of the way has changes of its own.
    for (auto from = path.begin(); from != path.end(); ++from) {
      feed::Path rest(from, path.end());
      if (std::find(looked_at.begin(), looked_at.end(), rest) != looked_at.end()) continue;
      looked_at.push_back(rest);
      std::set<std::string> keys = keys_at(rest.front().from.place());
      if (keys.empty()) continue;
      if (rest.size() == 1 && rest.front().to == type.key) {
        direct_.merge(keys);
      } else {
        searches_.push_back(
            {.path = std::move(rest),
             .values = {std::make_move_iterator(keys.begin()), std::make_move_iterator(keys.end())},
             .after = {}});
      }
    }
  }
}

std::vector<std::string> FanOut::next(data::Snapshot& db, std::size_t most) {
  std::set<std::string> found;
  while (!direct_.empty() && found.size() < most) {
    found.insert(direct_.extract(direct_.begin()));
  }
  while (!searches_.empty() && found.size() < most) search(db, most, found);
  return {found.begin(), found.end()};
}

void FanOut::search(data::Snapshot& db, std::size_t most, std::set<std::string>& found) {
  Search& current = searches_.back();
  const std::string test(internal::one_of_keys(db.dialect()));
  const std::string key = fmt::format(R"("{}"."{}")", type_->key.table, type_->key.name);
  const std::string sql =
      fmt::format("SELECT CAST({0} AS TEXT) FROM \"{1}\" WHERE {2}{3} ORDER BY {0} LIMIT ?", key,
                  type_->key.table, feed::path_condition(current.path, test),
                  current.has_begun ? fmt::format(" AND {} > ?", key) : "");
  const std::string values = internal::bound_keys(db.dialect(), current.values);
  const auto limit = static_cast<std::int64_t>(most - found.size());
  const auto keys =
      current.has_begun
          ? db.query<std::string>(data::unchecked_sql(sql), values, current.after, limit).all()
          : db.query<std::string>(data::unchecked_sql(sql), values, limit).all();
  if (std::cmp_less(keys.size(), limit)) {
    searches_.pop_back();
  } else {
    current.after = keys.back();
    current.has_begun = true;
  }
  found.insert(keys.begin(), keys.end());
}

}  // namespace hornbeam::denorm
