#pragma once

// CleanMarkup: what of foreign HTML a page of ours may show. Markup is not filtered, it is written
// anew: known elements with known attributes, and text, escaped. What is not known can hence not be
// forgotten: an unknown element leaves its text, a dangerous one nothing.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/site/documentation/page.h"

// libxml2's.
struct _xmlNode;

namespace hornbeam::site {

/// Where a link of a page leads on this site, or elsewhere; empty: it becomes plain text.
using LinkTarget = std::function<std::string(std::string_view href)>;

/// How deep elements may nest; what is deeper is left out.
inline constexpr int kDeepestElement = 120;

/// Writes one section's content.
class CleanMarkup {
 public:
  /// Lifetime: `link` outlives it. Writes to `section`.
  CleanMarkup(const LinkTarget& link, PageSection& section) : link_(link), section_(section) {}

  /// Adds a node with all that is in it.
  void add(_xmlNode* node, int depth);
  /// Adds a place that links lead to.
  void add_anchor(std::string_view id);

 private:
  void add_children(_xmlNode* node, int depth);
  void add_text(std::string_view text);
  void add_sample(_xmlNode* node);
  void add_element(_xmlNode* node, std::string_view name, int depth);
  std::string attributes_of(_xmlNode* node, std::string_view name) const;

  const LinkTarget& link_;
  PageSection& section_;
};

/// The name of an element; empty for anything else.
std::string_view element_name(const _xmlNode* node);
/// An attribute's value; empty if it has none.
std::string attribute_of(_xmlNode* node, const char* name);
/// Whether the attribute class has this word.
bool has_class(_xmlNode* node, std::string_view word);
/// Whether neither the element nor what is in it is ever shown.
bool is_left_out(_xmlNode* node);
/// Whether `id` is a place that our own pages name: letters, digits, and "-_.:+".
bool is_plain_id(std::string_view id);
/// The words in a node, white space as one space, without links to itself and to sources.
std::string words_of(_xmlNode* node);
/// `text` with each run of white space as one space, and none at the ends.
std::string with_single_spaces(std::string_view text);

}  // namespace hornbeam::site
