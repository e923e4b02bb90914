#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "hornbeam/search/aggregation/parameters.h"
#include "hornbeam/search/aggregation/value_format.h"

namespace hornbeam::search::aggregation {

/// Which values get buckets: "include" and "exclude" of terms, as lists, regular expressions or a
/// part of all values.
class IncludeExclude {
 public:
  IncludeExclude() = default;
  /// Reads both.
  static IncludeExclude read(Parameters& parameters);

  /// Makes ready for values of that kind; throws a Refusal if it cannot choose among those.
  void open_index(ValueKind kind, const ValueFormat& format, std::string_view aggregation);

  bool accepts(std::string_view term) const { return accepts_all_ || accepts_keyword(term); }
  bool accepts(std::int64_t coded) const { return accepts_all_ || accepts_number(coded); }
  bool accepts_all() const noexcept { return accepts_all_; }

 private:
  struct Pattern;
  /// What one of the two says.
  struct Rule {
    std::shared_ptr<const Pattern> pattern{};
    std::vector<std::string> values{};
    bool is_list = false;
    std::unordered_set<std::string_view> keywords{};
    std::deque<std::string> terms{};  ///< Of addresses, which `keywords` has.
    std::unordered_set<std::int64_t> numbers{};

    bool is_given() const noexcept { return pattern || is_list; }
  };
  static Rule read_rule(Parameters& parameters, std::string_view key, base::JsonView json);
  void read_partition(Parameters& parameters, base::JsonView json);
  bool accepts_keyword(std::string_view term) const;
  bool accepts_number(std::int64_t coded) const;

  bool accepts_all_ = true;
  Rule include_{};
  Rule exclude_{};
  std::int64_t partition_ = 0;
  std::int64_t partitions_ = 0;  ///< 0: not in parts.
};

}  // namespace hornbeam::search::aggregation
