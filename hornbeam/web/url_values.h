#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "hornbeam/http/method.h"
#include "hornbeam/web/segment.h"

namespace hornbeam::web {

/// A value that goes into a URL: a number, a text, whatever a path can hold, a list of those (in
/// the query, once for each), or nothing, which is left out.
class UrlValue {
 public:
  /// Nothing, which is left out of the URL.
  UrlValue(std::nullopt_t) {}  // NOLINT: implicit, as all that can be a value.
  /// One value.
  template <UrlSegment Value>
  UrlValue(const Value& value) : texts_{segment_text(value)} {}  // NOLINT: implicit
  /// A value, or nothing.
  template <UrlSegment Value>
  UrlValue(const std::optional<Value>& value) {  // NOLINT: implicit
    if (value) texts_.push_back(segment_text(*value));
  }
  /// A list, which becomes the same name several times.
  template <UrlSegment Value>
  UrlValue(const std::vector<Value>& values) : is_list_(true) {  // NOLINT: implicit
    for (const Value& each : values) texts_.push_back(segment_text(each));
  }

  /// The texts, not escaped.
  const std::vector<std::string>& texts() const noexcept { return texts_; }
  /// Whether it is a list, even of one.
  bool is_list() const noexcept { return is_list_; }
  /// Whether it is left out.
  bool is_absent() const noexcept { return texts_.empty() && !is_list_; }

 private:
  std::vector<std::string> texts_;
  bool is_list_ = false;
};

/// Values by name, in the order they were given.
class UrlValues {
 public:
  using Entry = std::pair<std::string, UrlValue>;  ///< A name and its value.

  UrlValues() = default;
  /// Such as {{"id", 7}, {"page", 2}}.
  UrlValues(std::initializer_list<Entry> entries) : entries_(entries) {}

  /// Adds a value.
  void add(std::string name, UrlValue value) {
    entries_.emplace_back(std::move(name), std::move(value));
  }
  /// Null if `name` has none, or an absent one.
  const UrlValue* find(std::string_view name) const noexcept {
    for (const auto& [each, value] : entries_) {
      if (each == name && !value.is_absent()) return &value;
    }
    return nullptr;
  }
  auto begin() const noexcept { return entries_.begin(); }
  auto end() const noexcept { return entries_.end(); }
  /// Whether there is no value.
  bool empty() const noexcept { return entries_.empty(); }

 private:
  std::vector<Entry> entries_;
};

/// How a URL is built, besides its route and its values.
struct UrlOptions {
  /// Appended as "#anchor".
  std::string anchor{};
  /// With scheme and host, such as "https://example.org/users/7".
  bool external = false;
  /// Instead of the scheme of the request; asks for an external URL.
  std::string scheme{};
  /// For an endpoint that takes several methods on several paths.
  std::optional<http::Method> method{};
  /// Values that the path does not take become the query; else they are left out.
  bool has_query = true;
  /// Further values: those that the path does not take become the query.
  UrlValues values{};
};

}  // namespace hornbeam::web
