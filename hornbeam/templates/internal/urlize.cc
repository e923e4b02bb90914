#include "hornbeam/templates/internal/urlize.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "hornbeam/base/encoding.h"
#include "hornbeam/templates/internal/text.h"

namespace hornbeam::templates::internal {

namespace {

struct LinkStyle {
  std::size_t limit;
  std::string attributes;
};

std::string shortened(std::string_view text, std::size_t limit) {
  if (base::utf8_length(text) <= limit) return std::string(text);
  std::string out;
  const auto all = characters(text);
  for (std::size_t at = 0; at < limit; ++at) out += all[at];
  return out + "...";
}

bool is_host(std::string_view host) {
  return !host.empty() && std::ranges::all_of(host, [](char each) {
    return each == '.' || each == '-' || each == '_' || each == ':' || each == '%' ||
           (each >= '0' && each <= '9') || ((each | 0x20) >= 'a' && (each | 0x20) <= 'z') ||
           static_cast<unsigned char>(each) >= 0x80;
  });
}

bool is_web_address(std::string_view text) {
  bool has_scheme = false;
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (lower(text.substr(0, scheme.size())) != scheme) continue;
    text.remove_prefix(scheme.size());
    has_scheme = true;
    break;
  }
  const std::string_view host = text.substr(0, text.find_first_of("/?#"));
  if (!is_host(host)) return false;
  if (has_scheme) return true;
  if (lower(host.substr(0, 4)) == "www.") return host.size() > 4;
  const std::size_t dot = host.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return false;
  const std::string top = lower(host.substr(dot + 1, host.find(':', dot) - dot - 1));
  return is_one_of(std::initializer_list<std::string_view>{"com", "net", "int", "edu", "gov", "org",
                                                           "info", "mil"},
                   top);
}

bool is_mail_address(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0 || text.starts_with("www.")) return false;
  const std::string_view host = text.substr(at + 1);
  const std::size_t dot = host.rfind('.');
  return dot != std::string_view::npos && dot > 0 && dot + 1 < host.size() && is_host(host) &&
         !text.substr(0, at).contains(':');
}

std::string linked(std::string_view word, const LinkStyle& style) {
  std::string_view head, tail;
  const auto closes = [](char c) {
    return std::string_view("([{<\"'").find(c) != std::string_view::npos;
  };
  const std::string_view whole = word;
  while (!word.empty()) {
    if (closes(word.front())) {
      word.remove_prefix(1);
    } else if (word.starts_with("&lt;")) {
      word.remove_prefix(4);
    } else {
      break;
    }
  }
  head = whole.substr(0, whole.size() - word.size());
  const std::string_view middle = word;
  while (!word.empty()) {
    if (word.ends_with("&gt;")) {
      word.remove_suffix(4);
    } else if (std::string_view(")]}>.,\"'\n").contains(word.back())) {
      word.remove_suffix(1);
    } else {
      break;
    }
  }
  tail = middle.substr(word.size());
  for (const auto& [open, close] : {std::pair{"(", ")"}, {"<", ">"}, {"&lt;", "&gt;"}}) {
    const auto count = [](std::string_view in, std::string_view what) {
      std::size_t found = 0;
      for (std::size_t at = 0; (at = in.find(what, at)) != std::string_view::npos;
           at += what.size()) {
        ++found;
      }
      return found;
    };
    // A bracket that was opened inside of the address belongs to it.
    std::size_t missing = count(word, open);
    for (missing -= std::min(missing, count(word, close)); missing > 0; --missing) {
      const std::size_t at = tail.find(close);
      if (at == std::string_view::npos) break;
      const std::size_t taken = at + std::string_view(close).size();
      word = middle.substr(0, word.size() + taken);
      tail.remove_prefix(taken);
    }
  }
  std::string out(head);
  if (is_web_address(word)) {
    const bool has_scheme = word.starts_with("http://") || word.starts_with("https://");
    out.append("<a href=\"").append(has_scheme ? "" : "https://").append(word).append("\"");
    out.append(style.attributes).append(">").append(shortened(word, style.limit)).append("</a>");
  } else if (word.starts_with("mailto:") && is_mail_address(word.substr(7))) {
    out.append("<a href=\"").append(word).append("\">").append(word.substr(7)).append("</a>");
  } else if (is_mail_address(word)) {
    out.append("<a href=\"mailto:").append(word).append("\">").append(word).append("</a>");
  } else {
    out += word;
  }
  return out.append(tail);
}

}  // namespace

Value urlize(FilterCall& call) {
  const Value limit = call.argument(0, "trim_url_limit");
  std::vector<std::string> relations;
  std::string given = call.argument(3, "rel").is_none() ? "" : call.text(3, "rel", "");
  given += " noopener";
  if (call.flag(1, "nofollow", false)) given += " nofollow";
  for (std::string_view rest = given; !(rest = stripped(rest)).empty();) {
    const std::size_t end = rest.find(' ');
    relations.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end, rest.size()));
  }
  std::ranges::sort(relations);
  const auto repeated = std::ranges::unique(relations);
  relations.erase(repeated.begin(), repeated.end());
  LinkStyle style{
      limit.is_integer() ? static_cast<std::size_t>(limit.integer()) : std::string::npos,
      " rel=\""};
  for (std::size_t at = 0; at < relations.size(); ++at) {
    style.attributes += (at > 0 ? " " : "") + base::html_escape(relations[at]);
  }
  style.attributes += '"';
  if (const Value target = call.argument(2, "target"); !target.is_none()) {
    style.attributes += " target=\"" + base::html_escape(target.to_text()) + "\"";
  }
  const std::string text =
      call.value.is_safe() ? call.value.to_text() : base::html_escape(call.value.to_text());
  std::string out;
  for (std::string_view rest = text; !rest.empty();) {
    std::size_t space = 0;
    while (space < rest.size() && is_space(rest[space])) ++space;
    out += rest.substr(0, space);
    rest.remove_prefix(space);
    std::size_t word = 0;
    while (word < rest.size() && !is_space(rest[word])) ++word;
    if (word > 0) out += linked(rest.substr(0, word), style);
    rest.remove_prefix(word);
  }
  return call.escapes ? Value::safe(std::move(out)) : Value(std::move(out));
}

std::string unescaped(std::string_view html) {
  std::string out;
  while (!html.empty()) {
    const std::size_t mark = html.find('&');
    out += html.substr(0, mark);
    if (mark == std::string_view::npos) break;
    html.remove_prefix(mark);
    const std::size_t end = html.find(';');
    const std::string_view entity = html.substr(0, std::min(end, html.size()));
    std::string meaning;
    if (end != std::string_view::npos && entity.size() < 12) {
      if (entity == "&amp") meaning = "&";
      if (entity == "&lt") meaning = "<";
      if (entity == "&gt") meaning = ">";
      if (entity == "&quot") meaning = "\"";
      if (entity == "&apos") meaning = "'";
      if (entity == "&nbsp") meaning = "\xC2\xA0";
      if (entity == "&raquo") meaning = "\xC2\xBB";
      if (entity == "&laquo") meaning = "\xC2\xAB";
      if (entity == "&copy") meaning = "\xC2\xA9";
      if (entity.starts_with("&#")) {
        const bool is_hex = entity.size() > 2 && (entity[2] | 0x20) == 'x';
        const std::string_view digits = entity.substr(is_hex ? 3 : 2);
        std::uint32_t point = 0;
        const auto [last, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), point, is_hex ? 16 : 10);
        if (error == std::errc() && last == digits.data() + digits.size() && point != 0 &&
            point < 0x110000 && (point < 0xD800 || point > 0xDFFF)) {
          base::append_utf8(meaning, point);
        }
      }
    }
    if (meaning.empty()) {
      out += '&';
      html.remove_prefix(1);
    } else {
      out += meaning;
      html.remove_prefix(end + 1);
    }
  }
  return out;
}

}  // namespace hornbeam::templates::internal
