#pragma once

// Scope: whose rows a piece of work may see and write. A value: it is passed to whoever needs it, a
// socket or a job included, and nothing global can switch it off.
//
//   auto mine = tx.within(scope);
//   mine.select<Plant>().all();   // only of the organisation
//   mine.insert(plant);           // becomes the organisation's
//
// A table with a `belongs_to_organisation` field cannot be named without one: it does not compile.
// The filter stands beside the name of each table of a statement (`TableReference`), so that a
// join, a sub-query or a bulk change cannot forget it. A scope of no organisation sees nothing.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/data/condition.h"

namespace hornbeam::data {

/// The organisations whose rows may be seen; by default none.
class Scope {
 public:
  Scope() = default;
  /// Of one organisation, named by what the marked fields store: an integer or a text.
  template <class Organisation>
    requires Bindable<Organisation> && (!std::same_as<Organisation, bool>)
  static Scope of(const Organisation& organisation) {
    Scope scope;
    scope.organisations_.push_back(internal::KeptValue::of(organisation));
    return scope;
  }
  /// Of several: reads see the rows of all, and an inserted row must say whose it is.
  template <class Organisation>
  static Scope of_any(const std::vector<Organisation>& organisations) {
    Scope scope;
    for (const Organisation& each : organisations) {
      scope.organisations_.push_back(internal::KeptValue::of(each));
    }
    return scope;
  }

  /// Whether it holds no organisation: then no row is seen.
  bool empty() const noexcept { return organisations_.empty(); }
  /// How many organisations it holds.
  std::size_t size() const noexcept { return organisations_.size(); }
  bool operator==(const Scope&) const = default;

  /// What a new row is stamped with: the one organisation, or of several the row's own. Throws:
  /// `DatabaseError` (`kPermission`) if that is not among them, or there is none.
  internal::KeptValue organisation_for(const internal::KeptValue& own) const;
  /// "This column is one of the organisations."
  internal::Predicate filter(const std::string& column) const;
  /// As PostgreSQL's `hornbeam.organisation`: an array, such as `{"7","8"}`.
  std::string setting() const;

 private:
  std::vector<internal::KeptValue> organisations_;
};

/// Why everything is asked for. Written in the program, so that a reader finds it beside the call.
class Reason {
 public:
  /// A literal, so that reasons are found by searching the source.
  template <std::size_t Size>
  consteval Reason(const char (&text)[Size]) : text_(text, Size - 1) {  // NOLINT
    static_assert(Size > 10, "say why, in a sentence");
  }
  /// The reason, for logs.
  std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

namespace internal {

/// What a session was told last, so that it is told again only when that changes.
struct Session {
  explicit Session(Connection& on) : connection(on) {}
  void enter(const std::string& organisations, std::string_view unrestricted);
  /// Somebody else may have set them.
  void forget_settings() {
    organisations.clear();
    unrestricted.clear();
  }

  Connection& connection;
  std::string organisations;
  std::string unrestricted;
};

template <class Access, class Row>
consteval void require_scope() {
  static_assert(!TableTraits<Row>::kIsScoped || Access::kMayNameScoped,
                "this table belongs to an organisation, and may only be named within a scope. "
                "Mend: call db.within(scope), and ask what it returns");
}

template <Table Row>
std::string organisation_column() {
  return join_fields<Row>("", kOrganisation, quoted);
}

/// Binds what a row says itself.
struct AsWritten {
  static constexpr bool kIsScoped = false;
  template <class Value>
  void bind_organisation(Parameters& statement, int at, const Value& own) const {
    KeptValue::of(own).bind_to(statement, at);
  }
};

/// No scope: tables of organisations cannot be named.
struct Unscoped : AsWritten {
  static constexpr bool kMayNameScoped = false;
  void enter(Session&) const {}
};
/// `unrestricted_unsafe`.
struct Unrestricted : AsWritten {
  static constexpr bool kMayNameScoped = true;
  void enter(Session& session) const { session.enter("", "on"); }
};
struct Scoped {
  static constexpr bool kIsScoped = true;
  static constexpr bool kMayNameScoped = true;
  void enter(Session& session) const {
    if (session.connection.dialect() == Dialect::kSqlite) return;  // It has no settings.
    session.enter(scope.setting(), "off");
  }
  template <class Value>
  KeptValue organisation_for(const Value& own) const {
    return scope.organisation_for(KeptValue::of(own));
  }
  template <class Value>
  void bind_organisation(Parameters& statement, int at, const Value& own) const {
    organisation_for(own).bind_to(statement, at);
  }

  Scope scope;
};

/// What `access` lets through of a table called `name`.
template <Table Row, class Access>
Predicate scope_of(const Access& access, const std::string& name) {
  require_scope<Access, Row>();
  if constexpr (Access::kIsScoped && TableTraits<Row>::kIsScoped) {
    return access.scope.filter(name + '.' + organisation_column<Row>());
  } else {
    return {};
  }
}

[[noreturn]] void throw_foreign_reference(std::string_view table, std::string_view column,
                                          std::string_view target);

}  // namespace internal

/// PostgreSQL's second lock: with this policy, SQL of any kind sees only rows of the organisation
/// that the session was set to, which `within` does. For a migration. It binds every role but
/// superusers and those with BYPASSRLS.
template <Table Row>
std::string row_level_security_sql() {
  static_assert(internal::TableTraits<Row>::kIsScoped,
                "the table belongs to no organisation: mark a field with belongs_to_organisation");
  const std::string table = internal::quoted_table<Row>();
  std::string type;
  base::for_each_field<Row>([&]<class Field>(const Field&) {
    if constexpr (Field::template has<BelongsToOrganisation>()) {
      type = std::same_as<typename Field::value_type, std::string> ? "text" : "bigint";
    }
  });
  return "ALTER TABLE " + table + " ENABLE ROW LEVEL SECURITY;\nALTER TABLE " + table +
         " FORCE ROW LEVEL SECURITY;\nCREATE POLICY organisation ON " + table + " USING (" +
         internal::organisation_column<Row>() +
         " = ANY (NULLIF(current_setting('hornbeam.organisation', true), '')::" + type +
         "[]) OR current_setting('hornbeam.unrestricted', true) = 'on');\n";
}

}  // namespace hornbeam::data
