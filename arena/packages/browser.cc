#include "arena/packages/browser.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "arena/facets.h"

namespace arena::packages {
namespace {

namespace base = hornbeam::base;
namespace data = hornbeam::data;
namespace denorm = hornbeam::denorm;
namespace search = hornbeam::search;
namespace web = hornbeam::web;

constexpr std::size_t kFacetValues = 12;

/// A hit as the page shows it.
struct Hit {
  std::string name;
  std::string address;
  std::string summary;  ///< HTML: what matched is marked.
  std::string section;
  std::string maintainer;
  std::string size;
};
constexpr auto describe(hornbeam::base::Type<Hit>) {
  using hornbeam::base::field;
  return hornbeam::base::fields(field("name", &Hit::name), field("address", &Hit::address),
                                field("summary", &Hit::summary), field("section", &Hit::section),
                                field("maintainer", &Hit::maintainer), field("size", &Hit::size));
}

/// A facet's place in a query, and the counts it is made of.
struct FacetKind {
  std::string PackageQuery::* member;
  const char* name;
  const char* title;
  const char* counts;
};
constexpr std::array kFacets = {
    FacetKind{&PackageQuery::section, "section", "Section", "sections"},
    FacetKind{&PackageQuery::tag, "tag", "Tag", "tags"},
    FacetKind{&PackageQuery::maintainer, "maintainer", "Maintainer", "maintainers"},
};

/// Words that were typed, the last of which may be half a word.
search::Query words(const std::string& text) {
  search::MultiMatchQuery typed;
  constexpr float kName = 3;
  typed.fields = {{"name", kName}, {"summary", 1}};
  typed.text = text;
  typed.type = search::MultiMatchQuery::Type::kBoolPrefix;
  typed.text_operator = search::TextOperator::kAnd;
  constexpr float kExact = 20;
  constexpr float kBeginning = 3;
  return search::Query{.node = std::move(typed)} ||
         search::boosted(search::is(&PackageDocument::name, text), kExact) ||
         search::boosted(search::starts_with("name.keyword", text), kBeginning);
}

std::string size_text(std::int64_t kib) {
  constexpr double kMebi = 1024;
  if (kib <= 0) return "";
  return kib < 1024 ? fmt::format("{} KiB", kib)
                    : fmt::format("{:.1f} MiB", static_cast<double>(kib) / kMebi);
}

/// A passage whose matches are in `<em>`, as HTML: the text itself is escaped.
std::string marked(std::string_view passage) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kMarks = {
      {{"<em>", "<mark>"}, {"</em>", "</mark>"}}};
  std::string html;
  while (!passage.empty()) {
    std::size_t at = passage.size();
    std::pair<std::string_view, std::string_view> next;
    for (const auto& mark : kMarks) {
      if (const std::size_t found = passage.find(mark.first); found < at) at = found, next = mark;
    }
    base::append_html_escaped(html, passage.substr(0, at));
    html += next.second;
    passage.remove_prefix(at + next.first.size());
  }
  return html;
}

std::string address_of_package(const std::string& name) {
  return "/packages/" + base::percent_encode(name, base::kPathSafe);
}

std::vector<Hit> hits_of(const denorm::FoundDocuments& found) {
  std::vector<Hit> hits;
  for (const denorm::FoundDocument& each : found.hits) {
    auto document = denorm::read_document<PackageDocument>(each);
    if (!document) continue;
    const auto passages = each.highlight.find("summary");
    const bool is_marked = passages != each.highlight.end() && !passages->second.empty();
    hits.push_back({.name = document->name,
                    .address = address_of_package(document->name),
                    .summary = marked(is_marked ? passages->second.front() : document->summary),
                    .section = document->section,
                    .maintainer = document->maintainer,
                    .size = size_text(document->installed_kib)});
  }
  return hits;
}

std::vector<Facet> facets_of(const PackageQuery& query, const std::string& aggregations) {
  std::vector<Facet> facets;
  for (const FacetKind& kind : kFacets) {
    Facet facet = facet_of(query, kind.member, kind.name, kind.title, aggregations, kind.counts);
    if (!facet.values.empty()) facets.push_back(std::move(facet));
  }
  return facets;
}

std::string address_of_page(PackageQuery query, std::int64_t page) {
  query.page = page;
  return address_of(query);
}

/// A package with its rows.
struct Details {
  Package package;
  Maintainer maintainer;
  std::vector<std::string> tags;
  std::vector<std::string> depends;
  std::vector<std::string> recommends;
};

std::optional<Details> find_details(data::Snapshot& db, const std::string& name) {
  const auto rows = db.select<Package>().where(data::column(&Package::name) == name).all();
  if (rows.empty()) return std::nullopt;
  Details details{.package = rows.front()};
  const std::int64_t id = details.package.id;
  if (auto found = db.find<Maintainer>(details.package.maintainer)) details.maintainer = *found;
  for (const PackageTag& each : db.select<PackageTag>()
                                    .where(data::column(&PackageTag::package) == id)
                                    .order_by(&PackageTag::tag)
                                    .all()) {
    details.tags.push_back(each.tag);
  }
  for (const Dependency& each : db.select<Dependency>()
                                    .where(data::column(&Dependency::package) == id)
                                    .order_by(&Dependency::name)
                                    .all()) {
    (each.kind == "depends" ? details.depends : details.recommends).push_back(each.name);
  }
  return details;
}

/// A name with the address that it leads to.
struct Link {
  std::string name;
  std::string address;
};
constexpr auto describe(hornbeam::base::Type<Link>) {
  using hornbeam::base::field;
  return hornbeam::base::fields(field("name", &Link::name), field("address", &Link::address));
}

std::vector<Link> links_to_packages(const std::vector<std::string>& names) {
  std::vector<Link> links;
  for (const std::string& name : names) links.push_back({name, address_of_package(name)});
  return links;
}

web::Response show_package(const web::Request& request, const web::Templates& pages,
                           const Details& details) {
  std::vector<Link> tags;
  for (const std::string& tag : details.tags) tags.push_back({tag, address_of({.tag = tag})});
  const Package& package = details.package;
  const bool has_homepage = base::has_format(base::url, package.homepage);
  return pages.render(request, "package.html",
                      {{"package", package},
                       {"maintainer", Link{details.maintainer.name,
                                           address_of({.maintainer = details.maintainer.name})}},
                       {"section", Link{package.section, address_of({.section = package.section})}},
                       {"size", size_text(package.installed_kib)},
                       {"homepage", has_homepage ? package.homepage : ""},
                       {"tags", tags},
                       {"depends", links_to_packages(details.depends)},
                       {"recommends", links_to_packages(details.recommends)},
                       {"needed_by", address_of({.needs = package.name})}});
}

}  // namespace

std::string address_of(const PackageQuery& query) {
  std::string address = "/packages";
  char separator = '?';
  const auto add = [&](std::string_view name, const std::string& value) {
    if (value.empty()) return;
    address += separator;
    address += name;
    address += '=';
    address += base::percent_encode(value);
    separator = '&';
  };
  add("q", query.q);
  add("section", query.section);
  add("tag", query.tag);
  add("maintainer", query.maintainer);
  add("needs", query.needs);
  if (query.page > 1) add("page", std::to_string(query.page));
  return address;
}

search::Find find_packages(const PackageQuery& query) {
  search::Query wanted = query.q.empty() ? search::everything() : words(query.q);
  const auto narrow = [&wanted](search::Query filter) {
    wanted = search::filtered_by(std::move(wanted), std::move(filter));
  };
  if (!query.section.empty()) narrow(search::is(&PackageDocument::section, query.section));
  if (!query.tag.empty()) narrow(search::is(&PackageDocument::tags, query.tag));
  if (!query.maintainer.empty()) narrow(search::is(&PackageDocument::maintainer, query.maintainer));
  if (!query.needs.empty()) narrow(search::is(&PackageDocument::depends, query.needs));
  search::Find find = search::Find(std::move(wanted))
                          .skip(static_cast<std::size_t>((query.page - 1) * kHitsOnPage))
                          .first(static_cast<std::size_t>(kHitsOnPage))
                          .count_all()
                          .highlight(&PackageDocument::summary)
                          .count_by("sections", &PackageDocument::section, kFacetValues)
                          .count_by("tags", &PackageDocument::tags, kFacetValues)
                          .count_by("maintainers", &PackageDocument::maintainer, kFacetValues);
  // Where nothing is better than the rest, by the alphabet.
  return query.q.empty() ? std::move(find).order_by(&PackageDocument::name) : find;
}

void add_package_pages(web::App& app, const web::Templates& pages, denorm::Finder& finder,
                       data::Database& database) {
  app.get("/packages",
          [&pages, &finder](const web::Request& request,
                            web::Query<PackageQuery> asked) -> hornbeam::Task<web::Response> {
            const PackageQuery query = *asked;
            const auto begin = std::chrono::steady_clock::now();
            auto found = co_await finder.search(find_packages(query));
            const std::chrono::duration<double, std::milli> took =
                std::chrono::steady_clock::now() - begin;
            denorm::FoundDocuments none;
            const denorm::FoundDocuments& shown = found ? *found : none;
            const auto total = static_cast<std::int64_t>(shown.total.value);
            const std::int64_t last = std::min(
                kMostPages, std::max<std::int64_t>(1, (total + kHitsOnPage - 1) / kHitsOnPage));
            co_return pages.render(
                request, "packages.html",
                {{"query", query},
                 {"hits", hits_of(shown)},
                 {"facets", facets_of(query, shown.aggregations)},
                 {"total", total},
                 {"took", fmt::format("{:.1f}", took.count())},
                 {"is_ready", found.has_value()},
                 {"is_away", !found && found.error().code == "target_unavailable"},
                 {"page_count", last},
                 {"previous", query.page > 1 ? address_of_page(query, query.page - 1) : ""},
                 {"next", query.page < last ? address_of_page(query, query.page + 1) : ""},
                 {"without_needs", [&] {
                    PackageQuery next = query;
                    next.needs.clear();
                    return address_of(next);
                  }()}});
          });
  app.get("/packages/{name}",
          [&pages, &database](const web::Request& request,
                              std::string name) -> hornbeam::Task<web::Response> {
            const auto details = co_await database.read(
                [&name](data::Snapshot& db) { return find_details(db, name); });
            if (!details) throw web::not_found(fmt::format("There is no package \"{}\".", name));
            co_return show_package(request, pages, *details);
          });
}

}  // namespace arena::packages
