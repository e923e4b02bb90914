#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hornbeam/experiment/growthbook/pattern.h"
#include "hornbeam/experiment/growthbook/value.h"

namespace hornbeam::experiment::growthbook {

/// The parts of a URL, as a browser tells them. Source: the WHATWG URL standard, for the schemes of
/// the web; hosts are not mapped by IDNA.
struct Url {
  std::string protocol;  ///< Such as "https:".
  std::string user;      ///< As it stands before the host, with its "@"; or empty.
  std::string host;      ///< With the port, if it is not the scheme's own.
  std::string path;      ///< From its "/".
  std::string query;     ///< With its "?"; or empty.
  std::string fragment;  ///< With its "#"; or empty.

  /// Reads an absolute URL, or one relative to `base_host` (over https, from "/"), if that is not
  /// empty. Nothing if it is none.
  static std::optional<Url> parse(std::string_view text, std::string_view base_host = {});

  /// The whole of it, and its protocol and host.
  std::string href() const;
  std::string origin() const { return protocol + "//" + host; }
  /// The pairs of the query, decoded.
  std::vector<std::pair<std::string, std::string>> parameters() const;
};

/// The URL `redirect` with the parameters of `current` that it has not itself; `redirect` if one of
/// them is no URL.
std::string merge_query_strings(std::string_view current, std::string_view redirect);

/// Which pages an experiment is for: by expressions, or by addresses with `*`.
class UrlTargets {
 public:
  UrlTargets() = default;
  /// Reads GrowthBook's `urlPatterns`.
  explicit UrlTargets(const Value& patterns);

  /// Whether there are any patterns, so that the page matters.
  bool is_given() const noexcept { return is_given_; }
  /// Whether `url` is one of the pages: none that excludes it matches, and one that includes it
  /// does, if there is such.
  bool include(std::string_view url) const;

 private:
  struct Target {
    bool is_excluding = false;
    std::optional<Pattern> expression;
    std::optional<Url> address;
  };
  static bool matches(const Target& target, const Url& url);

  std::vector<Target> targets_;
  bool is_given_ = false;
};

}  // namespace hornbeam::experiment::growthbook
