// Filters that make HTML, URLs or JSON.

#include <algorithm>

#include "hornbeam/base/encoding.h"
#include "hornbeam/templates/environment.h"
#include "hornbeam/templates/internal/builtins.h"
#include "hornbeam/templates/internal/state.h"
#include "hornbeam/templates/internal/text.h"
#include "hornbeam/templates/internal/urlize.h"
#include "hornbeam/templates/to_json.h"

namespace hornbeam::templates::internal {

namespace {

Value escape(FilterCall& call) {
  if (call.value.is_safe()) return call.value;
  return Value::safe(base::html_escape(call.value.to_text()));
}

/// Without tags and comments, white space joined, entities read.
Value striptags(FilterCall& call) {
  std::string text = call.value.to_text();
  for (std::size_t at = 0; (at = text.find("<!--", at)) != std::string::npos;) {
    const std::size_t end = text.find("-->", at);
    if (end == std::string::npos) break;
    text.erase(at, end + 3 - at);
  }
  for (std::size_t at = 0; (at = text.find('<', at)) != std::string::npos;) {
    const std::size_t end = text.find('>', at);
    if (end == std::string::npos) break;
    text.erase(at, end + 1 - at);
  }
  std::string joined;
  for (const char each : text) {
    if (!is_space(each)) {
      joined += each;
    } else if (!joined.empty() && joined.back() != ' ') {
      joined += ' ';
    }
  }
  if (joined.ends_with(' ')) joined.pop_back();
  return Value(unescaped(joined));
}

std::string query_quoted(const Value& value) {
  std::string quoted = base::percent_encode(value.to_text());
  for (std::size_t at = 0; (at = quoted.find("%20", at)) != std::string::npos; ++at) {
    quoted.replace(at, 3, "+");
  }
  return quoted;
}

Value urlencode(FilterCall& call) {
  std::string out;
  const auto add = [&](const Value& key, const Value& value) {
    if (!out.empty()) out += '&';
    out += query_quoted(key) + '=' + query_quoted(value);
  };
  if (call.value.is(Value::Kind::kMapping)) {
    for (const auto& [key, value] : members_of(call.value)) add(key, value);
  } else if (call.value.is_sequence()) {
    for_each(call.value, [&](const Value& pair) {
      const std::vector<Value> both = elements_of(pair);
      if (both.size() != 2) fail("urlencode takes pairs");
      add(both[0], both[1]);
      return true;
    });
  } else {
    out = base::percent_encode(call.value.to_text(), "-._~/");
  }
  return Value(std::move(out));
}

Value xmlattr(FilterCall& call) {
  std::string out;
  for (const auto& [key, value] : members_of(call.value)) {
    if (value.is_none() || value.is_undefined()) continue;
    const std::string name = key.to_text();
    if (name.empty() || std::ranges::any_of(name, [](char each) {
          return is_space(each) || each == '/' || each == '>' || each == '=' || each == '\0';
        })) {
      throw TemplateError(TemplateError::Kind::kValue,
                          "Invalid character in attribute name: " + quoted(name));
    }
    if (!out.empty()) out += ' ';
    base::append_html_escaped(out, name);
    out += "=\"";
    out += value.is_safe() ? value.to_text() : base::html_escape(value.to_text());
    out += '"';
  }
  if (!out.empty() && call.flag(0, "autospace", true)) out.insert(0, " ");
  return call.escapes ? Value::safe(std::move(out)) : Value(std::move(out));
}

}  // namespace

void add_html_filters(Environment& environment) {
  environment.add_filter("e", escape);
  environment.add_filter("escape", escape);
  environment.add_filter("forceescape", [](FilterCall& call) {
    return Value::safe(base::html_escape(call.value.to_text()));
  });
  environment.add_filter("safe", [](FilterCall& call) {
    return call.value.is_text() ? call.value.as_safe() : Value::safe(call.value.to_text());
  });
  environment.add_filter("striptags", striptags);
  environment.add_filter("urlencode", urlencode);
  environment.add_filter("urlize", urlize);
  environment.add_filter("xmlattr", xmlattr);
  environment.add_filter("pprint", [](FilterCall& call) { return Value(call.value.repr()); });
  environment.add_filter("tojson", [](FilterCall& call) {
    const Value indent = call.argument(0, "indent");
    return Value::safe(
        to_html_json(call.value, indent.is_integer() ? static_cast<int>(indent.integer()) : 0));
  });
}

}  // namespace hornbeam::templates::internal
