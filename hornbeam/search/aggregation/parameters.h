#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/json_view.h"
#include "hornbeam/search/query/query_reader.h"

namespace hornbeam::search::aggregation {

using query_reader::Refusal;

/// Throws a Refusal.
[[noreturn]] void refuse(std::string code, std::string message);
/// With the code "illegal_argument_exception".
[[noreturn]] void refuse_argument(std::string message);

/// What Elasticsearch calls the beginning of a value: "START_OBJECT", "VALUE_STRING", ...
std::string_view token_of(base::JsonView json);
/// A text, number or boolean as the text it is; none for others.
std::optional<std::string> find_scalar(base::JsonView json);

/// The parameters of one aggregation. Each is asked for by name; `finish` refuses those that nobody
/// asked for. A null counts as absent only where `nullable` is used.
/// Lifetime: looks at the JSON.
class Parameters {
 public:
  /// `type` is what messages call the object, `name` the aggregation it belongs to.
  Parameters(std::string type, std::string name, base::JsonView json);

  const std::string& type() const noexcept { return type_; }
  const std::string& name() const noexcept { return name_; }
  base::JsonView json() const noexcept { return json_; }

  std::optional<base::JsonView> find(std::string_view key);
  std::optional<std::string> text(std::string_view key);
  std::optional<double> number(std::string_view key);
  std::optional<std::int64_t> integer(std::string_view key);
  bool flag(std::string_view key, bool otherwise);
  /// An object by name; its members are parameters too, called by `type` in messages.
  std::optional<Parameters> object(std::string_view key);
  std::vector<double> numbers(std::string_view key);

  /// Refuses a member that was not asked for.
  void finish() const;

  /// Throws: the parameter cannot have such a value.
  [[noreturn]] void refuse_type(std::string_view key, base::JsonView value) const;
  [[noreturn]] void refuse_parse(std::string_view key) const;

 private:
  std::string type_;
  std::string name_;
  base::JsonView json_;
  std::vector<std::string> asked_;
};

/// " did you mean [close]?" or nothing.
std::string did_you_mean(std::string_view wrong, const std::vector<std::string>& known);

}  // namespace hornbeam::search::aggregation
