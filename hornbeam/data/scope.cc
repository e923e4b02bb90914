#include "hornbeam/data/scope.h"

#include <algorithm>

#include <fmt/format.h>

#include "hornbeam/data/error.h"

namespace hornbeam::data {

internal::KeptValue Scope::organisation_for(const internal::KeptValue& own) const {
  if (organisations_.empty()) {
    throw DatabaseError(ErrorKind::kPermission,
                        "a scope of no organisation writes nothing. Mend: make the scope of the "
                        "organisation that the user works for");
  }
  if (organisations_.size() == 1) return organisations_.front();
  if (std::ranges::find(organisations_, own) != organisations_.end()) return own;
  throw DatabaseError(ErrorKind::kPermission,
                      fmt::format("the row is of organisation {}, which is not in the scope. Mend: "
                                  "in a scope of several, each row must say whose it is",
                                  internal::shown(own)));
}

internal::Predicate Scope::filter(const std::string& column) const {
  return internal::one_of(column, organisations_);
}

std::string Scope::setting() const {
  std::string array = "{";
  for (const internal::KeptValue& each : organisations_) {
    if (array.size() > 1) array += ',';
    const auto* text = std::get_if<std::string>(&each.stored());
    if (text == nullptr) {
      array += internal::shown(each);
      continue;
    }
    array += '"';
    for (const char c : *text) {
      if (c == '"' || c == '\\') array += '\\';
      array += c;
    }
    array += '"';
  }
  return array + '}';
}

namespace internal {

void Session::enter(const std::string& organisations_now, std::string_view unrestricted_now) {
  if (connection.dialect() != Dialect::kPostgresql) return;
  if (organisations != organisations_now) {
    connection.set_local("hornbeam.organisation", organisations_now);
    organisations = organisations_now;
  }
  if (unrestricted != unrestricted_now) {
    connection.set_local("hornbeam.unrestricted", unrestricted_now);
    unrestricted = unrestricted_now;
  }
}

void throw_foreign_reference(std::string_view table, std::string_view column,
                             std::string_view target) {
  throw DatabaseError(ErrorKind::kForeignKey,
                      fmt::format("\"{}\".\"{}\" refers to a row of \"{}\" that is not there, or "
                                  "not the organisation's",
                                  table, column, target));
}

}  // namespace internal

}  // namespace hornbeam::data
