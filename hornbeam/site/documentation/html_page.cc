#include "hornbeam/site/documentation/html_page.h"

#include <algorithm>
#include <memory>
#include <set>
#include <unordered_set>

#include <fmt/format.h>
#include <libxml/HTMLparser.h>
#include <libxml/tree.h>

#include "hornbeam/base/encoding.h"

// A page is read in two passes over libxml2's tree. The first marks every element that a section
// begins in: those are passed through, their tags are not written, so that each section's markup is
// whole. The second goes through the page in the order of reading and adds what it meets to the
// section at hand.

namespace hornbeam::site {

namespace {

/// A description shorter than this stays in the section it stands in.
constexpr std::size_t kShortDescription = 60;

int heading_level(const xmlNode* node) {
  const std::string_view name = element_name(node);
  const bool is_heading = name.size() == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6';
  return is_heading ? name[1] - '0' : 0;
}

/// The next node in the order of reading, below `root`. No recursion: pages may nest as they like.
xmlNode* next_of(xmlNode* node, const xmlNode* root) {
  if (node->children != nullptr && node->type == XML_ELEMENT_NODE) return node->children;
  while (node != root && node->next == nullptr) node = node->parent;
  return node == root ? nullptr : node->next;
}

/// Sphinx's list of what it describes: a `dl` whose terms can be linked to.
bool is_reference_list(xmlNode* node) {
  if (element_name(node) != "dl") return false;
  for (const std::string_view other : {"docutils", "glossary", "simple", "field-list"}) {
    if (has_class(node, other)) return false;
  }
  for (xmlNode* each = node->children; each != nullptr; each = each->next) {
    if (element_name(each) == "dt" && is_plain_id(attribute_of(each, "id"))) return true;
  }
  return false;
}

/// The element that has the text, not what surrounds it.
xmlNode* content_of(xmlNode* root) {
  xmlNode* best = nullptr;
  int best_rank = 0;
  for (xmlNode* each = root; each != nullptr; each = next_of(each, root)) {
    const std::string_view name = element_name(each);
    if (name.empty()) continue;
    int rank = 0;
    if (name == "body") rank = 1;
    if (has_class(each, "body") || has_class(each, "yui-g")) rank = 2;
    if (name == "main" || name == "article" || attribute_of(each, "role") == "main") rank = 3;
    if (rank > best_rank) {
      best = each;
      best_rank = rank;
    }
  }
  return best == nullptr ? root : best;
}

class PageReader {
 public:
  explicit PageReader(const LinkTarget& link) : link_(link) {}

  Page read(xmlNode* root) {
    find_title(root);
    xmlNode* const content = content_of(root);
    mark(content);
    for (xmlNode* each = content->children; each != nullptr; each = each->next) walk(each, 0);
    finish();
    return std::move(page_);
  }

 private:
  void find_title(xmlNode* root) {
    for (xmlNode* each = root; each != nullptr; each = next_of(each, root)) {
      if (element_name(each) != "title") continue;
      // In a heading of its own, "title" is a text that is left out: taken as it stands.
      for (xmlNode* text = each->children; text != nullptr; text = text->next) {
        if (text->content != nullptr) {
          page_.title += reinterpret_cast<const char*>(text->content);  // NOLINT: bytes of UTF-8
        }
      }
      page_.title = with_single_spaces(page_.title);
      return;
    }
  }

  /// Marks whatever a section begins in.
  void mark(xmlNode* content) {
    for (xmlNode* each = content; each != nullptr; each = next_of(each, content)) {
      if (heading_level(each) == 0 && !is_reference_list(each)) continue;
      for (xmlNode* up = each; up != content && opened_.insert(up).second;) up = up->parent;
    }
  }

  void walk(xmlNode* node, int depth) {
    if (depth > kDeepestElement || is_left_out(node)) return;
    if (heading_level(node) > 0) return begin_at(node);
    if (!opened_.contains(node)) return add(node, depth);
    if (is_reference_list(node)) return walk_references(node, depth);
    anchor(attribute_of(node, "id"));
    for (xmlNode* each = node->children; each != nullptr; each = each->next) walk(each, depth + 1);
  }

  void add(xmlNode* node, int depth) {
    if (page_.sections.empty()) {
      // White space before the first heading begins nothing.
      if (words_of(node).empty() && element_name(node).empty()) return;
      if (words_of(node).empty()) return;
      begin(1, "top", page_.title.empty() ? "Untitled" : page_.title);
    }
    CleanMarkup(link_, page_.sections.back()).add(node, depth);
  }

  /// Links lead to a place that stands before its heading: it goes to the section that follows.
  void anchor(const std::string& id) {
    if (is_plain_id(id)) pending_.push_back(id);
  }

  void begin(int level, std::string anchor, std::string title) {
    if (anchor.empty() || !is_plain_id(anchor)) anchor = slug_of(title);
    std::string one = anchor;
    for (int count = 1; !anchors_.insert(one).second; ++count)
      one = fmt::format("{}-{}", anchor, count);
    page_.sections.push_back({.anchor = one, .title = std::move(title), .level = level});
    for (const std::string& each : pending_) {
      if (each != one && anchors_.insert(each).second) {
        CleanMarkup(link_, page_.sections.back()).add_anchor(each);
      }
    }
    pending_.clear();
  }

  void begin_at(xmlNode* heading) {
    const int level = heading_level(heading);
    std::string title = words_of(heading);
    std::string anchor;
    for (xmlNode* each = heading->children; each != nullptr; each = each->next) {
      if (!has_class(each, "headerlink")) continue;
      anchor = attribute_of(each, "href");
      anchor.erase(0, anchor.starts_with('#') ? 1 : 0);
    }
    if (anchor.empty()) anchor = attribute_of(heading, "id");
    const std::string_view around = element_name(heading->parent);
    if (anchor.empty() && around == "section") anchor = attribute_of(heading->parent, "id");
    begin(level, std::move(anchor), std::move(title));
    heading_level_ = level;
  }

  void walk_references(xmlNode* list, int depth) {
    const int level = std::min(heading_level_ + 1 + nesting_, 6);
    std::string title;
    std::vector<std::string> ids;
    ++nesting_;
    for (xmlNode* each = list->children; each != nullptr; each = each->next) {
      if (element_name(each) == "dt") {
        title += (title.empty() ? "" : ", ") + words_of(each);
        ids.push_back(attribute_of(each, "id"));
      } else if (element_name(each) == "dd") {
        describe(each, level, std::exchange(title, {}), std::exchange(ids, {}), depth);
      }
    }
    if (!title.empty()) describe(nullptr, level, title, ids, depth);
    --nesting_;
  }

  void describe(xmlNode* description, int level, const std::string& title,
                const std::vector<std::string>& ids, int depth) {
    const bool is_long =
        description != nullptr &&
        (words_of(description).size() > kShortDescription || has_opened_child(description));
    if (is_long || page_.sections.empty()) {
      for (std::size_t at = 1; at < ids.size(); ++at) anchor(ids[at]);
      begin(level, ids.empty() ? std::string() : ids.front(), title);
      page_.sections.back().is_reference = true;
      if (description == nullptr) return;
      for (xmlNode* each = description->children; each != nullptr; each = each->next) {
        walk(each, depth + 1);
      }
      return;
    }
    PageSection& section = page_.sections.back();
    section.is_reference = true;
    CleanMarkup clean(link_, section);
    for (const std::string& id : ids) {
      if (anchors_.insert(id).second) clean.add_anchor(id);
    }
    section.html += "<p class=\"signature\"><code>" + base::html_escape(title) + "</code></p>";
    section.text += ' ' + title + ' ';
    if (description == nullptr) return;
    for (xmlNode* each = description->children; each != nullptr; each = each->next) {
      clean.add(each, depth + 1);
    }
  }

  bool has_opened_child(xmlNode* node) const {
    for (xmlNode* each = node->children; each != nullptr; each = each->next) {
      if (opened_.contains(each)) return true;
    }
    return false;
  }

  void finish() {
    for (PageSection& each : page_.sections) each.text = with_single_spaces(each.text);
    if (!page_.sections.empty()) page_.title = page_.sections.front().title;
  }

  const LinkTarget& link_;
  Page page_;
  std::unordered_set<const xmlNode*> opened_;
  std::set<std::string> anchors_;
  std::vector<std::string> pending_;
  int heading_level_ = 1;
  int nesting_ = 0;
};

}  // namespace

std::size_t parent_of(const Page& page, std::size_t section) {
  for (std::size_t at = section; at-- > 0;) {
    if (page.sections[at].level < page.sections[section].level) return at;
  }
  return section;
}

std::string slug_of(std::string_view title) {
  std::string slug;
  for (const char c : title) {
    if (c >= 'A' && c <= 'Z') slug += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_') slug += c;
    if (c == ' ') slug += '-';
  }
  if (slug.size() > 100) slug.resize(100);
  return slug.empty() ? "section" : slug;
}

base::Result<Page> read_html_page(std::string_view html, const LinkTarget& link) {
  if (html.size() > kLargestPage) {
    return base::error("page_too_large", fmt::format("the page has {} bytes; at most {} are read",
                                                     html.size(), kLargestPage));
  }
  const std::unique_ptr<xmlDoc, void (*)(xmlDoc*)> document(
      htmlReadMemory(
          html.data(), static_cast<int>(html.size()), nullptr, "UTF-8",
          HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET),
      &xmlFreeDoc);
  xmlNode* const root = document ? xmlDocGetRootElement(document.get()) : nullptr;
  if (root == nullptr) return base::error("page_is_empty", "the page has no markup");
  Page page = PageReader(link).read(root);
  if (page.sections.empty()) return base::error("page_is_empty", "the page has no text");
  return page;
}

}  // namespace hornbeam::site
