#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <utility>

#include "hornbeam/base/check.h"
#include "hornbeam/base/describe.h"
#include "hornbeam/search/collection/described_mapping.h"

namespace hornbeam::search {

/// How a program names a field of its documents: by the member of a described struct, or by what
/// the mapping calls it.
class FieldPath {
 public:
  /// The path as the mapping has it, such as "title" or "author.name".
  FieldPath(std::string_view path) : words_(path), whole_(path) {}
  FieldPath(const char* path) : FieldPath(std::string_view(path)) {}
  FieldPath(const std::string& path) : FieldPath(std::string_view(path)) {}

  /// The described member. Requires: it is described.
  template <base::Described Owner, class Value>
  FieldPath(Value Owner::* member) {
    base::for_each_field<Owner>([&]<class Field>(const Field& field) {
      if constexpr (std::same_as<decltype(field.member), Value Owner::*>) {
        if (field.member != member) return;
        words_ = field.name;
        whole_ = words_ + (collection_detail::kIsText<Field> ? ".keyword" : "");
      }
    });
    base::check(!words_.empty(), "a member that is searched is described");
  }

  /// The field in which the words of a text are found.
  const std::string& words() const noexcept { return words_; }
  /// The field that has values as a whole, for comparing, sorting and counting.
  const std::string& whole() const noexcept { return whole_; }

  /// The member `inner` of what is at this path.
  FieldPath operator/(const FieldPath& inner) const {
    FieldPath path(words_ + "." + inner.words_);
    path.whole_ = words_ + "." + inner.whole_;
    return path;
  }

 private:
  std::string words_;
  std::string whole_;
};

/// A path through members: `path(&Book::author, &Author::name)`.
template <class... Inner>
FieldPath path(const FieldPath& first, const Inner&... inner) {
  FieldPath whole = first;
  ((whole = whole / FieldPath(inner)), ...);
  return whole;
}

}  // namespace hornbeam::search
