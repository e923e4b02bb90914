#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hornbeam::web {

/// Decoded names and values of a query string or a form, in their order; a name may repeat.
class Arguments {
 public:
  Arguments() = default;
  /// Takes application/x-www-form-urlencoded text apart. Bad escapes stay as they are.
  static Arguments parse(std::string_view text);

  /// Adds one value; others of the same name stay.
  void add(std::string name, std::string value) {
    all_.emplace_back(std::move(name), std::move(value));
  }
  /// The first value called `name`.
  std::optional<std::string_view> find(std::string_view name) const;
  /// Every value called `name`, in order. Lifetime: this object's.
  std::vector<std::string_view> find_all(std::string_view name) const;
  /// How many values there are, over all names.
  std::size_t size() const noexcept { return all_.size(); }
  auto begin() const noexcept { return all_.begin(); }
  auto end() const noexcept { return all_.end(); }

  /// The arguments as one text again, escaped.
  std::string encode() const;

 private:
  std::vector<std::pair<std::string, std::string>> all_;
};

}  // namespace hornbeam::web
