// The methods of Python's str that templates use.

#include <algorithm>
#include <charconv>

#include "hornbeam/base/encoding.h"
#include "hornbeam/templates/internal/expressions.h"
#include "hornbeam/templates/internal/operators.h"
#include "hornbeam/templates/internal/text.h"
#include "hornbeam/templates/internal/text_shapes.h"

namespace hornbeam::templates::internal {

namespace {

struct TextMethod {
  std::string_view name;
  Value (*call)(const Value& text, Arguments& arguments);
};

Value like(const Value& from, std::string text) {
  return from.is_safe() ? Value::safe(std::move(text)) : Value(std::move(text));
}

std::string_view text_argument(const Arguments& arguments, std::size_t index) {
  const Value* found = arguments.find(index, "");
  if (found == nullptr || !found->is_text()) fail("a text is needed as an argument");
  return found->text();
}

std::int64_t number_argument(const Arguments& arguments, std::size_t index, std::int64_t fallback) {
  const Value* found = arguments.find(index, "");
  return found != nullptr && found->is_integer() ? found->integer() : fallback;
}

Value strip(const Value& text, const Arguments& arguments, bool left, bool right) {
  const Value* set = arguments.find(0, "");
  std::string_view whole = text.text();
  const bool any_space = set == nullptr || set->is_none();
  const auto goes = [&](char each) {
    return any_space ? is_space(each) : set->is_text() && set->text().contains(each);
  };
  while (left && !whole.empty() && goes(whole.front())) whole.remove_prefix(1);
  while (right && !whole.empty() && goes(whole.back())) whole.remove_suffix(1);
  return text.part(whole);
}

Value split(const Value& text, Arguments& arguments) {
  std::vector<Value> parts;
  const Value* separator = arguments.find(0, "sep");
  std::int64_t left = number_argument(arguments, 1, -1);
  std::string_view rest = text.text();
  if (separator == nullptr || separator->is_none()) {
    while (!(rest = stripped(rest)).empty()) {
      std::size_t end = 0;
      while (end < rest.size() && !is_space(rest[end])) ++end;
      if (left-- == 0) end = rest.size();
      parts.push_back(text.part(rest.substr(0, end)));
      rest.remove_prefix(end);
    }
    return Value::list(std::move(parts));
  }
  const std::string_view sign = text_argument(arguments, 0);
  if (sign.empty()) throw TemplateError(TemplateError::Kind::kValue, "empty separator");
  while (left-- != 0) {  // Ends: every round takes a part.
    const std::size_t end = rest.find(sign);
    if (end == std::string_view::npos) break;
    parts.push_back(text.part(rest.substr(0, end)));
    rest.remove_prefix(end + sign.size());
  }
  parts.push_back(text.part(rest));
  return Value::list(std::move(parts));
}

Value splitlines(const Value& text, Arguments&) {
  std::vector<Value> lines;
  std::string_view rest = text.text();
  while (!rest.empty()) {
    const std::size_t end = rest.find_first_of("\r\n");
    lines.push_back(text.part(rest.substr(0, end)));
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + (rest.substr(end).starts_with("\r\n") ? 2 : 1));
  }
  return Value::list(std::move(lines));
}

Value join(const Value& text, Arguments& arguments) {
  const Value* list = arguments.find(0, "");
  if (list == nullptr) fail("join() needs a list");
  std::string out;
  bool is_first = true;
  const auto add = [&](const Value& part) {
    if (text.is_safe() && !part.is_safe()) {
      base::append_html_escaped(out, part.text());
    } else {
      out += part.text();
    }
    require_text_size(out.size());
  };
  for_each(*list, [&](const Value& each) {
    if (!each.is_text()) {
      fail("sequence item: expected str instance, " + std::string(each.type_name()) + " found");
    }
    if (!std::exchange(is_first, false)) add(text);
    add(each);
    return true;
  });
  return like(text, std::move(out));
}

Value replace(const Value& text, Arguments& arguments) {
  const std::string_view from = text_argument(arguments, 0);
  const std::string_view to = text_argument(arguments, 1);
  const bool escapes = text.is_safe() && !arguments.find(1, "")->is_safe();
  return like(text, replaced(text.text(), from, escapes ? base::html_escape(to) : std::string(to),
                             number_argument(arguments, 2, -1)));
}

template <bool AtStart>
Value matches(const Value& text, Arguments& arguments) {
  const auto holds = [&](std::string_view part) {
    return AtStart ? text.text().starts_with(part) : text.text().ends_with(part);
  };
  const Value* given = arguments.find(0, "");
  if (given != nullptr && given->is(Value::Kind::kTuple)) {
    bool any = false;
    for_each(*given, [&](const Value& each) {
      any |= each.is_text() && holds(each.text());
      return true;
    });
    return Value(any);
  }
  return Value(holds(text_argument(arguments, 0)));
}

std::int64_t character_index(std::string_view text, std::size_t byte) {
  return static_cast<std::int64_t>(base::utf8_length(text.substr(0, byte)));
}

Value find(const Value& text, Arguments& arguments) {
  const std::size_t at = text.text().find(text_argument(arguments, 0));
  return Value(at == std::string_view::npos ? -1 : character_index(text.text(), at));
}

Value count(const Value& text, Arguments& arguments) {
  const std::string_view what = text_argument(arguments, 0);
  if (what.empty()) return Value(base::utf8_length(text.text()) + 1);
  std::int64_t found = 0;
  for (std::size_t at = 0; (at = text.text().find(what, at)) != std::string_view::npos;
       at += what.size()) {
    ++found;
  }
  return Value(found);
}

template <char Align>
Value aligned(const Value& text, Arguments& arguments) {
  const std::int64_t width = number_argument(arguments, 0, 0);
  if (width > 10'000) fail("a text is padded to 10000 characters at most");
  const std::string fill =
      arguments.positional.size() > 1 ? std::string(text_argument(arguments, 1)) : " ";
  if (Align == '^') {
    return like(text, centered(text.text(),
                               static_cast<std::size_t>(std::max<std::int64_t>(width, 0)), fill));
  }
  std::string out(text.text());
  const std::int64_t missing = width - static_cast<std::int64_t>(base::utf8_length(out));
  for (std::int64_t at = 0; at < missing; ++at)
    Align == '<' ? out.append(fill) : out.insert(0, fill);
  return like(text, std::move(out));
}

template <bool (*Holds)(std::string_view)>
Value every(const Value& text, Arguments&) {
  const auto all = characters(text.text());
  return Value(!all.empty() && std::ranges::all_of(all, Holds));
}
bool is_digit(std::string_view each) {
  return each.size() == 1 && each.front() >= '0' && each.front() <= '9';
}
bool is_blank(std::string_view each) {
  return each.size() == 1 && is_space(each.front());
}

/// "{0} {name:>5}".format(...). Only items and members that templates reach anyhow; no Python
/// attributes.
Value format(const Value& text, Arguments& arguments) {
  std::string out;
  std::size_t next = 0;
  std::string_view rest = text.text();
  while (!rest.empty()) {
    const std::size_t mark = rest.find_first_of("{}");
    out += rest.substr(0, mark);
    if (mark == std::string_view::npos) break;
    const char sign = rest[mark];
    rest.remove_prefix(mark + 1);
    if (rest.starts_with(sign)) {
      out += sign;
      rest.remove_prefix(1);
      continue;
    }
    const std::size_t end = rest.find('}');
    if (sign == '}' || end == std::string_view::npos) {
      throw TemplateError(TemplateError::Kind::kValue,
                          "Single '" + std::string(1, sign) + "' encountered in format string");
    }
    std::string_view field = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    std::string_view specification;
    if (const std::size_t colon = field.find(':'); colon != std::string_view::npos) {
      specification = field.substr(colon + 1);
      field = field.substr(0, colon);
    }
    const std::size_t name_end = field.find_first_of(".[!");
    if (name_end != std::string_view::npos) {
      throw TemplateError(
          TemplateError::Kind::kSecurity,
          "a format string may name arguments only, not what is in them: " + quoted(field));
    }
    const Value* value = nullptr;
    std::size_t index = 0;
    const auto [last, error] = std::from_chars(field.data(), field.data() + field.size(), index);
    if (field.empty()) {
      value = next < arguments.positional.size() ? &arguments.positional[next++] : nullptr;
    } else if (error == std::errc() && last == field.data() + field.size()) {
      value = index < arguments.positional.size() ? &arguments.positional[index] : nullptr;
    } else {
      value = arguments.find(arguments.positional.size(), field);
    }
    if (value == nullptr) fail("there is no argument {" + std::string(field) + "} to format");
    const std::string made = format_value(*value, specification);
    out += text.is_safe() && !value->is_safe() ? base::html_escape(made) : made;
  }
  return like(text, std::move(out));
}

/// As Python's str.title: a letter behind anything but a letter is upper case, others lower.
Value title(const Value& text, Arguments&) {
  std::string out;
  bool in_word = false;
  for (const std::string_view each : characters(text.text())) {
    out += in_word ? lower(each) : upper(each);
    in_word = is_letter(each);
  }
  return like(text, std::move(out));
}

Value swapcase(const Value& text, Arguments&) {
  std::string out;
  for (const std::string_view each : characters(text.text())) {
    std::string other = upper(each);
    out += other == each ? lower(each) : std::move(other);
  }
  return like(text, std::move(out));
}

Value zfill(const Value& text, Arguments& arguments) {
  const std::int64_t width = number_argument(arguments, 0, 0);
  const auto size = static_cast<std::int64_t>(base::utf8_length(text.text()));
  if (width <= size) return text;
  require_text_size(static_cast<std::size_t>(width));
  const std::string_view whole = text.text();
  const bool has_sign = whole.starts_with('+') || whole.starts_with('-');
  std::string out(whole.substr(0, has_sign ? 1 : 0));
  out.append(static_cast<std::size_t>(width - size), '0').append(whole.substr(has_sign ? 1 : 0));
  return like(text, std::move(out));
}

template <bool kFromTheEnd>
Value partition(const Value& text, Arguments& arguments) {
  const std::string_view separator = text_argument(arguments, 0);
  if (separator.empty()) fail("empty separator");
  const std::string_view whole = text.text();
  const std::size_t at = kFromTheEnd ? whole.rfind(separator) : whole.find(separator);
  if (at == std::string_view::npos) {
    const Value none = text.part({});
    return kFromTheEnd ? Value::tuple({none, none, text}) : Value::tuple({text, none, none});
  }
  return Value::tuple({text.part(whole.substr(0, at)),
                       text.part(whole.substr(at, separator.size())),
                       text.part(whole.substr(at + separator.size()))});
}

constexpr TextMethod kMethods[] = {
    {"capitalize", [](const Value& t, Arguments&) { return like(t, capitalized(t.text())); }},
    {"center", aligned<'^'>},
    {"count", count},
    {"endswith", matches<false>},
    {"find", find},
    {"format", format},
    {"isalnum", every<is_letter_or_digit>},
    {"isalpha", every<is_letter>},
    {"isdigit", every<is_digit>},
    {"isspace", every<is_blank>},
    {"join", join},
    {"ljust", aligned<'<'>},
    {"lower", [](const Value& t, Arguments&) { return like(t, lower(t.text())); }},
    {"lstrip", [](const Value& t, Arguments& a) { return strip(t, a, true, false); }},
    {"partition", partition<false>},
    {"replace", replace},
    {"rjust", aligned<'>'>},
    {"rpartition", partition<true>},
    {"rstrip", [](const Value& t, Arguments& a) { return strip(t, a, false, true); }},
    {"split", split},
    {"splitlines", splitlines},
    {"startswith", matches<true>},
    {"strip", [](const Value& t, Arguments& a) { return strip(t, a, true, true); }},
    {"swapcase", swapcase},
    {"title", title},
    {"upper", [](const Value& t, Arguments&) { return like(t, upper(t.text())); }},
    {"zfill", zfill},
};

const TextMethod* method_named(std::string_view name) {
  const auto found = std::ranges::find(kMethods, name, &TextMethod::name);
  return found != std::end(kMethods) ? &*found : nullptr;
}

}  // namespace

bool is_text_method(std::string_view name) {
  return method_named(name) != nullptr;
}

std::optional<Value> call_text_method(const Value& subject, std::string_view name,
                                      Arguments& arguments) {
  const TextMethod* found = method_named(name);
  if (found == nullptr) return std::nullopt;
  return found->call(subject, arguments);
}

}  // namespace hornbeam::templates::internal
