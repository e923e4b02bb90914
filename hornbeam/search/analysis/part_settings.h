#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/json_view.h"
#include "hornbeam/base/result.h"

namespace hornbeam::search {

/// The settings of one part of an analysis, such as a filter, read as leniently as OpenSearch reads
/// them ("5" is a number, one word is a list) and refused in its words. The first thing that is
/// wrong is kept; what is read is a default then.
class PartSettings {
 public:
  /// `kind` as errors call it: "tokenizer", "filter", "char_filter" or "analyzer".
  /// Without `json` all settings are defaults.
  PartSettings(std::string_view kind, std::string_view name,
               std::optional<base::JsonView> json = std::nullopt)
      : kind_(kind), name_(name), json_(json) {}

  std::string_view kind() const noexcept { return kind_; }
  std::string_view name() const noexcept { return name_; }

  bool has(std::string_view key) const { return find(key).has_value(); }
  std::int64_t integer(std::string_view key, std::int64_t otherwise);
  /// The same for a number that is at least `minimum`.
  std::uint32_t count(std::string_view key, std::uint32_t otherwise, std::uint32_t minimum = 0);
  bool boolean(std::string_view key, bool otherwise);
  std::string text(std::string_view key, std::string_view otherwise = "");
  /// An array of texts, or one text with commas.
  std::vector<std::string> list(std::string_view key);
  /// The same for texts that have commas themselves: one text is one line.
  std::vector<std::string> lines(std::string_view key);

  void fail(std::string message, std::string code = "illegal_argument_exception");
  bool is_ok() const noexcept { return !error_.has_value(); }
  base::Error error() const { return error_.value(); }

 private:
  std::optional<base::JsonView> find(std::string_view key) const;
  void fail_to_parse(std::string_view key, base::JsonView value, std::string_view what);

  std::string kind_;
  std::string name_;
  std::optional<base::JsonView> json_;
  std::optional<base::Error> error_;
};

}  // namespace hornbeam::search
