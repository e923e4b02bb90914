// HTML as it is found, not as it should be: what does not look like markup stays text.

#include <algorithm>
#include <charconv>

#include "hornbeam/search/analysis/char_filters.h"
#include "hornbeam/search/analysis/html_entities.h"
#include "hornbeam/search/analysis/text_rewriter.h"
#include "hornbeam/search/analysis/unicode.h"

namespace hornbeam::search {
namespace {

/// The elements that are part of a line; the tags of all others break it, those of unknown ones
/// too.
constexpr std::string_view kInline[] = {
    "a",      "abbr",   "acronym", "b",   "basefont", "bdo",    "big",   "button",
    "cite",   "code",   "dfn",     "em",  "font",     "i",      "img",   "input",
    "kbd",    "label",  "q",       "s",   "samp",     "select", "small", "span",
    "strike", "strong", "sub",     "sup", "textarea", "tt",     "u",     "var"};
static_assert(std::ranges::is_sorted(kInline));

bool is_name_byte(char byte) {
  const auto lower = static_cast<unsigned char>(byte | 0x20);
  return (lower >= 'a' && lower <= 'z') || (byte >= '0' && byte <= '9') || byte == '-' ||
         byte == ':' || byte == '_';
}

std::string lower_ascii(std::string_view text) {
  std::string lower(text);
  for (char& byte : lower) byte = static_cast<char>(byte >= 'A' && byte <= 'Z' ? byte + 32 : byte);
  return lower;
}

/// What is at a place of the text: its size, 0 if it is no markup, and what comes instead.
struct Markup {
  std::size_t size = 0;
  std::string replacement{};
};

/// The end of a tag: behind the > that is in no quotes, or npos.
std::size_t tag_end(std::string_view text, std::size_t at) {
  char quote = '\0';
  for (; at < text.size(); ++at) {
    if (quote != '\0') {
      if (text[at] == quote) quote = '\0';
    } else if (text[at] == '"' || text[at] == '\'') {
      quote = text[at];
    } else if (text[at] == '>') {
      return at + 1;
    } else if (text[at] == '<') {
      break;
    }
  }
  return std::string_view::npos;
}

/// From `start` to behind the next `end`, or to the end of the text.
std::size_t size_until(std::string_view text, std::size_t start, std::string_view end) {
  const std::size_t found = text.find(end, start);
  return found == std::string_view::npos ? text.size() : found + end.size();
}

/// Where the closing tag of a script or style begins; the end of the text if there is none.
std::size_t closing_tag(std::string_view text, std::size_t from, std::string_view name) {
  for (std::size_t at = text.find("</", from); at != std::string_view::npos;
       at = text.find("</", at + 2)) {
    if (lower_ascii(text.substr(at + 2, name.size())) == name) return at;
  }
  return text.size();
}

class HtmlStripCharFilter final : public CharFilter {
 public:
  explicit HtmlStripCharFilter(std::vector<std::string> escaped_tags)
      : escaped_tags_(std::move(escaped_tags)) {}

  void filter(std::string_view text, std::string& changed, OffsetMap& offsets) const override {
    TextRewriter rewriter(text, changed, offsets);
    for (std::size_t at = text.find_first_of("<&"); at != std::string_view::npos;
         at = text.find_first_of("<&", at)) {
      const Markup found = text[at] == '<' ? markup(text.substr(at)) : entity(text.substr(at));
      if (found.size == 0) {
        ++at;
        continue;
      }
      rewriter.copy_to(at);
      rewriter.replace(found.size, found.replacement);
      at += found.size;
    }
    rewriter.copy_to(text.size());
  }

 private:
  Markup markup(std::string_view text) const {
    if (text.starts_with("<!--")) return {.size = size_until(text, 4, "-->")};
    if (text.starts_with("<?")) return {.size = size_until(text, 2, ">")};
    if (text.starts_with("<![CDATA[")) {
      const std::size_t size = size_until(text, 9, "]]>");
      const std::size_t end = text.substr(0, size).ends_with("]]>") ? size - 3 : size;
      return {.size = size, .replacement = std::string(text.substr(9, end - 9))};
    }
    if (text.starts_with("<!")) return {.size = size_until(text, 2, ">")};
    return tag(text);
  }

  Markup tag(std::string_view text) const {
    const bool is_closing = text.starts_with("</");
    const std::size_t name_start = is_closing ? 2 : 1;
    std::size_t name_end = name_start;
    while (name_end < text.size() && is_name_byte(text[name_end])) ++name_end;
    const std::string name = lower_ascii(text.substr(name_start, name_end - name_start));
    if (name.empty() || name[0] < 'a' || name[0] > 'z') return {};
    const std::size_t end = tag_end(text, name_end);
    if (end == std::string_view::npos) return {};
    if (std::ranges::find(escaped_tags_, name) != escaped_tags_.end()) return {};
    const bool is_inline = std::ranges::binary_search(kInline, name);
    Markup found{.size = end, .replacement = is_inline ? "" : "\n"};
    if (!is_closing && (name == "script" || name == "style")) {
      const std::size_t closing = closing_tag(text, end, name);
      found.size = size_until(text, closing, ">");
    }
    return found;
  }

  static Markup entity(std::string_view text) {
    const std::size_t end = text.substr(0, 32).find(';');
    if (end == std::string_view::npos || end < 2) return {};
    const std::string_view name = text.substr(1, end - 1);
    const char32_t value = name[0] == '#' ? numeric(name.substr(1)) : find_html_entity(name);
    if (value == 0) return {};
    Markup found{.size = end + 1};
    // As in Lucene a space by that name does not join the words beside it.
    base::append_utf8(found.replacement, name == "nbsp" ? U' ' : value);
    return found;
  }

  static char32_t numeric(std::string_view digits) {
    const bool is_hex = digits.starts_with('x') || digits.starts_with('X');
    if (is_hex) digits.remove_prefix(1);
    std::uint32_t value = 0;
    const char* last = digits.data() + digits.size();
    const auto [end, failure] = std::from_chars(digits.data(), last, value, is_hex ? 16 : 10);
    if (failure != std::errc{} || end != last || digits.empty()) return 0;
    const bool is_scalar = value < 0xD800 || (value > 0xDFFF && value < 0x110000);
    return is_scalar ? static_cast<char32_t>(value) : kReplacementCharacter;
  }

  std::vector<std::string> escaped_tags_;
};

}  // namespace

std::shared_ptr<const CharFilter> html_strip_char_filter(std::vector<std::string> escaped_tags) {
  return std::make_shared<HtmlStripCharFilter>(std::move(escaped_tags));
}

}  // namespace hornbeam::search
