#include "hornbeam/data/condition.h"

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
  if (value.is_null() && operation == "=") return {std::move(column) + " IS NULL", {}};
  if (value.is_null() && operation == "<>") return {std::move(column) + " IS NOT NULL", {}};
  Predicate made{std::move(column) + ' ' + std::string(operation) + " ?", {}};
  made.values.push_back(std::move(value));
  return made;
}

Predicate one_of(std::string column, std::vector<KeptValue> values) {
  if (values.empty()) return {"1 = 0", {}};
  Predicate made{std::move(column) + " IN (", std::move(values)};
  for (std::size_t i = 0; i < made.values.size(); ++i) made.sql += i == 0 ? "?" : ", ?";
  made.sql += ')';
  return made;
}

}  // namespace hornbeam::data::internal
