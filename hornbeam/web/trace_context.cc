#include "hornbeam/web/trace_context.h"

#include <algorithm>
#include <vector>

#include "hornbeam/base/encoding.h"
#include "hornbeam/http/request.h"
#include "hornbeam/web/internal/random.h"

namespace hornbeam::web {

namespace {

constexpr std::size_t kTraceIdBytes = 16;
constexpr std::size_t kSpanIdBytes = 8;
constexpr std::size_t kSize = 55;  // "00-" + 32 + "-" + 16 + "-" + 2
constexpr std::size_t kMaxMembers = 32;
constexpr std::size_t kMaxStateBytes = 512;
constexpr std::size_t kLongMember = 128;

bool is_lower(char each) {
  return each >= 'a' && each <= 'z';
}
bool is_digit(char each) {
  return each >= '0' && each <= '9';
}
// HEXDIGLC = DIGIT / "a" / "b" / "c" / "d" / "e" / "f" ; lowercase hex character
bool is_hex(std::string_view text) {
  return std::ranges::all_of(
      text, [](char each) { return is_digit(each) || (each >= 'a' && each <= 'f'); });
}
// "All bytes as zero (00000000000000000000000000000000) is considered an invalid value."
bool is_id(std::string_view text) {
  return is_hex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool are_key_characters(std::string_view text) {
  return std::ranges::all_of(text, [](char each) {
    return is_lower(each) || is_digit(each) || each == '_' || each == '-' || each == '*' ||
           each == '/';
  });
}

// simple-key = lcalpha 0*255( lcalpha / DIGIT / "_" / "-"/ "*" / "/" )
// multi-tenant-key = tenant-id "@" system-id
// tenant-id = ( lcalpha / DIGIT ) 0*240( lcalpha / DIGIT / "_" / "-"/ "*" / "/" )
// system-id = lcalpha 0*13( lcalpha / DIGIT / "_" / "-"/ "*" / "/" )
bool is_key(std::string_view key) {
  const std::size_t at = key.find('@');
  if (at == std::string_view::npos) {
    return !key.empty() && key.size() <= 256 && is_lower(key.front()) && are_key_characters(key);
  }
  const std::string_view tenant = key.substr(0, at);
  const std::string_view system = key.substr(at + 1);
  return !tenant.empty() && tenant.size() <= 241 && are_key_characters(tenant) &&
         (is_lower(tenant.front()) || is_digit(tenant.front())) && !system.empty() &&
         system.size() <= 14 && is_lower(system.front()) && are_key_characters(system);
}

// value = 0*255(chr) nblk-chr
// nblk-chr = %x21-2B / %x2D-3C / %x3E-7E
// chr = %x20 / nblk-chr
bool is_value(std::string_view value) {
  return !value.empty() && value.size() <= 256 && value.back() != ' ' &&
         std::ranges::all_of(value, [](char each) {
           return each >= 0x20 && each <= 0x7E && each != ',' && each != '=';
         });
}

std::string_view key_of(std::string_view member) {
  return member.substr(0, member.find('='));
}

bool is_member(std::string_view member) {
  const std::size_t equals = member.find('=');
  return equals != std::string_view::npos && is_key(member.substr(0, equals)) &&
         is_value(member.substr(equals + 1));
}

std::size_t joined_size(const std::vector<std::string_view>& members) {
  std::size_t size = members.empty() ? 0 : members.size() - 1;
  for (const std::string_view member : members) size += member.size();
  return size;
}

// "Entries larger than 128 characters long SHOULD be removed first. Then entries SHOULD be removed
// starting from the end of tracestate."
void shorten(std::vector<std::string_view>& members) {
  for (std::size_t i = members.size(); i-- > 0 && joined_size(members) > kMaxStateBytes;) {
    if (members[i].size() > kLongMember) members.erase(members.begin() + i);
  }
  while (joined_size(members) > kMaxStateBytes) members.pop_back();
}

/// The one value of a field; nothing if it is absent or comes several times.
std::optional<std::string_view> only_value(const http::Request& request, std::string_view name) {
  std::optional<std::string_view> found;
  for (const http::FieldView& field : request.fields()) {
    if (field.name != name) continue;
    if (found) return std::nullopt;
    found = field.value;
  }
  return found;
}

std::string joined_values(const http::Request& request, std::string_view name) {
  std::string joined;
  for (const http::FieldView& field : request.fields()) {
    if (field.name != name) continue;
    if (!joined.empty()) joined += ',';
    joined += field.value;
  }
  return joined;
}

}  // namespace

std::optional<TraceParent> parse_traceparent(std::string_view field) {
  if (field.size() < kSize || field[2] != '-' || field[35] != '-' || field[52] != '-') {
    return std::nullopt;
  }
  const std::string_view version = field.substr(0, 2);
  const std::string_view flags = field.substr(53, 2);
  TraceParent parent{field.substr(3, 32), field.substr(36, 16)};
  // "Version ff is invalid."
  if (!is_hex(version) || version == "ff" || !is_id(parent.trace_id) || !is_id(parent.span_id) ||
      !is_hex(flags)) {
    return std::nullopt;
  }
  // A later version may go on, after a dash.
  if (field.size() > kSize && (version == "00" || field[kSize] != '-')) return std::nullopt;
  const char last = flags.back();
  parent.is_sampled = ((is_digit(last) ? last - '0' : last - 'a' + 10) & 1) != 0;
  return parent;
}

std::string clean_tracestate(std::string_view field) {
  std::vector<std::string_view> members;
  while (!field.empty()) {
    const std::size_t comma = std::min(field.find(','), field.size());
    const std::string_view member = trim(field.substr(0, comma));
    field.remove_prefix(std::min(comma + 1, field.size()));
    if (member.empty()) continue;
    const bool is_double = std::ranges::find(members, key_of(member), key_of) != members.end();
    if (!is_member(member) || is_double || members.size() == kMaxMembers) return {};
    members.push_back(member);
  }
  shorten(members);
  std::string joined;
  for (const std::string_view member : members) {
    if (!joined.empty()) joined += ',';
    joined += member;
  }
  return joined;
}

// "00" is the version spoken here; flags that it does not know are sent as zero.
std::string TraceContext::traceparent() const {
  return "00-" + trace_id + "-" + span_id + (is_sampled ? "-01" : "-00");
}

TraceContext continue_trace(const http::Request& request) {
  TraceContext context;
  context.span_id = base::hex_encode(random_bytes(kSpanIdBytes));
  const auto field = only_value(request, "traceparent");
  const auto parent = field ? parse_traceparent(*field) : std::nullopt;
  // "If parsing fails, the vendor creates a new traceparent and deletes the tracestate."
  if (!parent) {
    context.trace_id = base::hex_encode(random_bytes(kTraceIdBytes));
    return context;
  }
  context.trace_id = parent->trace_id;
  context.parent_id = parent->span_id;
  context.is_sampled = parent->is_sampled;
  context.state = clean_tracestate(joined_values(request, "tracestate"));
  return context;
}

}  // namespace hornbeam::web
