#include "hornbeam/search/aggregation/key_table.h"

#include <fmt/format.h>

#include "hornbeam/base/json_write.h"
#include "hornbeam/search/aggregation/java_number.h"
#include "hornbeam/search/aggregation/parameters.h"

namespace hornbeam::search::aggregation {

void KeyTable::expect(ValueKind kind, std::string_view aggregation) {
  coming_ = kind;
  const bool comes_real = kind == ValueKind::kDouble;
  if (size() == 0) {
    kind_ = kind;
    is_real_ = comes_real;
    return;
  }
  if (is_term(kind) ? kind != kind_ : is_keyword()) {
    refuse("aggregation_execution_exception",
           fmt::format("Merging/Reducing the aggregations failed when computing the aggregation "
                       "[{}] because the field you gave in the aggregation query existed as two "
                       "different types in two different indices",
                       aggregation));
  }
  const bool is_other_sign = (kind == ValueKind::kUnsigned) != (kind_ == ValueKind::kUnsigned);
  if (!is_real_ && (comes_real || is_other_sign)) become_real();
}

void KeyTable::become_real() {
  NumberIndex reals;
  // Keys keep their numbers: whole numbers that are one as doubles stay apart.
  for (std::uint32_t i = 0; i < numbers_.size(); ++i) {
    auto coded = sortable_from_double(whole_number(kind_, this->coded(i)));
    while (!reals.add(static_cast<std::uint64_t>(coded)).second) ++coded;
  }
  numbers_ = std::move(reals);
  is_real_ = true;
  kind_ = ValueKind::kDouble;
}

std::uint32_t KeyTable::add(std::string_view keyword) {
  const auto found = keyword_numbers_.find(keyword);
  if (found != keyword_numbers_.end()) return found->second;
  const auto number = static_cast<std::uint32_t>(keywords_.size());
  keywords_.emplace_back(keyword);
  keyword_numbers_.emplace(keywords_.back(), number);
  return number;
}

std::string KeyTable::json(std::uint32_t key) const {
  if (is_real_) return json_double(number(key));
  if (kind_ == ValueKind::kUnsigned) return number_json(FieldType::kUnsignedLong, coded(key));
  if (!is_keyword()) return std::to_string(coded(key));
  std::string out;
  base::append_json_string(out, text(key, {}));
  return out;
}

std::string KeyTable::text(std::uint32_t key, const ValueFormat& format) const {
  if (kind_ == ValueKind::kIp) return ip_text(keywords_[key]);
  if (is_keyword()) return keywords_[key];
  if (kind_ == ValueKind::kUnsigned) return format.is_raw() ? json(key) : format.text(number(key));
  return is_real_ ? format.text(number(key)) : format.text(coded(key));
}

}  // namespace hornbeam::search::aggregation
