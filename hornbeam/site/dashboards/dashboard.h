#pragma once

// A dashboard: an index, what of it is looked at, and panels that count it.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/describe.h"
#include "hornbeam/base/rules.h"

namespace hornbeam::site {

/// What documents must, or must not, have.
struct DashboardFilter {
  std::string field;        ///< Such as "section".
  std::string value{};      ///< As text; numbers and dates are read from it.
  std::string kind = "is";  ///< "is", "is_not" or "exists".
};
/// How it stands in JSON.
constexpr auto describe(base::Type<DashboardFilter>) {
  using base::field;
  return base::fields(
      field("field", &DashboardFilter::field, base::length(1, 255)),
      field("value", &DashboardFilter::value, base::length(0, 1'000), base::or_default),
      field("kind", &DashboardFilter::kind, base::one_of("is", "is_not", "exists"),
            base::or_default));
}

/// One chart, number or table.
struct DashboardPanel {
  std::string kind;              ///< "terms", "histogram", "date_histogram", "metric" or "table".
  std::string title{};           ///< Empty: made of the rest.
  std::string field{};           ///< What is counted by.
  std::string metric = "count";  ///< What of: "count", "sum", "avg", "min", "max", "cardinality".
  std::string metric_field{};    ///< The field of the metric; none for "count".
  std::string interval{};        ///< Of a histogram, such as "10" or "month"; empty: chosen.
  std::int64_t size = 10;        ///< Buckets of "terms", or rows of "table".
  std::vector<std::string> columns{};  ///< Fields of "table".
};
/// How it stands in JSON.
constexpr auto describe(base::Type<DashboardPanel>) {
  using base::field;
  using base::length;
  using base::or_default;
  return base::fields(
      field("kind", &DashboardPanel::kind,
            base::one_of("terms", "histogram", "date_histogram", "metric", "table")),
      field("title", &DashboardPanel::title, length(0, 120), or_default),
      field("field", &DashboardPanel::field, length(0, 255), or_default),
      field("metric", &DashboardPanel::metric,
            base::one_of("count", "sum", "avg", "min", "max", "cardinality"), or_default),
      field("metric_field", &DashboardPanel::metric_field, length(0, 255), or_default),
      field("interval", &DashboardPanel::interval, length(0, 20), or_default),
      field("size", &DashboardPanel::size, base::range(1, 100), or_default),
      field("columns", &DashboardPanel::columns, length(0, 20), or_default));
}

/// What is saved and shared.
struct Dashboard {
  std::string name;          ///< For people.
  std::string index;         ///< A name, an alias or a pattern.
  std::string query{};       ///< Words to look for; empty: everything.
  std::string time_field{};  ///< The date that `from` and `to` are about; empty: none.
  std::string from{};        ///< Such as "now-7d" or "2024-02-29"; empty: open.
  std::string to{};          ///< As `from`.
  std::vector<DashboardFilter> filters{};  ///< All of them hold.
  std::vector<DashboardPanel> panels{};    ///< In the order in which they are shown.
};
/// How it stands in JSON.
constexpr auto describe(base::Type<Dashboard>) {
  using base::field;
  using base::length;
  using base::or_default;
  return base::fields(field("name", &Dashboard::name, length(1, 120)),
                      field("index", &Dashboard::index, length(1, 255)),
                      field("query", &Dashboard::query, length(0, 2'000), or_default),
                      field("time_field", &Dashboard::time_field, length(0, 255), or_default),
                      field("from", &Dashboard::from, length(0, 40), or_default),
                      field("to", &Dashboard::to, length(0, 40), or_default),
                      field("filters", &Dashboard::filters, length(0, 50), or_default),
                      field("panels", &Dashboard::panels, length(0, 24), or_default));
}

}  // namespace hornbeam::site
