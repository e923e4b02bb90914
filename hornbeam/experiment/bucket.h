#pragma once

// Bucket: the number from 0 to 9,999 that a salt gives a unit, the same on every machine, forever.
//
// It is GrowthBook's hash of version 2: FNV-1a of 32 bits over the UTF-16 code units of salt and
// unit, written in decimal, hashed again, modulo 10,000. So lanes give the same arms here as in
// every GrowthBook client that is handed their export.
//
// One unit is hashed with many salts at once by one observation. A step of FNV-1a is
// `state = (state ^ unit) * prime`, and what the exclusive-or does to a state depends on its low
// byte alone as long as the code units are bytes. Two states with the same low byte therefore go
// through the same changes, and their difference is only multiplied:
//
//   hash(salt, unit) = hash(base, unit) + (state(salt) - state(base)) * prime^length
//
// So all salts that Hornbeam makes have the same low byte (`Salt::make`), a unit's text is read
// once, and each further salt costs a multiplication. Other salts work too, at the cost of another
// reading. That the buckets of such salts are independent is tested for all pairs.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

/// A/B tests in swim lanes.
namespace hornbeam::experiment {

namespace internal {
class SaltSet;
}

/// How many buckets there are. Shares are whole numbers of them, so hundredths of a percent.
inline constexpr int kBuckets = 10'000;

namespace bucket_detail {

inline constexpr std::uint32_t kStart = 0x811C9DC5;
inline constexpr std::uint32_t kPrime = 0x01000193;
// The state that units are hashed from: any with the low byte that salts share.
inline constexpr std::uint32_t kBase = kStart;

constexpr bool has_shared_low_byte(std::uint32_t state) {
  return ((state - kBase) & 0xFFU) == 0;
}

constexpr std::uint32_t step(std::uint32_t state, std::uint32_t unit) {
  return (state ^ unit) * kPrime;
}

/// The character that begins at `at`, which is moved past it; U+FFFD for bytes that are no UTF-8.
constexpr char32_t take_character(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(at++);
  if (lead < 0x80) return lead;
  const std::size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC2 ? 1 : 0;
  constexpr std::array<char32_t, 4> kLowest{0, 0x80, 0x800, 0x10000};
  if (more == 0 || lead > 0xF4 || at + more > text.size()) return 0xFFFD;
  char32_t character = lead & (0x3FU >> more);
  for (std::size_t i = 0; i < more; ++i) {
    if ((byte(at + i) & 0xC0U) != 0x80) return 0xFFFD;
    character = (character << 6U) | (byte(at + i) & 0x3FU);
  }
  if (character < kLowest[more] || character > 0x10FFFF) return 0xFFFD;
  at += more;
  return character;
}

}  // namespace bucket_detail

/// FNV-1a over the UTF-16 code units of UTF-8 text, going on from `state`.
constexpr std::uint32_t fnv1a(std::string_view text, std::uint32_t state = bucket_detail::kStart) {
  using bucket_detail::step;
  // Ends: each turn passes at least one byte.
  for (std::size_t at = 0; at < text.size();) {
    const char32_t character = bucket_detail::take_character(text, at);
    if (character < 0x10000) {
      state = step(state, character);
    } else {
      state = step(state, 0xD800 + ((character - 0x10000) >> 10U));
      state = step(state, 0xDC00 + ((character - 0x10000) & 0x3FFU));
    }
  }
  return state;
}

/// The second half of the hash: the bucket that belongs to what the first half gave.
constexpr int bucket_of_hash(std::uint32_t inner) {
  std::array<char, 10> digits{};
  std::size_t first = digits.size();
  do {
    digits[--first] = static_cast<char>('0' + inner % 10);
    inner /= 10;
  } while (inner != 0);
  std::uint32_t outer = bucket_detail::kStart;
  for (; first < digits.size(); ++first) {
    outer = bucket_detail::step(outer, static_cast<unsigned char>(digits[first]));
  }
  return static_cast<int>(outer % kBuckets);
}

/// The same, by a table of the first digits: what is used while running.
int quick_bucket_of_hash(std::uint32_t inner) noexcept;

/// The bucket of `unit`, from 0 to 9,999. Pure: the same everywhere, forever.
constexpr int bucket(std::string_view salt, std::string_view unit) {
  return bucket_of_hash(fnv1a(unit, fnv1a(salt)));
}

/// A salt, hashed as far as it can be before a unit is known.
class Salt {
 public:
  Salt() = default;
  /// Any text.
  explicit Salt(std::string text) : text_(std::move(text)), state_(fnv1a(text_)) {}
  /// A text that nobody else makes, from `name`, random bits, and what gives it the low byte that
  /// all salts share.
  static Salt make(std::string_view name);

  /// The text, as it is stored and exported.
  const std::string& text() const noexcept { return text_; }
  /// FNV-1a of the text.
  std::uint32_t state() const noexcept { return state_; }

 private:
  std::string text_;
  std::uint32_t state_ = bucket_detail::kStart;
};

/// A unit that is asked for its buckets many times. Lifetime: the text outlives it.
class HashedUnit {
 public:
  /// Reads the unit once: about a nanosecond for each byte, which is most of what a long id costs.
  explicit HashedUnit(std::string_view unit) noexcept;

  /// The unit.
  std::string_view text() const noexcept { return unit_; }
  /// The bucket that `salt` gives it.
  int bucket(const Salt& salt) const noexcept { return bucket(salt.state()); }
  /// The same by the FNV-1a of the salt's text.
  int bucket(std::uint32_t salt_state) const noexcept;

 private:
  friend class internal::SaltSet;
  std::string_view unit_;
  std::uint32_t hash_ = 0;   // of the unit, from kBase
  std::uint32_t power_ = 1;  // kPrime to the number of code units
  bool is_bytes_ = true;     // whether all code units are bytes
};

/// A unit that stays, as a user does in a session or at a socket: its id is read once, and each
/// request pays for the salts alone. Thread: immutable.
class KeptUnit {
 public:
  /// Reads `id`.
  explicit KeptUnit(std::string id)
      : id_(std::make_unique<const std::string>(std::move(id))), unit_(*id_) {}

  /// The id.
  const std::string& text() const noexcept { return *id_; }
  /// To be asked for buckets. Lifetime: as long as this.
  const HashedUnit& hashed() const noexcept { return unit_; }

 private:
  std::unique_ptr<const std::string> id_;  // so that it stays where it is when this is moved
  HashedUnit unit_;
};

/// A unit's id as it is handed over: a text, or what was read before. Empty: there is none.
/// Lifetime: the text, or the unit that is kept, outlives it.
class UnitId {
 public:
  UnitId() = default;
  // NOLINTBEGIN(google-explicit-constructor): whoever has an id, in whatever form, has this
  /// A text, read when buckets are asked for.
  UnitId(std::string_view text) noexcept : text_(text) {}
  /// The same.
  UnitId(const std::string& text) noexcept : text_(text) {}
  /// The same.
  UnitId(const char* text) noexcept : text_(text) {}
  /// What was read before.
  UnitId(const KeptUnit& kept) noexcept : text_(kept.hashed().text()), read_(&kept.hashed()) {}
  /// The id.
  operator std::string_view() const noexcept { return text_; }
  // NOLINTEND(google-explicit-constructor)

  /// The id.
  std::string_view text() const noexcept { return text_; }
  /// Whether there is none.
  bool empty() const noexcept { return text_.empty(); }
  /// What was read before; null if nothing was.
  const HashedUnit* read() const noexcept { return read_; }

 private:
  std::string_view text_;
  const HashedUnit* read_ = nullptr;
};

}  // namespace hornbeam::experiment
