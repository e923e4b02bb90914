#pragma once

// Path: a route's pattern, checked against its handler while it compiles.
//
//   app.get("/users/{id}", [](std::int64_t id) { ... });
//
// The literal becomes a Path<Handler> through a consteval constructor, as std::format's string
// does, so no macro is needed. What is wrong is said by Clang's diagnose_if, in words and on the
// line of the route: an error thrown in the constructor would be worse, because inside of a lambda,
// such as an application's factory, the lambda itself would become consteval and the reason would
// be lost. Registration checks the same again, for patterns known only at run time
// (`runtime_path`).

#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>

#include "hornbeam/web/segment.h"
#include "hornbeam/web/signature.h"

namespace hornbeam::web {

/// A pattern has at most this many parameters.
inline constexpr std::size_t kMaxPathParameters = 8;

/// What is wrong with a pattern, alone or beside its handler.
enum class PathTrouble : std::uint8_t {
  kNone,
  kNoLeadingSlash,
  kUnclosedBrace,
  kStrayBrace,
  kEmptyName,
  kBadName,
  kRepeatedName,
  kUnknownConverter,
  kAdjacentParameters,
  kEmptySegment,
  kBadCharacter,
  kTooManyParameters,
  kFewerBraces,
  kMoreBraces,
  kPathNeedsText,
};

/// A pattern taken apart.
struct PathShape {
  PathTrouble trouble = PathTrouble::kNone;                  ///< What is wrong with it, or `kNone`.
  std::size_t parameters = 0;                                ///< How many "{names}" it has.
  std::array<std::string_view, kMaxPathParameters> names{};  ///< Their names, in order.
  /// Whether each parameter is a "{name:path}", which takes slashes too.
  std::array<bool, kMaxPathParameters> takes_slashes{};
};

namespace path_detail {

constexpr bool is_name(std::string_view name) {
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char each = name[i];
    const bool is_letter =
        (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') || each == '_';
    const bool is_later_digit = i > 0 && each >= '0' && each <= '9';
    if (!is_letter && !is_later_digit) return false;
  }
  return true;
}

constexpr PathTrouble add_parameter(PathShape& shape, std::string_view inside) {
  const std::size_t colon = inside.find(':');
  const std::string_view name = inside.substr(0, colon);
  const bool takes_slashes = colon != std::string_view::npos;
  if (takes_slashes && inside.substr(colon + 1) != "path") return PathTrouble::kUnknownConverter;
  if (name.empty()) return PathTrouble::kEmptyName;
  if (!is_name(name)) return PathTrouble::kBadName;
  for (std::size_t i = 0; i < shape.parameters; ++i) {
    if (shape.names[i] == name) return PathTrouble::kRepeatedName;
  }
  if (shape.parameters == kMaxPathParameters) return PathTrouble::kTooManyParameters;
  shape.names[shape.parameters] = name;
  shape.takes_slashes[shape.parameters++] = takes_slashes;
  return PathTrouble::kNone;
}

constexpr PathTrouble examine_into(PathShape& shape, std::string_view text) {
  if (!text.starts_with('/')) return PathTrouble::kNoLeadingSlash;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const char each = text[i];
    if (each == '/' && text[i - 1] == '/') return PathTrouble::kEmptySegment;
    if (each == '?' || each == '#' || each == '%' || each == '\\' || (each >= 0 && each <= ' ')) {
      return PathTrouble::kBadCharacter;
    }
    if (each == '}') return PathTrouble::kStrayBrace;
    if (each != '{') continue;
    const std::size_t close = text.find('}', i);
    if (close == std::string_view::npos) return PathTrouble::kUnclosedBrace;
    const std::string_view inside = text.substr(i + 1, close - i - 1);
    if (inside.find('{') != std::string_view::npos || inside.find('/') != std::string_view::npos) {
      return PathTrouble::kUnclosedBrace;
    }
    if (text[i - 1] == '}') return PathTrouble::kAdjacentParameters;
    const PathTrouble trouble = add_parameter(shape, inside);
    if (trouble != PathTrouble::kNone) return trouble;
    i = close;
  }
  return PathTrouble::kNone;
}

}  // namespace path_detail

/// Takes a pattern apart and judges it by itself.
constexpr PathShape examine_path(std::string_view text) {
  PathShape shape;
  shape.trouble = path_detail::examine_into(shape, text);
  return shape;
}

/// The types of a handler's path parameters, in order.
template <class... Parameters>
constexpr auto path_types(TypeList<Parameters...>) {
  constexpr auto count = (std::size_t{0} + ... + std::size_t{PathParameter<Parameters>});
  std::array<SegmentType, count> types{};
  std::size_t at = 0;
  [[maybe_unused]] auto add = [&]<class Parameter>(std::type_identity<Parameter>) {
    if constexpr (PathParameter<Parameter>) types[at++] = segment_type<Parameter>();
  };
  (add(std::type_identity<Parameters>{}), ...);
  return types;
}

/// Judges a pattern beside the parameters it must fill.
template <std::size_t Count>
constexpr PathTrouble compare_path(const PathShape& shape,
                                   const std::array<SegmentType, Count>& types) {
  if (shape.trouble != PathTrouble::kNone) return shape.trouble;
  if (shape.parameters < Count) return PathTrouble::kFewerBraces;
  if (shape.parameters > Count) return PathTrouble::kMoreBraces;
  for (std::size_t i = 0; i < Count; ++i) {
    if (shape.takes_slashes[i] && !types[i].is_text) return PathTrouble::kPathNeedsText;
  }
  return PathTrouble::kNone;
}

/// What is wrong and how to mend it, for a pattern checked at run time.
std::string explain_path(PathTrouble trouble, std::string_view text);

/// A pattern known only at run time. Registration throws std::invalid_argument if it does not fit.
struct RuntimePath {
  std::string text;  ///< As in `Path`.
};
/// Says that `text` is checked at registration, since no compiler sees it.
inline RuntimePath runtime_path(std::string text) {
  return {std::move(text)};
}

/// True if `trouble` is what is wrong with `text` for a handler of type `Handler`.
template <class Handler>
constexpr bool has_trouble(std::string_view text, PathTrouble trouble) {
  return compare_path(examine_path(text), path_types(ParametersOf<Handler>{})) == trouble;
}

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wgcc-compat"

/// A pattern that fits `Handler`: a parameter type of the functions that register one.
/// Lifetime: a view, good for the call it is passed to.
template <class Handler>
class Path {
  using Trouble = PathTrouble;

 public:
  // clang-format off
  /// A literal: one that does not fit `Handler` does not compile, and the error names the mend.
  template <std::size_t Size>
  consteval Path(const char (&text)[Size])  // NOLINT: implicit
      __attribute__((
          diagnose_if(has_trouble<Handler>({text, Size - 1}, Trouble::kFewerBraces),
                      "the handler has more plain parameters than the path has {names}. Mend: add "
                      "a {name} for each, in order, or take the parameter from elsewhere: Query<T>, "
                      "Body<T>, const Request&", "error"),
          diagnose_if(has_trouble<Handler>({text, Size - 1}, Trouble::kMoreBraces),
                      "the path has more {names} than the handler has plain parameters. Mend: give "
                      "the handler one for each, in the order of the path", "error"),
          diagnose_if(has_trouble<Handler>({text, Size - 1}, Trouble::kPathNeedsText),
                      "a {name:path} takes slashes, and the handler's parameter for it is no text. "
                      "Mend: take a std::string", "error"),
          diagnose_if(has_trouble<Handler>({text, Size - 1}, Trouble::kNoLeadingSlash),
                      "a path begins with '/'. Mend: put one in front", "error"),
          diagnose_if(has_trouble<Handler>({text, Size - 1}, Trouble::kUnclosedBrace),
                      "a '{' in the path is not closed in its segment. Mend: write {name}", "error"),
          diagnose_if(has_trouble<Handler>({text, Size - 1}, Trouble::kStrayBrace),
                      "the path has a '}' without a '{'. Mend: write {name}", "error"),
          diagnose_if(has_trouble<Handler>({text, Size - 1}, Trouble::kEmptyName),
                      "a parameter in the path has no name. Mend: write {name}", "error"),
          diagnose_if(has_trouble<Handler>({text, Size - 1}, Trouble::kBadName),
                      "a parameter's name in the path is letters, digits and '_'. Mend: rename it",
                      "error"),
          diagnose_if(has_trouble<Handler>({text, Size - 1}, Trouble::kRepeatedName),
                      "two parameters in the path have one name. Mend: rename one", "error"),
          diagnose_if(has_trouble<Handler>({text, Size - 1}, Trouble::kUnknownConverter),
                      "a {name:converter} in the path is not 'path', the only one. Mend: leave it "
                      "out; the handler's parameter gives the type", "error"),
          diagnose_if(has_trouble<Handler>({text, Size - 1}, Trouble::kAdjacentParameters),
                      "two parameters in the path have nothing between them. Mend: put text "
                      "between them", "error"),
          diagnose_if(has_trouble<Handler>({text, Size - 1}, Trouble::kEmptySegment),
                      "the path has two slashes in a row. Mend: write one", "error"),
          diagnose_if(has_trouble<Handler>({text, Size - 1}, Trouble::kBadCharacter),
                      "the path has a space, '%', '\\', '?' or '#'. Mend: write it decoded, without "
                      "a query; take that with Query<T>", "error"),
          diagnose_if(has_trouble<Handler>({text, Size - 1}, Trouble::kTooManyParameters),
                      "the path has more than 8 parameters. Mend: take a {rest:path} apart", "error")))
      : text_(text, Size - 1) {}
  // clang-format on
  /// Checked at registration.
  Path(const RuntimePath& path) : text_(path.text) {}  // NOLINT: implicit

  /// The pattern as it was written.
  std::string_view text() const { return text_; }

  /// What the router must know of each parameter, in order.
  static constexpr auto kTypes = path_types(ParametersOf<Handler>{});

 private:
  std::string_view text_;
};

#pragma clang diagnostic pop

/// Throws std::invalid_argument if `path` does not fit.
template <class Handler>
void check_path(const Path<Handler>& path) {
  const PathTrouble trouble = compare_path(examine_path(path.text()), path.kTypes);
  if (trouble != PathTrouble::kNone)
    throw std::invalid_argument(explain_path(trouble, path.text()));
}

}  // namespace hornbeam::web
