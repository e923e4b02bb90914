#include "hornbeam/templates/internal/lexer.h"

#include <algorithm>
#include <array>
#include <optional>

#include "hornbeam/base/encoding.h"
#include "hornbeam/templates/internal/text.h"
#include "hornbeam/templates/value.h"

namespace hornbeam::templates::internal {

namespace {

using Kind = Token::Kind;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex_digit(char c) {
  return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}
bool begins_name(char c) {
  return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

class Lexer {
 public:
  Lexer(std::string_view source, std::string_view name, const SyntaxOptions& options)
      : options_(options), name_(name) {
    source_.reserve(source.size());
    for (std::size_t at = 0; at < source.size(); ++at) {  // All line ends become '\n'.
      if (source[at] == '\r') {
        if (at + 1 == source.size() || source[at + 1] != '\n') source_ += '\n';
      } else {
        source_ += source[at];
      }
    }
    if (!options.keep_trailing_newline && source_.ends_with('\n')) source_.pop_back();
  }

  std::vector<Token> run() {
    // Ends: every round consumes a tag, or the rest.
    while (at_ < source_.size()) {
      const auto tag = next_tag();
      if (!tag) {
        add_data(std::string_view(source_).substr(at_));
        at_ = source_.size();
        break;
      }
      take(*tag);
    }
    add(Kind::kEnd, "");
    return std::move(tokens_);
  }

 private:
  enum class Opening : std::uint8_t { kBlock, kVariable, kComment, kLineStatement, kLineComment };
  struct Tag {
    Opening opening;
    std::size_t begin;  // Where data ends.
    std::size_t after;  // Behind the delimiter and its sign.
    char sign;          // '-', '+' or 0.
  };

  bool starts(std::size_t at, std::string_view text) const {
    return source_.compare(at, text.size(), text) == 0;
  }
  std::string_view rest() const { return std::string_view(source_).substr(at_); }

  [[noreturn]] void refuse(const std::string& message, int line = 0) const {
    TemplateError error(TemplateError::Kind::kSyntax, message);
    error.locate(name_, line != 0 ? line : line_, source_);
    throw error;
  }

  void add(Kind kind, std::string_view text) {
    tokens_.push_back({kind, std::string(text), line_});
  }

  void add_data(std::string_view text) {
    if (!text.empty()) add(Kind::kData, text);
    line_ += static_cast<int>(std::ranges::count(text, '\n'));
  }

  void advance(std::size_t to) {
    line_ += static_cast<int>(std::count(source_.begin() + static_cast<std::ptrdiff_t>(at_),
                                         source_.begin() + static_cast<std::ptrdiff_t>(to), '\n'));
    at_ = to;
  }

  bool is_line_start(std::size_t at) const { return at == 0 || source_[at - 1] == '\n'; }

  /// The delimiter at `at`, the longest of those that match.
  std::optional<Tag> tag_at(std::size_t at) const {
    std::optional<Tag> best;
    std::size_t best_size = 0;
    const auto offer = [&](Opening opening, const std::string& delimiter) {
      if (delimiter.empty() || delimiter.size() <= best_size || !starts(at, delimiter)) return;
      best_size = delimiter.size();
      std::size_t after = at + delimiter.size();
      char sign = 0;
      if (opening <= Opening::kComment && after < source_.size() &&
          (source_[after] == '-' || source_[after] == '+')) {
        sign = source_[after++];
      }
      best = Tag{opening, at, after, sign};
    };
    offer(Opening::kBlock, options_.block_begin);
    offer(Opening::kVariable, options_.variable_begin);
    offer(Opening::kComment, options_.comment_begin);
    return best;
  }

  std::optional<Tag> line_tag_at(std::size_t at) const {
    std::size_t text = at;
    while (text < source_.size() && source_[text] != '\n' && is_space(source_[text])) ++text;
    const std::string& comment = options_.line_comment_prefix;
    const std::string& statement = options_.line_statement_prefix;
    const bool may_comment = is_line_start(at) || !is_space(source_[at - 1]);
    const bool is_comment = !comment.empty() && may_comment && starts(text, comment);
    const bool is_statement = !statement.empty() && is_line_start(at) && starts(text, statement);
    if (is_comment && (!is_statement || comment.size() >= statement.size())) {
      return Tag{Opening::kLineComment, at, text + comment.size(), 0};
    }
    if (is_statement) return Tag{Opening::kLineStatement, at, text + statement.size(), 0};
    return std::nullopt;
  }

  std::optional<Tag> next_tag() const {
    const bool has_line_tags =
        !options_.line_statement_prefix.empty() || !options_.line_comment_prefix.empty();
    for (std::size_t at = at_; at < source_.size(); ++at) {
      if (has_line_tags) {
        if (auto tag = line_tag_at(at)) return tag;
      }
      if (auto tag = tag_at(at)) return tag;
    }
    return std::nullopt;
  }

  /// The data before a tag, without what the tag's sign or lstrip_blocks takes away.
  std::string_view stripped_data(std::size_t end, char sign, bool is_variable) const {
    std::string_view data = std::string_view(source_).substr(at_, end - at_);
    if (sign == '-') {
      while (!data.empty() && is_space(data.back())) data.remove_suffix(1);
    } else if (sign != '+' && options_.lstrip_blocks && !is_variable) {
      const std::size_t line_end = data.rfind('\n');
      const std::size_t from = line_end == std::string_view::npos ? 0 : line_end + 1;
      if ((from > 0 || is_line_start(at_)) && stripped(data.substr(from)).empty()) {
        data = data.substr(0, from);
      }
    }
    return data;
  }

  void take(const Tag& tag) {
    const std::string_view data =
        stripped_data(tag.begin, tag.sign,
                      tag.opening == Opening::kVariable || tag.opening >= Opening::kLineStatement);
    const int line = line_;
    if (!data.empty()) tokens_.push_back({Kind::kData, std::string(data), line});
    advance(tag.begin);
    switch (tag.opening) {
      case Opening::kComment:
        return take_comment(tag);
      case Opening::kLineComment: {
        const std::size_t end = source_.find('\n', tag.after);
        return advance(end == std::string::npos ? source_.size() : end);
      }
      case Opening::kBlock:
        if (take_raw(tag)) return;
        add(Kind::kBlockBegin, "");
        break;
      case Opening::kLineStatement:
        add(Kind::kBlockBegin, "");
        break;
      case Opening::kVariable:
        add(Kind::kVariableBegin, "");
        break;
    }
    const int begun = line_;
    advance(tag.after);
    take_code(tag.opening, begun);
  }

  /// Takes the end of a tag if it stands at `at`: its delimiter with sign, and the white space that
  /// goes with it.
  std::optional<std::size_t> end_at(std::size_t at, const std::string& delimiter,
                                    bool is_variable) const {
    const char sign = at < source_.size() ? source_[at] : 0;
    if (sign == '-' && starts(at + 1, delimiter)) {
      at += 1 + delimiter.size();
      while (at < source_.size() && is_space(source_[at])) ++at;
      return at;
    }
    if (sign == '+' && !is_variable && starts(at + 1, delimiter)) return at + 1 + delimiter.size();
    if (at >= source_.size() || !starts(at, delimiter)) return std::nullopt;
    at += delimiter.size();
    if (!is_variable && options_.trim_blocks && at < source_.size() && source_[at] == '\n') ++at;
    return at;
  }

  void take_comment(const Tag& tag) {
    for (std::size_t at = tag.after; at < source_.size(); ++at) {
      if (const auto end = end_at(at, options_.comment_end, false)) return advance(*end);
    }
    refuse("Missing end of comment tag");
  }

  std::size_t past_spaces(std::size_t at) const {
    while (at < source_.size() && is_space(source_[at])) ++at;
    return at;
  }

  bool take_raw(const Tag& tag) {
    std::size_t at = past_spaces(tag.after);
    if (!starts(at, "raw")) return false;
    at = past_spaces(at + 3);
    bool strips = false;
    if (at < source_.size() && source_[at] == '-') {
      strips = true;
      ++at;
    }
    if (!starts(at, options_.block_end)) return false;
    at += options_.block_end.size();
    if (strips) at = past_spaces(at);
    const int begun = line_;
    advance(at);
    for (std::size_t end = at_;
         (end = source_.find(options_.block_begin, end)) != std::string::npos; ++end) {
      std::size_t inner = end + options_.block_begin.size();
      char sign = 0;
      if (inner < source_.size() && (source_[inner] == '-' || source_[inner] == '+')) {
        sign = source_[inner++];
      }
      inner = past_spaces(inner);
      if (!starts(inner, "endraw")) continue;
      const auto after = end_at(past_spaces(inner + 6), options_.block_end, false);
      if (!after) continue;
      const std::string_view data = stripped_data(end, sign, false);
      if (!data.empty()) tokens_.push_back({Kind::kData, std::string(data), line_});
      advance(*after);
      return true;
    }
    refuse("Missing end of raw directive", begun);
  }

  /// The tokens of a tag, up to its end.
  void take_code(Opening opening, int begun) {
    std::string open_brackets;
    while (true) {  // Ends: every round consumes, or returns, or throws.
      if (open_brackets.empty() && take_end(opening)) return;
      if (at_ >= source_.size()) {
        refuse(open_brackets.empty()
                   ? std::string("unexpected end of template: a tag was not closed")
                   : "unexpected end of template: '" + open_brackets.substr(0, 1) +
                         "' was never closed",
               begun);
      }
      if (is_space(source_[at_])) {
        advance(at_ + 1);
      } else {
        take_token(open_brackets);
      }
    }
  }

  bool take_end(Opening opening) {
    if (opening == Opening::kLineStatement) {
      // Blank lines that follow go too, the next line's indentation does not.
      const std::size_t text = past_spaces(at_);
      std::size_t end = text;
      if (text < source_.size()) {
        const std::size_t line_end = std::string_view(source_).substr(at_, text - at_).rfind('\n');
        if (line_end == std::string_view::npos) return false;
        end = at_ + line_end + 1;
      }
      add(Kind::kBlockEnd, "");
      advance(end);
      return true;
    }
    const bool is_variable = opening == Opening::kVariable;
    const auto end =
        end_at(at_, is_variable ? options_.variable_end : options_.block_end, is_variable);
    if (!end) return false;
    add(is_variable ? Kind::kVariableEnd : Kind::kBlockEnd, "");
    advance(*end);
    return true;
  }

  void take_token(std::string& open_brackets) {
    const char first = source_[at_];
    if (begins_name(first)) return take_name();
    if (is_digit(first)) return take_number();
    if (first == '\'' || first == '"') return take_text();
    constexpr std::array<std::string_view, 7> kDouble = {"**", "//", "==", "!=", ">=", "<=", ""};
    for (const std::string_view sign : kDouble) {
      if (!sign.empty() && rest().starts_with(sign)) {
        add(Kind::kOperator, sign);
        return advance(at_ + 2);
      }
    }
    if (std::string_view("+-/*%~[](){}><=.:|,;").find(first) == std::string_view::npos) {
      refuse("unexpected char " + quoted(std::string_view(&first, 1)));
    }
    take_bracket(first, open_brackets);
    add(Kind::kOperator, std::string_view(&first, 1));
    advance(at_ + 1);
  }

  void take_bracket(char sign, std::string& open_brackets) const {
    constexpr std::string_view kOpening = "([{";
    constexpr std::string_view kClosing = ")]}";
    if (kOpening.find(sign) != std::string_view::npos) {
      open_brackets += kClosing[kOpening.find(sign)];
    } else if (kClosing.find(sign) != std::string_view::npos) {
      if (open_brackets.empty()) refuse("unexpected '" + std::string(1, sign) + "'");
      if (open_brackets.back() != sign) {
        refuse("unexpected '" + std::string(1, sign) + "', expected '" +
               std::string(1, open_brackets.back()) + "'");
      }
      open_brackets.pop_back();
    }
  }

  void take_name() {
    std::size_t end = at_;
    while (end < source_.size() && (begins_name(source_[end]) || is_digit(source_[end]))) ++end;
    add(Kind::kName, std::string_view(source_).substr(at_, end - at_));
    advance(end);
  }

  std::size_t past_digits(std::size_t at, std::string& digits) const {
    while (at < source_.size() &&
           (is_digit(source_[at]) || (source_[at] == '_' && at + 1 < source_.size() &&
                                      is_digit(source_[at + 1]) && !digits.empty()))) {
      if (source_[at] != '_') digits += source_[at];
      ++at;
    }
    return at;
  }

  void take_number() {
    const auto next = [&](std::size_t at) { return at < source_.size() ? source_[at] : '\0'; };
    const char radix = static_cast<char>(next(at_ + 1) | 0x20);
    if (source_[at_] == '0' && (radix == 'x' || radix == 'o' || radix == 'b')) {
      std::size_t end = at_ + 2;
      std::string digits;
      while (end < source_.size() &&
             (is_digit(source_[end]) || (radix == 'x' && is_hex_digit(source_[end])) ||
              source_[end] == '_')) {
        if (source_[end] != '_') digits += source_[end];
        ++end;
      }
      if (digits.empty()) refuse("a number has no digits");
      const int base = radix == 'x' ? 16 : radix == 'o' ? 8 : 2;
      try {
        add(Kind::kInteger, std::to_string(std::stoll(digits, nullptr, base)));
      } catch (const std::exception&) {
        refuse("a number is malformed or past 64 bits");
      }
      return advance(end);
    }
    std::string digits;
    std::size_t end = past_digits(at_, digits);
    bool is_float = false;
    const bool follows_dot =
        !tokens_.empty() && tokens_.back().kind == Kind::kOperator && tokens_.back().text == ".";
    if (!follows_dot && next(end) == '.' && is_digit(next(end + 1))) {
      is_float = true;
      digits += '.';
      std::string fraction;
      end = past_digits(end + 1, fraction);
      digits += fraction;
    }
    if (!follows_dot && (next(end) | 0x20) == 'e') {
      const bool has_sign = next(end + 1) == '+' || next(end + 1) == '-';
      if (is_digit(next(end + (has_sign ? 2 : 1)))) {
        is_float = true;
        digits += 'e';
        if (has_sign) digits += next(end + 1);
        std::string exponent;
        end = past_digits(end + (has_sign ? 2 : 1), exponent);
        digits += exponent;
      }
    }
    add(is_float ? Kind::kFloat : Kind::kInteger, digits);
    advance(end);
  }

  void take_text() {
    const char quote = source_[at_];
    std::string text;
    std::size_t at = at_ + 1;
    for (; at < source_.size() && source_[at] != quote; ++at) {
      if (source_[at] != '\\') {
        text += source_[at];
      } else if (++at < source_.size()) {
        at = take_escape(at, text);
      }
    }
    if (at >= source_.size()) refuse("a text is not closed with " + std::string(1, quote));
    add(Kind::kText, text);
    advance(at + 1);
  }

  /// One escape whose letter is at `at`; gives its last place.
  std::size_t take_escape(std::size_t at, std::string& text) const {
    constexpr std::string_view kLetters = "abfnrtv\\'\"";
    constexpr std::string_view kMeanings = "\a\b\f\n\r\t\v\\'\"";
    const char letter = source_[at];
    if (letter == '\n') return at;
    if (const std::size_t found = kLetters.find(letter); found != std::string_view::npos) {
      text += kMeanings[found];
      return at;
    }
    const std::size_t width = letter == 'x' ? 2 : letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
    if (width == 0) {
      text += '\\';
      text += letter;
      return at;
    }
    char32_t point = 0;
    for (std::size_t digit = 1; digit <= width; ++digit) {
      const char each = at + digit < source_.size() ? source_[at + digit] : '\0';
      if (!is_hex_digit(each)) refuse("an escape is cut off");
      point = point * 16 +
              static_cast<char32_t>(is_digit(each) ? each - '0' : (each | 0x20) - 'a' + 10);
    }
    if (point > 0x10FFFF || (point >= 0xD800 && point < 0xE000))
      refuse("an escape is no character");
    base::append_utf8(text, point);
    return at + width;
  }

  const SyntaxOptions& options_;
  std::string name_;
  std::string source_;
  std::size_t at_ = 0;
  int line_ = 1;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> tokens_of(std::string_view source, std::string_view name,
                             const SyntaxOptions& options) {
  return Lexer(source, name, options).run();
}

}  // namespace hornbeam::templates::internal
