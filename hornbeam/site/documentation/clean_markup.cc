#include "hornbeam/site/documentation/clean_markup.h"

#include <algorithm>
#include <array>
#include <span>

#include <libxml/tree.h>

#include "hornbeam/base/encoding.h"

namespace hornbeam::site {

namespace {

using Names = std::span<const std::string_view>;

bool is_one_of(std::string_view name, Names names) {
  return std::ranges::find(names, name) != names.end();
}

constexpr std::string_view kLeftOut[] = {
    "script", "style", "template", "noscript", "iframe", "object",   "embed",  "applet",
    "form",   "input", "button",   "select",   "option", "textarea", "svg",    "math",
    "nav",    "head",  "title",    "link",     "meta",   "base",     "canvas", "audio",
    "video",  "frame", "frameset", "noframes", "map",    "area",     "param",  "source"};

constexpr std::string_view kShown[] = {
    "p",     "ul",    "ol",    "li",    "dl",   "dt",  "dd",  "em",      "strong",
    "b",     "i",     "code",  "kbd",   "samp", "var", "sub", "sup",     "blockquote",
    "table", "thead", "tbody", "tfoot", "tr",   "th",  "td",  "caption", "br",
    "hr",    "cite",  "q",     "abbr",  "del",  "ins", "s",   "small"};

constexpr std::string_view kBlocks[] = {
    "p",     "ul",    "ol", "li", "dl", "dt",      "dd", "blockquote", "table", "thead",
    "tbody", "tfoot", "tr", "th", "td", "caption", "br", "hr",         "div",   "section"};

std::string_view text_of(const xmlNode* node) {
  if (node->content == nullptr) return {};
  return reinterpret_cast<const char*>(node->content);  // NOLINT: xmlChar is a byte of UTF-8
}

bool is_text(const xmlNode* node) {
  return node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE;
}

/// Links from a heading to itself, and to the source of what is described.
bool is_decoration(xmlNode* node) {
  if (element_name(node) != "a") return false;
  return has_class(node, "headerlink") || has_class(node, "viewcode-link") ||
         (has_class(node, "reference") && words_of(node) == "[source]");
}

void collect(xmlNode* node, std::string& words, int depth) {
  if (depth > kDeepestElement) return;
  for (xmlNode* each = node->children; each != nullptr; each = each->next) {
    if (is_text(each)) {
      words += text_of(each);
    } else if (!element_name(each).empty() && !is_left_out(each) &&
               !has_class(each, "headerlink") && !has_class(each, "viewcode-link")) {
      collect(each, words, depth + 1);
      if (is_one_of(element_name(each), kBlocks)) words += ' ';
    }
  }
}

/// The text of an example, line by line.
void collect_lines(xmlNode* node, std::string& lines, int depth) {
  if (depth > kDeepestElement) return;
  for (xmlNode* each = node->children; each != nullptr; each = each->next) {
    if (is_text(each)) lines += text_of(each);
    if (element_name(each) == "br") lines += '\n';
    if (!element_name(each).empty() && !is_left_out(each)) collect_lines(each, lines, depth + 1);
  }
}

/// What follows `prefix` in one of the words of the class of a node or of those it stands in.
std::string language_of(xmlNode* node) {
  for (int up = 0; up < 3 && node != nullptr; ++up, node = node->parent) {
    const std::string words = attribute_of(node, "class") + ' ';
    for (const std::string_view prefix : {"highlight-", "language-"}) {
      const std::size_t at = words.find(prefix);
      if (at == std::string::npos) continue;
      const std::size_t from = at + prefix.size();
      std::string language = words.substr(from, words.find(' ', from) - from);
      const auto is_plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '#';
      };
      if (!std::ranges::all_of(language, is_plain) || language.size() > 30) return {};
      // What Sphinx calls the language of a whole manual, which for Django's is Python.
      if (language == "default" || language == "python3") return "python";
      return language == "none" || language == "text" ? "" : language;
    }
  }
  return {};
}

bool is_small_number(std::string_view text) {
  return !text.empty() && text.size() <= 3 &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// The class of a box beside the text; empty if the element is none.
std::string_view box_of(xmlNode* node) {
  if (has_class(node, "warning") || has_class(node, "danger")) return "box warning";
  if (has_class(node, "admonition") || has_class(node, "note")) return "box";
  for (const std::string_view each : {"versionadded", "versionchanged", "deprecated"}) {
    if (has_class(node, each)) return "box version";
  }
  return {};
}

}  // namespace

std::string_view element_name(const xmlNode* node) {
  if (node == nullptr || node->type != XML_ELEMENT_NODE || node->name == nullptr) return {};
  return reinterpret_cast<const char*>(node->name);  // NOLINT: xmlChar is a byte of UTF-8
}

std::string attribute_of(xmlNode* node, const char* name) {
  if (node == nullptr || node->type != XML_ELEMENT_NODE) return {};
  xmlChar* const value = xmlGetNoNsProp(node, reinterpret_cast<const xmlChar*>(name));  // NOLINT
  if (value == nullptr) return {};
  std::string text = reinterpret_cast<const char*>(value);  // NOLINT
  xmlFree(value);
  return text;
}

bool has_class(xmlNode* node, std::string_view word) {
  if (node == nullptr || node->properties == nullptr) return false;
  const std::string words = ' ' + with_single_spaces(attribute_of(node, "class")) + ' ';
  return words.find(' ' + std::string(word) + ' ') != std::string::npos;
}

bool is_left_out(xmlNode* node) {
  return is_one_of(element_name(node), kLeftOut);
}

bool is_plain_id(std::string_view id) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_.:+").find(c) != std::string_view::npos;
  };
  return !id.empty() && id.size() <= 200 && std::ranges::all_of(id, is_plain);
}

std::string with_single_spaces(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' || c == '\v') {
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else {
      out += c;
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string words_of(xmlNode* node) {
  std::string words;
  collect(node, words, 0);
  return with_single_spaces(words);
}

void CleanMarkup::add_anchor(std::string_view id) {
  if (!is_plain_id(id)) return;
  section_.html += "<span id=\"" + std::string(id) + "\"></span>";
}

void CleanMarkup::add_text(std::string_view text) {
  base::append_html_escaped(section_.html, text);
  section_.text += text;
}

void CleanMarkup::add_sample(xmlNode* node) {
  SampleText sample{.language = language_of(node), .text = {}};
  if (sample.language.empty()) sample.language = language_of(node->children);
  collect_lines(node, sample.text, 0);
  while (!sample.text.empty() && sample.text.back() == '\n') sample.text.pop_back();
  if (sample.text.empty()) return;
  section_.html += "<pre tabindex=\"0\"><code>";
  base::append_html_escaped(section_.html, sample.text);
  section_.html += "</code></pre>";
  section_.text += ' ';
  section_.samples.push_back(std::move(sample));
}

void CleanMarkup::add_children(xmlNode* node, int depth) {
  for (xmlNode* each = node->children; each != nullptr; each = each->next) add(each, depth + 1);
}

void CleanMarkup::add(xmlNode* node, int depth) {
  if (depth > kDeepestElement) return;
  if (is_text(node)) return add_text(text_of(node));
  const std::string_view name = element_name(node);
  if (name.empty() || is_left_out(node) || is_decoration(node)) return;
  if (name == "pre") return add_sample(node);
  add_element(node, name, depth);
}

std::string CleanMarkup::attributes_of(xmlNode* node, std::string_view name) const {
  std::string attributes;
  if (const std::string id = attribute_of(node, "id"); is_plain_id(id)) {
    attributes += " id=\"" + id + '"';
  }
  if (name == "td" || name == "th") {
    for (const char* const each : {"colspan", "rowspan"}) {
      const std::string value = attribute_of(node, each);
      if (is_small_number(value)) attributes += ' ' + std::string(each) + "=\"" + value + '"';
    }
  }
  if (name == "ol") {
    const std::string value = attribute_of(node, "start");
    if (is_small_number(value)) attributes += " start=\"" + value + '"';
  }
  return attributes;
}

void CleanMarkup::add_element(xmlNode* node, std::string_view name, int depth) {
  std::string& html = section_.html;
  if (name == "img") return add_text(attribute_of(node, "alt"));
  if (name == "a") {
    add_anchor(attribute_of(node, "id"));
    const std::string href = attribute_of(node, "href");
    const std::string target = href.empty() ? std::string() : link_(href);
    if (target.empty()) return add_children(node, depth);
    const bool leads_away = !target.starts_with('/') && !target.starts_with('#');
    html +=
        "<a href=\"" + base::html_escape(target) + (leads_away ? "\" rel=\"noopener\">" : "\">");
    add_children(node, depth);
    html += "</a>";
    return;
  }
  std::string_view shown = name == "tt" ? std::string_view("code") : name;
  std::string attributes = attributes_of(node, name);
  if (name.size() == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6') {
    shown = "p";
    attributes += " class=\"subheading\"";
  } else if (name == "div" || name == "aside") {
    const std::string_view box = box_of(node);
    shown = box.empty() ? std::string_view() : "div";
    if (!box.empty()) attributes += " class=\"" + std::string(box) + '"';
  } else if (name == "p" && has_class(node, "admonition-title")) {
    attributes += " class=\"box-title\"";
  } else if (!is_one_of(shown, kShown)) {
    shown = {};
  }
  const bool is_block = is_one_of(name, kBlocks);
  if (shown.empty()) {
    add_anchor(attribute_of(node, "id"));
    add_children(node, depth);
  } else if (shown == "br" || shown == "hr") {
    html += '<' + std::string(shown) + '>';
  } else {
    // Wide tables scroll by themselves; the page does not.
    if (shown == "table") html += "<div class=\"wide\" tabindex=\"0\">";
    html += '<' + std::string(shown) + attributes + '>';
    add_children(node, depth);
    html += "</" + std::string(shown) + '>';
    if (shown == "table") html += "</div>";
  }
  if (is_block) section_.text += ' ';
}

}  // namespace hornbeam::site
