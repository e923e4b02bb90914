#include <algorithm>
#include <charconv>
#include <memory>
#include <vector>

#include <fmt/format.h>
#include <re2/re2.h>

#include "hornbeam/search/analysis/unicode.h"
#include "hornbeam/search/query/term_matchers.h"

// Lucene's regular expressions, said in RE2's. Both take a term in linear time; what differs is the
// writing: a pattern means the whole term, '^' and '$' are plain characters, "..." quotes, '@' is
// any text, '#' is no text at all, <1-20> a number between two; '~' and '&' complement and
// intersect. The last two are not regular for RE2, so they are answered by asking several
// expressions, and only outside of parentheses.

namespace hornbeam::search {
namespace {

struct Refusal {
  std::string message;
};

/// Writes one expression as RE2 has it.
class Translator {
 public:
  explicit Translator(std::string_view pattern) : in_(pattern) {}

  std::string translate() {
    while (at_ < in_.size()) step();
    if (!groups_.empty()) throw Refusal{fmt::format("expected ')' at position {}", in_.size())};
    return std::move(out_);
  }

 private:
  void begin_atom() {
    atom_ = out_.size();
    is_repeated_ = false;
  }
  void literal(std::string_view character) {
    begin_atom();
    out_ += re2::RE2::QuoteMeta(re2::StringPiece(character.data(), character.size()));
  }
  std::string_view take_character() {
    const std::size_t bytes = decode_any(in_, at_).bytes;
    const std::string_view character = in_.substr(at_, bytes);
    at_ += bytes;
    return character;
  }

  void step() {
    const char byte = in_[at_];
    switch (byte) {
      case '\\':
        ++at_;
        return escape();
      case '"':
        return quote();
      case '[':
        ++at_;
        return character_class();
      case '.':
        return put(".");
      case '@':
        return put("(?:.*)");
      case '#':
        return put("[^\\x00-\\x{10FFFF}]");
      case '<':
        return interval();
      case '(':
        ++at_;
        groups_.push_back(out_.size());
        out_ += "(?:";
        return;
      case ')':
        return end_group();
      case '|':
        ++at_;
        out_ += '|';
        return;
      case '?':
      case '*':
      case '+':
        ++at_;
        return repeat(std::string(1, byte));
      case '{':
        return count();
      case '~':
      case '&':
        throw Refusal{fmt::format("[{}] inside of an expression is not supported, at position {}",
                                  byte, at_)};
      default:
        return literal(take_character());
    }
  }

  void put(std::string_view text) {
    ++at_;
    begin_atom();
    out_ += text;
  }

  void escape() {
    if (at_ == in_.size()) throw Refusal{"unexpected end-of-string"};
    const char byte = in_[at_];
    if (std::string_view("dDwWsS").contains(byte)) {
      begin_atom();
      out_ += '\\';
      out_ += byte;
      ++at_;
      return;
    }
    literal(take_character());
  }

  void quote() {
    const std::size_t end = in_.find('"', at_ + 1);
    if (end == std::string_view::npos) {
      throw Refusal{fmt::format("expected '\"' at position {}", in_.size())};
    }
    const std::string_view text = in_.substr(at_ + 1, end - at_ - 1);
    begin_atom();
    out_ += "(?:" + re2::RE2::QuoteMeta(re2::StringPiece(text.data(), text.size())) + ")";
    at_ = end + 1;
  }

  void character_class() {
    begin_atom();
    out_ += '[';
    if (at_ < in_.size() && in_[at_] == '^') {
      out_ += '^';
      ++at_;
    }
    bool is_first = true;
    while (at_ < in_.size() && (in_[at_] != ']' || is_first)) {
      is_first = false;
      const char byte = in_[at_];
      if (byte == '\\' && at_ + 1 < in_.size()) {
        ++at_;
        if (std::string_view("dDwWsS").contains(in_[at_])) {
          out_ += '\\';
          out_ += in_[at_++];
          continue;
        }
      } else if (byte == '-') {
        out_ += at_ + 1 < in_.size() && in_[at_ + 1] == ']' ? "\\-" : "-";
        ++at_;
        continue;
      }
      const std::string_view character = take_character();
      out_ += re2::RE2::QuoteMeta(re2::StringPiece(character.data(), character.size()));
    }
    if (at_ == in_.size()) throw Refusal{fmt::format("expected ']' at position {}", at_)};
    ++at_;
    out_ += ']';
  }

  void end_group() {
    if (groups_.empty()) {
      throw Refusal{fmt::format("end-of-string expected at position {}", at_)};
    }
    ++at_;
    out_ += ')';
    atom_ = groups_.back();
    is_repeated_ = false;
    groups_.pop_back();
  }

  // Two repetitions in a row repeat each other here, where RE2 would take the second for laziness.
  void repeat(const std::string& how) {
    if (is_repeated_) {
      out_.insert(atom_, "(?:");
      out_ += ')';
    }
    out_ += how;
    is_repeated_ = true;
  }

  void count() {
    const std::size_t end = in_.find('}', at_);
    const std::string_view numbers =
        end == std::string_view::npos ? std::string_view() : in_.substr(at_ + 1, end - at_ - 1);
    const bool is_count = !numbers.empty() && numbers[0] != ',' &&
                          std::ranges::count(numbers, ',') <= 1 &&
                          numbers.find_first_not_of("0123456789,") == std::string_view::npos;
    if (!is_count) throw Refusal{fmt::format("integer expected at position {}", at_ + 1)};
    repeat(std::string(in_.substr(at_, end - at_ + 1)));
    at_ = end + 1;
  }

  void interval() {
    constexpr std::uint64_t kMostNumbers = 1000;
    const std::size_t end = in_.find('>', at_);
    if (end == std::string_view::npos) {
      throw Refusal{fmt::format("expected '>' at position {}", in_.size())};
    }
    const std::string_view text = in_.substr(at_ + 1, end - at_ - 1);
    const std::size_t dash = text.find('-');
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    const char* const last = text.data() + text.size();
    const bool is_interval =
        dash != std::string_view::npos &&
        std::from_chars(text.data(), text.data() + dash, low).ptr == text.data() + dash &&
        std::from_chars(text.data() + dash + 1, last, high).ptr == last && dash > 0;
    if (!is_interval) throw Refusal{fmt::format("interval syntax error at position {}", at_)};
    if (low > high) std::swap(low, high);
    if (high - low >= kMostNumbers) {
      throw Refusal{
          fmt::format("the interval at position {} has more than {} numbers", at_, kMostNumbers)};
    }
    // Numbers written with as many digits have zeros in front.
    const std::size_t digits = dash * 2 + 1 == text.size() ? dash : 0;
    begin_atom();
    out_ += "(?:";
    for (std::uint64_t number = low; number <= high; ++number) {
      out_ += fmt::format("{}{:0{}}", number == low ? "" : "|", number, digits);
    }
    out_ += ')';
    at_ = end + 1;
  }

  std::string_view in_;
  std::size_t at_ = 0;
  std::string out_;
  std::vector<std::size_t> groups_;  ///< Where each open one begins in `out_`.
  std::size_t atom_ = 0;             ///< Where the last atom does.
  bool is_repeated_ = false;
};

/// Cuts at a character that stands outside of parentheses, brackets, quotes and escapes.
std::vector<std::string_view> split_outside(std::string_view pattern, char separator) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  std::size_t depth = 0;
  bool is_quoted = false;
  bool is_class = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char byte = pattern[i];
    if (byte == '\\') {
      ++i;
    } else if (is_quoted || byte == '"') {
      if (byte == '"') is_quoted = !is_quoted;
    } else if (is_class || byte == '[') {
      is_class = byte != ']';
    } else if (byte == '(') {
      ++depth;
    } else if (byte == ')') {
      depth -= depth > 0 ? 1 : 0;
    } else if (byte == separator && depth == 0) {
      parts.push_back(pattern.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  parts.push_back(pattern.substr(begin));
  return parts;
}

struct Part {
  std::unique_ptr<re2::RE2> expression;
  bool is_complement = false;

  bool matches(std::string_view term) const {
    return re2::RE2::FullMatch(re2::StringPiece(term.data(), term.size()), *expression) !=
           is_complement;
  }
};

Part compile(std::string_view pattern, LetterCase letters) {
  Part part;
  if (pattern.starts_with('~')) {
    part.is_complement = true;
    pattern.remove_prefix(1);
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_dot_nl(true);
  options.set_max_mem(4 << 20);
  options.set_case_sensitive(letters == LetterCase::kMatters);
  part.expression = std::make_unique<re2::RE2>(Translator(pattern).translate(), options);
  if (!part.expression->ok()) throw Refusal{part.expression->error()};
  return part;
}

/// Any of these, of which each needs all of its parts.
using Alternatives = std::vector<std::vector<Part>>;

Alternatives compile_all(std::string_view pattern, LetterCase letters) {
  Alternatives found;
  const bool needs_several =
      pattern.starts_with('~') || split_outside(pattern, '&').size() > 1 ||
      std::ranges::any_of(split_outside(pattern, '|'), [](auto p) { return p.starts_with('~'); });
  if (!needs_several) {
    found.emplace_back().push_back(compile(pattern, letters));
    return found;
  }
  for (const std::string_view alternative : split_outside(pattern, '|')) {
    std::vector<Part>& parts = found.emplace_back();
    for (const std::string_view one : split_outside(alternative, '&')) {
      parts.push_back(compile(one, letters));
    }
  }
  return found;
}

}  // namespace

base::Result<TermMatcher> match_regexp(std::string_view pattern, LetterCase letters) {
  try {
    const auto all = std::make_shared<const Alternatives>(compile_all(pattern, letters));
    TermMatcher matcher;
    const Part& first = all->front().front();
    if (all->size() == 1 && !first.is_complement) {
      // Without a bound both stay empty.
      if (!first.expression->PossibleMatchRange(&matcher.lower, &matcher.upper, 64)) {
        matcher.lower.clear();
        matcher.upper.clear();
      }
    }
    matcher.matches = [all](std::string_view term) {
      return std::ranges::any_of(*all, [term](const std::vector<Part>& parts) {
        return std::ranges::all_of(parts, [term](const Part& part) { return part.matches(term); });
      });
    };
    return matcher;
  } catch (const Refusal& refusal) {
    return base::error("illegal_argument_exception", refusal.message);
  }
}

}  // namespace hornbeam::search
