// Filters that make texts of texts.

#include <algorithm>

#include "hornbeam/base/encoding.h"
#include "hornbeam/templates/environment.h"
#include "hornbeam/templates/internal/builtins.h"
#include "hornbeam/templates/internal/operators.h"
#include "hornbeam/templates/internal/state.h"
#include "hornbeam/templates/internal/text.h"
#include "hornbeam/templates/internal/text_shapes.h"

namespace hornbeam::templates {

std::int64_t FilterCall::integer(std::size_t index, std::string_view name,
                                 std::int64_t fallback) const {
  const Value* found = arguments.find(index, name);
  if (found == nullptr) return fallback;
  if (found->is_undefined()) fail_undefined(*found);
  if (!found->is_integer()) {
    fail("the argument '" + std::string(name) + "' must be a whole number, not " + found->repr());
  }
  return found->integer();
}

std::string FilterCall::text(std::size_t index, std::string_view name,
                             std::string_view fallback) const {
  const Value* found = arguments.find(index, name);
  return found != nullptr ? found->to_text() : std::string(fallback);
}

bool FilterCall::flag(std::size_t index, std::string_view name, bool fallback) const {
  const Value* found = arguments.find(index, name);
  return found != nullptr ? found->is_true() : fallback;
}

namespace internal {

namespace {

/// A text made of `from`: safe if that was.
Value like(const Value& from, std::string text) {
  return from.is_safe() ? Value::safe(std::move(text)) : Value(std::move(text));
}

std::size_t size_argument(const FilterCall& call, std::size_t index, std::string_view name,
                          std::int64_t fallback) {
  const std::int64_t given = call.integer(index, name, fallback);
  constexpr std::int64_t kMost = 100'000;
  if (given < 0 || given > kMost) {
    fail("the argument '" + std::string(name) + "' must be from 0 to " + std::to_string(kMost));
  }
  return static_cast<std::size_t>(given);
}

Value indent(FilterCall& call) {
  const Value* width = call.arguments.find(0, "width");
  const std::string margin = width != nullptr && width->is_text()
                                 ? width->to_text()
                                 : std::string(size_argument(call, 0, "width", 4), ' ');
  const bool first = call.flag(1, "first", false);
  const bool blank = call.flag(2, "blank", false);
  const std::string text = call.value.to_text();
  std::string out;
  std::string_view rest = text;
  for (bool is_first = true;; is_first = false) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    if (is_first ? first : (blank || !line.empty())) out += margin;
    out += line;
    require_text_size(out.size());
    if (end == std::string_view::npos) break;
    out += '\n';
    rest.remove_prefix(end + 1);
  }
  return like(call.value, std::move(out));
}

Value truncate(FilterCall& call) {
  const std::size_t length = size_argument(call, 0, "length", 255);
  const bool kills_words = call.flag(1, "killwords", false);
  const std::string end = call.text(2, "end", "...");
  const std::size_t leeway = size_argument(call, 3, "leeway", 5);
  const std::size_t end_size = base::utf8_length(end);
  if (length < end_size)
    fail("expected length >= " + std::to_string(end_size) + ", got " + std::to_string(length));
  // As Jinja: lists are short if they have few elements.
  if (call.value.is_sequence() && length_of(call.value) <= length + leeway) return call.value;
  const std::string text = call.value.to_text();
  const auto all = characters(text);
  if (all.size() <= length + leeway) return call.value;
  std::string kept;
  for (std::size_t at = 0; at < length - end_size; ++at) kept += all[at];
  if (!kills_words) {
    if (const std::size_t space = kept.rfind(' '); space != std::string::npos) kept.resize(space);
  }
  return like(call.value, kept + end);
}

Value replace(FilterCall& call) {
  const Value* old_text = call.arguments.find(0, "old");
  const Value* new_text = call.arguments.find(1, "new");
  if (old_text == nullptr || new_text == nullptr)
    fail("replace() needs what to replace and with what");
  const std::int64_t count =
      call.argument(2, "count").is_none() ? -1 : call.integer(2, "count", -1);
  if (!call.escapes) {
    return like(call.value,
                replaced(call.value.to_text(), old_text->to_text(), new_text->to_text(), count));
  }
  const auto html = [](const Value& value) {
    return value.is_safe() ? value.to_text() : base::html_escape(value.to_text());
  };
  const bool any_safe = call.value.is_safe() || old_text->is_safe() || new_text->is_safe();
  if (!any_safe) {
    return Value(replaced(call.value.to_text(), old_text->to_text(), new_text->to_text(), count));
  }
  return Value::safe(replaced(html(call.value), old_text->to_text(), html(*new_text), count));
}

Value join(FilterCall& call) {
  const Value separator = call.argument(0, "d", Value(""));
  const Value attribute = call.argument(1, "attribute");
  std::vector<Value> parts;
  bool any_safe = separator.is_safe();
  for_each(call.value, [&](Value each) {
    if (!attribute.is_none()) {
      each = deep_attribute(call.rendering.environment(), each, attribute);
    }
    any_safe |= each.is_safe();
    parts.push_back(std::move(each));
    return true;
  });
  const bool makes_html = call.escapes && any_safe;
  std::string out;
  const auto add = [&](const Value& each) {
    require_text_size(out.size());
    if (makes_html && !each.is_safe()) {
      base::append_html_escaped(out, each.to_text());
    } else {
      each.append_to(out);
    }
  };
  for (std::size_t at = 0; at < parts.size(); ++at) {
    if (at > 0) add(separator);
    add(parts[at]);
  }
  return makes_html ? Value::safe(std::move(out)) : Value(std::move(out));
}

Value wordwrap(FilterCall& call) {
  const std::size_t width = size_argument(call, 0, "width", 79);
  const Value wrapper = call.argument(2, "wrapstring");
  return like(call.value, wrapped(call.value.to_text(), std::max<std::size_t>(width, 1),
                                  call.flag(1, "break_long_words", true),
                                  wrapper.is_none() ? "\n" : wrapper.to_text(),
                                  call.flag(3, "break_on_hyphens", true)));
}

Value wordcount(FilterCall& call) {
  std::int64_t words = 0;
  bool inside = false;
  const std::string text = call.value.to_text();
  for (const std::string_view each : characters(text)) {
    const bool is_word = each == "_" || is_letter_or_digit(each);
    if (is_word && !inside) ++words;
    inside = is_word;
  }
  return Value(words);
}

}  // namespace

void add_text_filters(Environment& environment) {
  const auto add = [&](const char* name, std::string (*convert)(std::string_view)) {
    environment.add_filter(name, [convert](FilterCall& call) {
      return like(call.value, convert(call.value.to_text()));
    });
  };
  add("upper", upper);
  add("lower", lower);
  add("capitalize", capitalized);
  add("title", titled);
  environment.add_filter("string", [](FilterCall& call) {
    return call.value.is_text() ? call.value : Value(call.value.to_text());
  });
  environment.add_filter("trim", [](FilterCall& call) {
    const Value set = call.argument(0, "chars");
    const std::string text = call.value.to_text();
    return like(call.value,
                std::string(set.is_none() ? stripped(text) : stripped_of(text, set.to_text())));
  });
  environment.add_filter("center", [](FilterCall& call) {
    return like(call.value,
                centered(call.value.to_text(), size_argument(call, 0, "width", 80), " "));
  });
  environment.add_filter("format", [](FilterCall& call) {
    if (!call.arguments.positional.empty() && !call.arguments.named.empty()) {
      fail("can't handle positional and keyword arguments at the same time");
    }
    Arguments arguments = call.arguments;
    if (!arguments.named.empty()) {
      std::vector<std::pair<Value, Value>> members;
      for (auto& [key, value] : arguments.named) members.emplace_back(Value(key), value);
      arguments.positional.push_back(Value::mapping(std::move(members)));
    }
    return formatted(call.value.is_text() ? call.value : Value(call.value.to_text()), arguments);
  });
  environment.add_filter("indent", indent);
  environment.add_filter("truncate", truncate);
  environment.add_filter("replace", replace);
  environment.add_filter("join", join);
  environment.add_filter("wordwrap", wordwrap);
  environment.add_filter("wordcount", wordcount);
}

}  // namespace internal

}  // namespace hornbeam::templates
