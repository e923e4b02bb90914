#pragma once

// The browser of packages: what is asked for, what is found, and its pages.
//
//   /packages?q=editor&section=editors&tag=...   a page of hits, and facets that narrow it
//   /packages/NAME                               one package, from the database

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "arena/packages/package.h"
#include "hornbeam/pages.h"
#include "hornbeam/web.h"

namespace arena::packages {

/// What a visitor asks for; empty texts ask for nothing.
struct PackageQuery {
  std::string q;
  std::string section;
  std::string tag;
  std::string maintainer;
  std::string needs;      ///< Name of a package that those found depend on.
  std::int64_t page = 1;  ///< From 1 to `kMostPages`.
};
inline constexpr std::int64_t kMostPages = 100;
inline constexpr std::int64_t kHitsOnPage = 20;
constexpr auto describe(hornbeam::base::Type<PackageQuery>) {
  using hornbeam::base::field;
  return hornbeam::base::fields(
      field("q", &PackageQuery::q, hornbeam::base::or_default, hornbeam::base::length(0, 200)),
      field("section", &PackageQuery::section, hornbeam::base::or_default,
            hornbeam::base::length(0, 100)),
      field("tag", &PackageQuery::tag, hornbeam::base::or_default, hornbeam::base::length(0, 100)),
      field("maintainer", &PackageQuery::maintainer, hornbeam::base::or_default,
            hornbeam::base::length(0, 200)),
      field("needs", &PackageQuery::needs, hornbeam::base::or_default,
            hornbeam::base::length(0, 200)),
      field("page", &PackageQuery::page, hornbeam::base::or_default,
            hornbeam::base::range(1, kMostPages)));
}

/// The search that answers it: hits, and counts named "sections", "tags" and "maintainers".
hornbeam::search::Find find_packages(const PackageQuery& query);

/// The address of a query: only what it asks for is in it.
std::string address_of(const PackageQuery& query);

/// Adds the two pages to an application. Lifetime: `finder`, `database` and `pages` outlive it.
void add_package_pages(hornbeam::web::App& app, const hornbeam::web::Templates& pages,
                       hornbeam::denorm::Finder& finder, hornbeam::data::Database& database);

}  // namespace arena::packages
