#pragma once

// What a description says about searching a field, beside its name and its rules:
//
//   field("isbn", &Book::isbn, search::document_id),
//   field("title", &Book::title, search::analyzed("english")),
//   field("shelf", &Book::shelf, search::keyword)

#include <string_view>

namespace hornbeam::search {

/// See `document_id`.
struct DocumentId {};

/// The field that tells the documents of a collection apart: a text or a whole number. A struct
/// that is put replaces the one of the same id.
inline constexpr DocumentId document_id{};

/// See `keyword`.
struct KeywordMark {};

/// A text that is one value, such as a tag or a code: found as a whole, sorted by and counted.
inline constexpr KeywordMark keyword{};

/// See `nested`.
struct NestedMark {};

/// A described struct, or a list of them, each of which is found by itself (`in_one`): without this
/// mark the values of all of a list are as if one had them all.
inline constexpr NestedMark nested{};

/// See `analyzed`.
struct Analyzed {
  std::string_view analyzer;  ///< Its name.
};

/// A text whose words are found by an analyzer, such as "english", which finds "foxes" for "fox".
/// Without this mark the words are taken as they stand, in small letters.
/// Lifetime: `analyzer` is a literal.
constexpr Analyzed analyzed(std::string_view analyzer) {
  return {analyzer};
}

}  // namespace hornbeam::search
