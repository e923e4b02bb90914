#include "hornbeam/templates/internal/output.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <utility>

#include "hornbeam/templates/internal/text.h"

namespace hornbeam::templates::internal {

namespace {

/// What stands for a byte in HTML, in eight bytes so that one store writes it; no size: itself.
struct Entity {
  std::array<char, 7> text;
  std::uint8_t size;
};

constexpr auto kEntities = [] {
  std::array<Entity, 256> table{};
  const auto set = [&](char character, std::string_view text) {
    Entity& entity = table[static_cast<unsigned char>(character)];
    std::ranges::copy(text, entity.text.begin());
    entity.size = static_cast<std::uint8_t>(text.size());
  };
  set('&', "&amp;");
  set('<', "&lt;");
  set('>', "&gt;");
  set('"', "&#34;");
  set('\'', "&#39;");
  return table;
}();

constexpr std::uint64_t all_bytes(unsigned char byte) {
  return 0x0101010101010101U * byte;
}

/// Sets the highest bit of bytes that are 0; exact up to the first of them.
constexpr std::uint64_t zero_bytes(std::uint64_t eight) {
  return (eight - all_bytes(0x01)) & ~eight & all_bytes(0x80);
}

/// Sets the highest bit of bytes that need an entity; exact up to the first of them.
constexpr std::uint64_t need_entities(std::uint64_t eight) {
  return zero_bytes((eight | all_bytes(0x02)) ^ all_bytes('>')) |   // < and >
         zero_bytes((eight | all_bytes(0x01)) ^ all_bytes('\'')) |  // & and '
         zero_bytes(eight ^ all_bytes('"'));
}

/// How many of the eight bytes come before the first that is marked.
std::size_t first_marked(std::uint64_t marks) {
  return static_cast<std::size_t>(std::endian::native == std::endian::little
                                      ? std::countr_zero(marks)
                                      : std::countl_zero(marks)) /
         8;
}

}  // namespace

char* write_escaped(char* to, std::string_view text) noexcept {
  const char* from = text.data();
  const char* const end = from + text.size();
  const auto write_entity = [&](const Entity& entity) {
    std::memcpy(to, &entity, sizeof(entity));
    to += entity.size;
  };
  while (end - from >= 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, from, 8);
    std::memcpy(to, &eight, 8);
    std::uint64_t marks = need_entities(eight);
    if constexpr (std::endian::native != std::endian::little) {
      if (marks != 0) marks = std::uint64_t{1} << 63U;  // Bytes go up the other way: one by one.
    }
    if (marks == 0) {
      from += 8;
      to += 8;
      continue;
    }
    const std::size_t plain = first_marked(marks);
    from += plain;
    to += plain;
    const Entity& entity = kEntities[static_cast<unsigned char>(*from++)];
    if (entity.size != 0) {
      write_entity(entity);
    } else {
      ++to;  // Its byte stands there already.
    }
  }
  for (; from != end; ++from) {
    const Entity& entity = kEntities[static_cast<unsigned char>(*from)];
    if (entity.size == 0) {
      *to++ = *from;
    } else {
      write_entity(entity);
    }
  }
  return to;
}

void Output::append_integer(std::int64_t number) {
  constexpr std::ptrdiff_t kLongest = 24;
  if (end_ - at_ >= kLongest) {
    at_ = std::to_chars(at_, end_, number).ptr;
    return;
  }
  std::array<char, kLongest> digits;
  const char* end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  append_slowly({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

void Output::append_float(double number) {
  if (static_cast<std::size_t>(end_ - at_) >= kLongestFloat) {
    at_ = write_float(at_, number);
    return;
  }
  std::array<char, kLongestFloat> digits;
  const char* end = write_float(digits.data(), number);
  append_slowly({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

void Output::append_number(const Value& value) {
  if (value.is(Value::Kind::kInteger)) {
    append_integer(value.integer());
  } else if (value.is(Value::Kind::kFloat)) {
    append_float(value.number());
  } else {
    append(value.integer() != 0 ? "True" : "False");
  }
}

std::string Output::take() {
  text_.resize(size());
  std::string taken = std::move(text_);
  text_.clear();
  at_ = end_ = text_.data();
  return taken;
}

void Output::append_slowly(std::string_view text) {
  if (text.size() > most_ - handed_on_ - std::min(most_ - handed_on_, size())) {
    fail("the template makes more than " + std::to_string(most_) + " bytes");
  }
  if (sink_ == nullptr) {
    make_room(std::min(most_, std::max({2 * text_.size(), size() + text.size(), kPiece / 64})));
    append(text);
    return;
  }
  while (!text.empty()) {
    const std::size_t fits = std::min(text.size(), static_cast<std::size_t>(end_ - at_));
    append(text.substr(0, fits));
    text.remove_prefix(fits);
    if (at_ == end_) hand_on();
  }
}

void Output::escape_slowly(std::string_view text) {
  constexpr std::size_t kAtOnce = 128;
  std::array<char, (kAtOnce + 1) * kEscapedRoom> escaped;
  for (; !text.empty(); text.remove_prefix(std::min(text.size(), kAtOnce))) {
    const char* end = write_escaped(escaped.data(), text.substr(0, kAtOnce));
    append({escaped.data(), static_cast<std::size_t>(end - escaped.data())});
  }
}

void Output::make_room(std::size_t capacity) {
  const std::size_t printed = size();
  text_.resize_and_overwrite(capacity, [](char*, std::size_t room) { return room; });
  at_ = text_.data() + printed;
  end_ = text_.data() + text_.size();
}

void Output::hand_on() {
  const std::size_t printed = size();
  (*sink_)(std::string_view(text_.data(), printed));
  handed_on_ += printed;
  at_ = text_.data();
  const std::size_t left = most_ - handed_on_;
  end_ = at_ + std::min(text_.size(), left);
}

}  // namespace hornbeam::templates::internal
