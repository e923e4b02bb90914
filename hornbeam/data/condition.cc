#include "hornbeam/data/condition.h"

#include <algorithm>

#include <fmt/format.h>

#include "hornbeam/base/json.h"

namespace hornbeam::data::internal {

void KeptValue::bind_null(int /*parameter*/) {
  value_ = std::monostate();
}
void KeptValue::bind_integer(int /*parameter*/, std::int64_t value) {
  value_ = value;
}
void KeptValue::bind_real(int /*parameter*/, double value) {
  value_ = value;
}
void KeptValue::bind_text(int /*parameter*/, std::string_view value, Binding /*binding*/) {
  value_ = std::string(value);
}
void KeptValue::bind_blob(int /*parameter*/, std::span<const std::byte> value,
                          Binding /*binding*/) {
  value_ = std::vector<std::byte>(value.begin(), value.end());
}

void KeptValue::bind_to(Parameters& parameters, int parameter) const {
  struct Bind {
    Parameters& to;
    int at;
    void operator()(std::monostate) const { to.bind_null(at); }
    void operator()(std::int64_t value) const { to.bind_integer(at, value); }
    void operator()(double value) const { to.bind_real(at, value); }
    void operator()(const std::string& value) const { to.bind_text(at, value, Binding::kCopied); }
    void operator()(const std::vector<std::byte>& value) const {
      to.bind_blob(at, value, Binding::kCopied);
    }
  };
  std::visit(Bind{parameters, parameter}, value_);
}

Predicate joined(Predicate left, std::string_view word, Predicate right) {
  if (left.empty()) return right;
  if (right.empty()) return left;
  left.sql = '(' + left.sql + ' ' + std::string(word) + ' ' + right.sql + ')';
  for (KeptValue& value : right.values) left.values.push_back(std::move(value));
  return left;
}

Predicate comparison(std::string column, std::string_view operation, KeptValue value) {
  if (value.is_null() && operation == " = ") return {std::move(column) + " IS NULL", {}};
  if (value.is_null() && operation == " <> ") return {std::move(column) + " IS NOT NULL", {}};
  Predicate made{std::move(column) + std::string(operation) + '?', {}};
  made.values.push_back(std::move(value));
  return made;
}

Predicate between(Predicate left, std::string_view word, Predicate right) {
  left.sql += std::string(word) + right.sql;
  for (KeptValue& value : right.values) left.values.push_back(std::move(value));
  return left;
}

Predicate call(std::string_view function, Predicate first, Predicate second) {
  Predicate made = between(std::move(first), ", ", std::move(second));
  made.sql = std::string(function) + '(' + made.sql + ')';
  return made;
}

namespace {

constexpr std::size_t kMostOneByOne = 8;

template <class Wanted>
bool all_are(const std::vector<KeptValue>& values) {
  return std::ranges::all_of(values, [](const KeptValue& value) {
    return std::holds_alternative<Wanted>(value.stored());
  });
}

/// The values as one JSON text.
KeptValue listed(const std::vector<KeptValue>& values) {
  std::string json = "[";
  for (const KeptValue& value : values) {
    if (json.size() > 1) json += ',';
    if (const auto* number = std::get_if<std::int64_t>(&value.stored())) {
      json += std::to_string(*number);
    } else {
      base::append_json_string(json, std::get<std::string>(value.stored()));
    }
  }
  return KeptValue::of(json + ']');
}

}  // namespace

Predicate one_of(std::string column, std::vector<KeptValue> values) {
  if (values.empty()) return {"1 = 0", {}};
  const bool integers = all_are<std::int64_t>(values);
  if (values.size() > kMostOneByOne && (integers || all_are<std::string>(values))) {
    const char token = integers ? kIntegerList : kTextList;
    return {std::move(column) + " IN " + token, {listed(values)}};
  }
  Predicate made{std::move(column) + " IN (", std::move(values)};
  for (std::size_t i = 0; i < made.values.size(); ++i) made.sql += i == 0 ? "?" : ", ?";
  made.sql += ')';
  return made;
}

std::string sql_for(Dialect dialect, std::string_view sql) {
  const bool postgresql = dialect == Dialect::kPostgresql;
  std::string made;
  made.reserve(sql.size());
  for (const char c : sql) {
    if (c == kPositionOf) {
      made += postgresql ? "strpos" : "instr";
    } else if (c != kIntegerList && c != kTextList) {
      made += c;
    } else if (!postgresql) {
      made += "(SELECT value FROM json_each(?))";
    } else {
      made += "(SELECT value";
      if (c == kIntegerList) made += "::bigint";
      made += " FROM json_array_elements_text(CAST(CAST(? AS text) AS json)))";
    }
  }
  return made;
}

std::string shown(const KeptValue& value) {
  struct Show {
    std::string operator()(std::monostate) const { return "NULL"; }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(double number) const { return fmt::format("{}", number); }
    std::string operator()(const std::string& text) const {
      std::string out = "'";
      for (const char c : text) out += c == '\'' ? "''" : std::string(1, c);
      return out + '\'';
    }
    std::string operator()(const std::vector<std::byte>& bytes) const {
      return fmt::format("<{} bytes>", bytes.size());
    }
  };
  return std::visit(Show{}, value.stored());
}

}  // namespace hornbeam::data::internal
