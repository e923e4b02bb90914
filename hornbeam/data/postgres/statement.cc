#include "hornbeam/data/postgres/statement.h"

#include <charconv>

#include <fmt/format.h>
#include <libpq-fe.h>

#include "hornbeam/data/error.h"
#include "hornbeam/data/postgres/connection.h"

namespace hornbeam::data::postgres {

PostgresStatement::PostgresStatement(PostgresConnection& connection,
                                     std::shared_ptr<Prepared> prepared)
    : connection_(connection), prepared_(std::move(prepared)) {
  const std::size_t count = prepared_->parameters.size();
  texts_.resize(count);
  values_.resize(count);
  sizes_.resize(count);
  formats_.resize(count);
}

Type PostgresStatement::parameter_type(int parameter) const {
  const auto at = static_cast<std::size_t>(parameter);
  const TypeNumber wide = widened_.empty() ? 0 : widened_[at];
  return type_of(wide != 0 ? wide : prepared_->parameters[at]);
}

void PostgresStatement::widen(int parameter, TypeNumber type) {
  widened_.resize(values_.size());
  widened_[static_cast<std::size_t>(parameter)] = type;
}

void PostgresStatement::set(int parameter, const Encoded& encoded, Binding binding) {
  const auto at = static_cast<std::size_t>(parameter);
  std::string_view bytes = encoded.bytes;
  if (binding == Binding::kCopied && bytes.data() != texts_[at].data()) {
    texts_[at] = bytes;
    bytes = texts_[at];
  }
  values_[at] = bytes.data() != nullptr ? bytes.data() : "";
  sizes_[at] = static_cast<int>(bytes.size());
  formats_[at] = encoded.format == Format::kBinary ? 1 : 0;
}

void PostgresStatement::bind_null(int parameter) {
  values_[static_cast<std::size_t>(parameter)] = nullptr;
}

void PostgresStatement::bind_integer(int parameter, std::int64_t value) {
  std::string& text = texts_[static_cast<std::size_t>(parameter)];
  auto encoded = encode_integer(parameter_type(parameter), value, text);
  if (!encoded) {
    widen(parameter, kInt8Type);
    encoded = encode_integer(Type::kInt8, value, text);
  }
  set(parameter, *encoded, Binding::kBorrowed);
}

void PostgresStatement::bind_real(int parameter, double value) {
  std::string& text = texts_[static_cast<std::size_t>(parameter)];
  auto encoded = encode_real(parameter_type(parameter), value, text);
  if (!encoded) {
    widen(parameter, kFloat8Type);
    encoded = encode_real(Type::kFloat8, value, text);
  }
  set(parameter, *encoded, Binding::kBorrowed);
}

void PostgresStatement::bind_text(int parameter, std::string_view value, Binding binding) {
  std::string& text = texts_[static_cast<std::size_t>(parameter)];
  set(parameter, encode_text(parameter_type(parameter), value, text), binding);
}

void PostgresStatement::bind_blob(int parameter, std::span<const std::byte> value,
                                  Binding binding) {
  const std::string_view bytes(reinterpret_cast<const char*>(value.data()), value.size());
  set(parameter, {bytes, Format::kBinary}, binding);
}

bool PostgresStatement::step() {
  if (state_ == State::kBound) {
    if (!widened_.empty()) prepared_ = connection_.prepared(prepared_->sql, widened_);
    connection_.run(*this);
  } else {
    ++row_;
  }
  // Ends: each round has a row, or takes more from the server, which comes to its end.
  while (true) {
    if (rows_ && row_ < PQntuples(rows_.get())) return true;
    if (!waiting_.empty()) {
      rows_ = std::move(waiting_.front());
      waiting_.pop_front();
      row_ = 0;
    } else if (state_ == State::kDone) {
      rows_.reset();
      return false;
    } else {
      row_ = 0;
      rows_.reset();
      connection_.read_on(*this);
    }
  }
}

void PostgresStatement::take(Result result) {
  if (PQresultStatus(result.get()) != PGRES_SINGLE_TUPLE) {
    state_ = State::kDone;
    const std::string_view done(PQcmdStatus(result.get()));
    const std::string_view count(PQcmdTuples(result.get()));
    if (!done.starts_with("SELECT")) {
      std::from_chars(count.data(), count.data() + count.size(), changes_);
    }
  }
  if (PQntuples(result.get()) > 0) waiting_.push_back(std::move(result));
}

std::string_view PostgresStatement::column_name(int column) const {
  return PQfname(prepared_->description.get(), column);
}

Sent PostgresStatement::sent(int column) const {
  return {PQgetvalue(rows_.get(), row_, column), PQgetlength(rows_.get(), row_, column),
          prepared_->columns[static_cast<std::size_t>(column)], prepared_->format};
}

ColumnType PostgresStatement::column_type(int column) const {
  if (PQgetisnull(rows_.get(), row_, column) != 0) return ColumnType::kNull;
  return column_type_of(sent(column));
}

std::string& PostgresStatement::scratch(int column) const {
  scratch_.resize(prepared_->columns.size());
  return scratch_[static_cast<std::size_t>(column)];
}

std::string_view PostgresStatement::text(int column) const {
  const Sent here = sent(column);
  if (here.type == Type::kText) return {here.data, static_cast<std::size_t>(here.size)};
  return text_of(here, scratch(column));
}

std::span<const std::byte> PostgresStatement::blob(int column) const {
  const std::string_view bytes = bytes_of(sent(column), scratch(column));
  return {reinterpret_cast<const std::byte*>(bytes.data()), bytes.size()};
}

void PostgresStatement::release() noexcept {
  connection_.end_use(*this);
  std::unique_ptr<PostgresStatement> self(this);
  if (prepared_->idle || !widened_.empty()) return;
  rows_.reset();
  waiting_.clear();
  row_ = 0;
  changes_ = 0;
  fetches_at_once_ = false;
  state_ = State::kBound;
  const std::shared_ptr<Prepared> prepared = std::move(prepared_);
  prepared->idle = std::move(self);  // without a pointer back: that would be a ring
}

}  // namespace hornbeam::data::postgres
