#pragma once

// A package of Debian's archive: as rows of four tables, and as the document that searches find.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "arena/packages/control_file.h"
#include "hornbeam/data.h"
#include "hornbeam/denorm.h"

namespace arena::packages {

/// Who keeps packages: a person, or more often a team. Renaming one changes every document of what
/// is kept.
struct Maintainer {
  std::int64_t id = 0;
  std::string email;
  std::string name;
};
constexpr auto describe(hornbeam::base::Type<Maintainer>) {
  using hornbeam::base::field;
  namespace data = hornbeam::data;
  return hornbeam::base::fields(field("id", &Maintainer::id, data::primary_key, data::generated),
                                field("email", &Maintainer::email, data::unique),
                                field("name", &Maintainer::name));
}
constexpr std::string_view table_name(hornbeam::base::Type<Maintainer>) {
  return "maintainers";
}

/// A package, in one version.
struct Package {
  std::int64_t id = 0;
  std::string name;
  std::string version;
  std::string section;
  std::string priority;
  std::string summary;
  std::string homepage;
  std::int64_t installed_kib = 0;  ///< Kibibytes, once it is installed.
  std::int64_t maintainer = 0;
  std::string fingerprint;  ///< Of all that was read: an import skips what is as before.
};
constexpr auto describe(hornbeam::base::Type<Package>) {
  using hornbeam::base::field;
  namespace data = hornbeam::data;
  return hornbeam::base::fields(
      field("id", &Package::id, data::primary_key, data::generated),
      field("name", &Package::name, data::unique), field("version", &Package::version),
      field("section", &Package::section), field("priority", &Package::priority),
      field("summary", &Package::summary), field("homepage", &Package::homepage),
      field("installed_kib", &Package::installed_kib),
      field("maintainer", &Package::maintainer, data::references(&Maintainer::id), data::indexed),
      field("fingerprint", &Package::fingerprint));
}
constexpr std::string_view table_name(hornbeam::base::Type<Package>) {
  return "packages";
}

/// A word that describes a package, such as "role::program".
struct PackageTag {
  std::int64_t package = 0;
  std::string tag;
};
constexpr auto describe(hornbeam::base::Type<PackageTag>) {
  using hornbeam::base::field;
  namespace data = hornbeam::data;
  return hornbeam::base::fields(
      field("package", &PackageTag::package, data::primary_key, data::references(&Package::id)),
      field("tag", &PackageTag::tag, data::primary_key));
}
constexpr std::string_view table_name(hornbeam::base::Type<PackageTag>) {
  return "package_tags";
}

/// That a package needs or wants another one, which need not be in the archive.
struct Dependency {
  std::int64_t package = 0;
  std::string kind;  ///< "depends" or "recommends".
  std::string name;
};
constexpr auto describe(hornbeam::base::Type<Dependency>) {
  using hornbeam::base::field;
  namespace data = hornbeam::data;
  return hornbeam::base::fields(
      field("package", &Dependency::package, data::primary_key, data::references(&Package::id)),
      field("kind", &Dependency::kind, data::primary_key),
      field("name", &Dependency::name, data::primary_key));
}
constexpr std::string_view table_name(hornbeam::base::Type<Dependency>) {
  return "dependencies";
}

/// A package and everything that hangs on it, as a stanza has it. Ids are not known yet.
struct PackageRecord {
  Package package;
  Maintainer maintainer;
  std::vector<std::string> tags;         ///< Each once, in order.
  std::vector<Dependency> dependencies;  ///< Each once, in order.
};

/// What a stanza of a Packages file says; none if it is no package (it has no name). Values that
/// are missing are empty, and an installed size that is no number is 0.
std::optional<PackageRecord> read_package(const Stanza& stanza);

/// What searches find.
struct PackageDocument {
  std::int64_t id = 0;
  std::string name;
  std::string version;
  std::string summary;
  std::string section;
  std::string maintainer;
  std::vector<std::string> tags;
  std::vector<std::string> depends;
  std::int64_t installed_kib = 0;
};
constexpr auto describe(hornbeam::base::Type<PackageDocument>) {
  using hornbeam::base::field;
  namespace search = hornbeam::search;
  return hornbeam::base::fields(
      field("id", &PackageDocument::id, search::document_id), field("name", &PackageDocument::name),
      field("version", &PackageDocument::version, search::keyword),
      field("summary", &PackageDocument::summary, search::analyzed("english")),
      field("section", &PackageDocument::section, search::keyword),
      field("maintainer", &PackageDocument::maintainer),
      field("tags", &PackageDocument::tags, search::keyword),
      field("depends", &PackageDocument::depends, search::keyword),
      field("installed_kib", &PackageDocument::installed_kib));
}

/// How rows become documents.
hornbeam::denorm::DocumentType package_documents();

/// The step of the schema that makes the four tables.
hornbeam::data::Migration packages_migration(int number);
/// What they look like, for `db check`.
std::vector<hornbeam::data::TableShape> packages_tables();

}  // namespace arena::packages
