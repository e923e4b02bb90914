#include "hornbeam/web/internal/session_tags.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include <fmt/format.h>

#include "hornbeam/base/encoding.h"
#include "hornbeam/base/json_write.h"

namespace hornbeam::web {

namespace {

using base::JsonKind;
using base::JsonView;

constexpr std::array<std::string_view, 6> kTags{" di", " t", " b", " m", " u", " d"};

void append_member(std::string& out, std::string_view name) {
  if (out.back() != '{') out += ',';
  base::append_json_string(out, name);
  out += ':';
}

/// A number, text, boolean or null as Python writes it: a whole float ends in ".0".
void append_scalar(std::string& out, const JsonView& value) {
  if (value.kind() != JsonKind::kFloat) {
    out += value.text();
    return;
  }
  const std::size_t begin = out.size();
  base::append_json_number(out, value.find_number().value_or(0));
  if (out.find_first_of(".e", begin) == std::string::npos) out += ".0";
}

void append_verbatim(std::string& out, const JsonView& value) {
  if (value.kind() == JsonKind::kArray) {
    out += '[';
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (i > 0) out += ',';
      append_verbatim(out, value.element(i));
    }
    out += ']';
  } else if (value.kind() == JsonKind::kObject) {
    out += '{';
    for (std::size_t i = 0; i < value.size(); ++i) {
      append_member(out, value.member(i).first);
      append_verbatim(out, value.member(i).second);
    }
    out += '}';
  } else {
    append_scalar(out, value);
  }
}

void append_tagged(std::string& out, const JsonView& value) {
  if (value.kind() == JsonKind::kArray) {
    out += '[';
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (i > 0) out += ',';
      append_tagged(out, value.element(i));
    }
    out += ']';
    return;
  }
  if (value.kind() != JsonKind::kObject) {
    append_scalar(out, value);
    return;
  }
  if (value.size() == 1 && is_tag(value.member(0).first)) {
    // "{" di": {"TAG__": ...}}": the name no longer looks like a tag.
    out += R"({" di":{)";
    append_member(out, std::string(value.member(0).first) + "__");
    append_tagged(out, value.member(0).second);
    out += "}}";
    return;
  }
  std::vector<std::pair<std::string_view, JsonView>> members;
  for (std::size_t i = 0; i < value.size(); ++i) members.push_back(value.member(i));
  std::ranges::sort(members, {}, [](const auto& member) { return member.first; });
  out += '{';
  for (const auto& [name, member] : members) {
    append_member(out, name);
    append_tagged(out, member);
  }
  out += '}';
}

void append_plain(std::string& out, const JsonView& value);

/// 32 hexadecimal digits as a UUID is written.
std::string uuid_text(std::string_view digits) {
  if (digits.size() != 32) return std::string(digits);
  return fmt::format("{}-{}-{}-{}-{}", digits.substr(0, 8), digits.substr(8, 4),
                     digits.substr(12, 4), digits.substr(16, 4), digits.substr(20));
}

void append_untagged(std::string& out, std::string_view tag, const JsonView& value) {
  if (tag == " di" && value.kind() == JsonKind::kObject && value.size() == 1) {
    std::string_view name = value.member(0).first;
    if (name.ends_with("__")) name.remove_suffix(2);
    out += '{';
    append_member(out, name);
    append_plain(out, value.member(0).second);
    out += '}';
  } else if (tag == " u") {
    base::append_json_string(out, uuid_text(value.find_string().value_or("")));
  } else {
    append_plain(out, value);
  }
}

void append_plain(std::string& out, const JsonView& value) {
  if (value.kind() == JsonKind::kArray) {
    out += '[';
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (i > 0) out += ',';
      append_plain(out, value.element(i));
    }
    out += ']';
  } else if (value.kind() != JsonKind::kObject) {
    append_scalar(out, value);
  } else if (value.size() == 1 && is_tag(value.member(0).first)) {
    append_untagged(out, value.member(0).first, value.member(0).second);
  } else {
    out += '{';
    for (std::size_t i = 0; i < value.size(); ++i) {
      append_member(out, value.member(i).first);
      append_plain(out, value.member(i).second);
    }
    out += '}';
  }
}

}  // namespace

bool is_tag(std::string_view name) noexcept {
  return std::ranges::find(kTags, name) != kTags.end();
}

std::string tagged_text(const JsonView& value) {
  std::string text;
  append_verbatim(text, value);
  return text;
}

std::string tag_json(std::string json) {
  if (!json.starts_with('{') && !json.starts_with('[')) return json;
  const auto document = base::JsonDocument::parse(json);
  if (!document) return json;
  std::string tagged;
  append_tagged(tagged, document->root());
  return tagged;
}

std::string untag_json(std::string json) {
  if (json.find("{\" ") == std::string::npos) return json;
  const auto document = base::JsonDocument::parse(json);
  if (!document) return json;
  std::string plain;
  append_plain(plain, document->root());
  return plain;
}

std::string ascii_json(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  while (!json.empty()) {
    const std::uint32_t point = base::take_code_point(json);
    if (point < 0x7F) {
      out += static_cast<char>(point);
    } else if (point < 0x10000) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", point);
    } else {
      const std::uint32_t rest = point - 0x10000;
      fmt::format_to(std::back_inserter(out), "\\u{:04x}\\u{:04x}", 0xD800 + (rest >> 10),
                     0xDC00 + (rest & 0x3FF));
    }
  }
  return out;
}

std::optional<std::string> find_tagged_text(std::string_view json, std::string_view tag) {
  const auto document = base::JsonDocument::parse(json);
  if (!document || document->root().size() != 1) return std::nullopt;
  const auto value = document->root().find(tag);
  const auto text = value ? value->find_string() : std::nullopt;
  return text ? std::optional(std::string(*text)) : std::nullopt;
}

}  // namespace hornbeam::web
