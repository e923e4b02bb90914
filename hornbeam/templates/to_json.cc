#include "hornbeam/templates/to_json.h"

#include <algorithm>
#include <cmath>

#include "hornbeam/base/encoding.h"
#include "hornbeam/templates/internal/text.h"

namespace hornbeam::templates {

namespace {

void append_unit(std::string& out, unsigned unit) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += "\\u";
  for (const unsigned shift : {12U, 8U, 4U, 0U}) out += kDigits[(unit >> shift) & 15U];
}

void append_text(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const char32_t point = base::take_code_point(text);
    constexpr std::string_view kShort = "\b\f\n\r\t\"\\";
    constexpr std::string_view kLetters = "bfnrt\"\\";
    if (point < 0x80 && kShort.contains(static_cast<char>(point)) && point != 0) {
      out += '\\';
      out += kLetters[kShort.find(static_cast<char>(point))];
    } else if (point == '<' || point == '>' || point == '&' || point == '\'' || point < 0x20 ||
               (point >= 0x7F && point < 0x10000)) {
      append_unit(out, static_cast<unsigned>(point));
    } else if (point >= 0x10000) {
      const unsigned rest = static_cast<unsigned>(point) - 0x10000;
      append_unit(out, 0xD800 + (rest >> 10U));
      append_unit(out, 0xDC00 + (rest & 0x3FFU));
    } else {
      out += static_cast<char>(point);
    }
  }
  out += '"';
}

class Writer {
 public:
  Writer(std::string& out, int indent) : out_(out), indent_(indent) {}

  void write(const Value& value, int depth) {
    if (depth > 200) fail("tojson: the value is nested too deep");
    using Kind = Value::Kind;
    switch (value.kind()) {
      case Kind::kNone:
        out_ += "null";
        return;
      case Kind::kBool:
        out_ += value.integer() != 0 ? "true" : "false";
        return;
      case Kind::kInteger:
        internal::append_integer(out_, value.integer());
        return;
      case Kind::kFloat:
        if (!std::isfinite(value.number())) fail("tojson: JSON has no NaN and no infinity");
        internal::append_float(out_, value.number());
        return;
      case Kind::kText:
        append_text(out_, value.text());
        return;
      case Kind::kMapping:
        write_members(value, depth);
        return;
      case Kind::kList:
      case Kind::kTuple:
        write_elements(value, depth);
        return;
      default:
        if (value.is_undefined()) fail_undefined(value);
        fail("Object of type " + std::string(value.type_name()) + " is not JSON serializable");
    }
  }

 private:
  void line(int depth) {
    if (indent_ <= 0) return;
    out_ += '\n';
    out_.append(static_cast<std::size_t>(depth * indent_), ' ');
  }
  void separate(bool& is_first, int depth) {
    if (!is_first) out_ += indent_ > 0 ? "," : ", ";
    is_first = false;
    line(depth + 1);
  }

  void write_members(const Value& value, int depth) {
    std::vector<std::pair<std::string, Value>> members;
    for (auto& [key, member] : members_of(value)) members.emplace_back(key_text(key), member);
    internal::sort_stably(
        members, [](const auto& left, const auto& right) { return left.first < right.first; });
    out_ += '{';
    bool is_first = true;
    for (const auto& [key, member] : members) {
      separate(is_first, depth);
      append_text(out_, key);
      out_ += ": ";
      write(member, depth + 1);
    }
    if (!is_first) line(depth);
    out_ += '}';
  }

  void write_elements(const Value& value, int depth) {
    out_ += '[';
    bool is_first = true;
    for_each(value, [&](const Value& each) {
      separate(is_first, depth);
      write(each, depth + 1);
      return true;
    });
    if (!is_first) line(depth);
    out_ += ']';
  }

  static std::string key_text(const Value& key) {
    if (key.is_none()) return "null";
    if (key.is(Value::Kind::kBool)) return key.integer() != 0 ? "true" : "false";
    return key.to_text();
  }

  std::string& out_;
  int indent_;
};

}  // namespace

std::string to_html_json(const Value& value, int indent) {
  std::string out;
  Writer(out, std::clamp(indent, 0, 16)).write(value, 0);
  return out;
}

}  // namespace hornbeam::templates
