#include "hornbeam/search/aggregation/include_exclude.h"

#include <algorithm>

#include <fmt/format.h>
#include <re2/re2.h>

#include "hornbeam/search/aggregation/field_values.h"

namespace hornbeam::search::aggregation {
namespace {

/// MurmurHash3's 32 bits, by which OpenSearch deals keywords out.
std::uint32_t hash_of(std::string_view text) {
  constexpr std::uint32_t kSeed = 31;
  const auto rotate = [](std::uint32_t value, int by) { return value << by | value >> (32 - by); };
  const auto mix = [&](std::uint32_t word) { return rotate(word * 0xcc9e2d51U, 15) * 0x1b873593U; };
  const auto byte = [&](std::size_t at) {
    return std::uint32_t{static_cast<unsigned char>(text[at])};
  };
  std::uint32_t hash = kSeed;
  std::size_t at = 0;
  for (; at + 4 <= text.size(); at += 4) {
    const std::uint32_t word =
        byte(at) | byte(at + 1) << 8 | byte(at + 2) << 16 | byte(at + 3) << 24;
    hash = rotate(hash ^ mix(word), 13) * 5 + 0xe6546b64U;
  }
  std::uint32_t rest = 0;
  for (std::size_t i = text.size(); i > at; --i) rest = rest << 8 | byte(i - 1);
  if (at < text.size()) hash ^= mix(rest);
  hash ^= static_cast<std::uint32_t>(text.size());
  hash = (hash ^ hash >> 16) * 0x85ebca6bU;
  hash = (hash ^ hash >> 13) * 0xc2b2ae35U;
  return hash ^ hash >> 16;
}

/// By which it deals out numbers: David Stafford's variant of MurmurHash3's last step.
std::uint64_t hash_of(std::int64_t number) {
  auto bits = static_cast<std::uint64_t>(number);
  bits = (bits ^ bits >> 32) * 0x4cd6944c5cc20b6dU;
  bits = (bits ^ bits >> 29) * 0xfc12c5b19d3259e9U;
  return bits ^ bits >> 32;
}

std::int64_t floor_mod(std::int64_t value, std::int64_t by) {
  const std::int64_t rest = value % by;
  return rest < 0 ? rest + by : rest;
}

std::string term_of(const std::string& address) {
  auto term = ip_term(address);
  if (!term) refuse_argument(fmt::format("'{}' is not an IP string literal.", address));
  return std::move(*term);
}

}  // namespace

struct IncludeExclude::Pattern {
  Pattern(std::string_view text, const re2::RE2::Options& options)
      : expression(re2::StringPiece(text.data(), text.size()), options) {}
  re2::RE2 expression;
};

IncludeExclude::Rule IncludeExclude::read_rule(Parameters& parameters, std::string_view key,
                                               base::JsonView json) {
  Rule rule;
  if (const auto text = json.find_string()) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_dot_nl(true);
    rule.pattern = std::make_shared<const Pattern>(*text, options);
    if (!rule.pattern->expression.ok()) {
      refuse_argument(
          fmt::format("failed to parse regexp [{}]: {}", *text, rule.pattern->expression.error()));
    }
    return rule;
  }
  if (json.kind() != base::JsonKind::kArray) parameters.refuse_type(key, json);
  rule.is_list = true;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto value = find_scalar(json.element(i));
    if (!value) {
      refuse("parse_exception",
             "Array elements in include/exclude clauses should be string values");
    }
    rule.values.push_back(*value);
  }
  return rule;
}

void IncludeExclude::read_partition(Parameters& parameters, base::JsonView json) {
  Parameters members("include", parameters.name(), json);
  const auto partition = members.integer("partition");
  const auto partitions = members.integer("num_partitions");
  members.finish();
  if (!partition) {
    refuse_argument("Missing [partition] parameter for partition-based include");
  }
  if (!partitions) {
    refuse_argument("Missing [num_partitions] parameter for partition-based include");
  }
  if (*partition < 0 || *partition >= *partitions) {
    refuse_argument("Partition must be >=0 and < numPartition which is " +
                    std::to_string(*partitions));
  }
  partition_ = *partition;
  partitions_ = *partitions;
}

IncludeExclude IncludeExclude::read(Parameters& parameters) {
  IncludeExclude both;
  if (const auto json = parameters.find("include")) {
    if (json->kind() == base::JsonKind::kObject) {
      both.read_partition(parameters, *json);
    } else {
      both.include_ = read_rule(parameters, "include", *json);
    }
  }
  if (const auto json = parameters.find("exclude")) {
    if (both.partitions_ > 0) {
      refuse_argument("Cannot specify any excludes when using a partition-based include");
    }
    both.exclude_ = read_rule(parameters, "exclude", *json);
  }
  both.accepts_all_ =
      !both.include_.is_given() && !both.exclude_.is_given() && both.partitions_ == 0;
  return both;
}

void IncludeExclude::open_index(ValueKind kind, const ValueFormat& format,
                                std::string_view aggregation) {
  const bool has_pattern = include_.pattern || exclude_.pattern;
  if (has_pattern && kind == ValueKind::kIp) {
    refuse_argument(
        fmt::format("Aggregation [{}] cannot support regular expression style include/exclude "
                    "settings as they can only be applied to string fields. Use an array of values "
                    "for include/exclude clauses",
                    aggregation));
  }
  if (has_pattern && kind != ValueKind::kKeyword) {
    refuse_argument(
        fmt::format("Aggregation [{}] cannot support regular expression style include/exclude "
                    "settings as they can only be applied to string fields. Use an array of "
                    "numeric values for include/exclude clauses used to filter numeric fields",
                    aggregation));
  }
  for (Rule* const rule : {&include_, &exclude_}) {
    rule->keywords.clear();
    rule->terms.clear();
    rule->numbers.clear();
    for (const std::string& value : rule->values) {
      if (kind == ValueKind::kKeyword) {
        rule->keywords.insert(value);
      } else if (kind == ValueKind::kIp) {
        rule->keywords.insert(rule->terms.emplace_back(term_of(value)));
      } else if (const auto coded = format.read_coded(value, kind, current_millis())) {
        rule->numbers.insert(*coded);
      } else {
        refuse("number_format_exception", fmt::format("For input string: \"{}\"", value));
      }
    }
  }
}

bool IncludeExclude::accepts_keyword(std::string_view term) const {
  if (partitions_ > 0) {
    return floor_mod(static_cast<std::int32_t>(hash_of(term)), partitions_) == partition_;
  }
  const auto has = [&](const Rule& rule) {
    if (rule.is_list) return rule.keywords.contains(term);
    return re2::RE2::FullMatch(re2::StringPiece(term.data(), term.size()),
                               rule.pattern->expression);
  };
  return (!include_.is_given() || has(include_)) && !(exclude_.is_given() && has(exclude_));
}

bool IncludeExclude::accepts_number(std::int64_t coded) const {
  if (partitions_ > 0) {
    // Reals are dealt out by their bits, as Java's doubleToLongBits after its own order.
    return floor_mod(static_cast<std::int64_t>(hash_of(coded)), partitions_) == partition_;
  }
  return (!include_.is_list || include_.numbers.contains(coded)) &&
         !(exclude_.is_list && exclude_.numbers.contains(coded));
}

}  // namespace hornbeam::search::aggregation
