#include "hornbeam/base/rules.h"

#include <array>
#include <charconv>
#include <chrono>
#include <map>
#include <memory>
#include <shared_mutex>
#include <stdexcept>

#include <re2/re2.h>

namespace hornbeam::base {

namespace {

// Expressions come from descriptions, of which a program has a bounded number; so nothing is
// evicted.
class PatternCache {
 public:
  const re2::RE2& find_or_compile(std::string_view expression) {
    {
      const std::shared_lock lock(mutex_);
      if (auto found = compiled_.find(expression); found != compiled_.end()) return *found->second;
    }
    auto made = std::make_unique<re2::RE2>(re2::StringPiece(expression.data(), expression.size()),
                                           re2::RE2::Quiet);
    if (!made->ok()) {
      throw std::invalid_argument("the pattern '" + std::string(expression) +
                                  "' is no regular expression: " + made->error());
    }
    const std::unique_lock lock(mutex_);
    return *compiled_.emplace(std::string(expression), std::move(made)).first->second;
  }

 private:
  std::shared_mutex mutex_;
  std::map<std::string, std::unique_ptr<re2::RE2>, std::less<>> compiled_;
};

}  // namespace

bool matches_pattern(std::string_view expression, std::string_view text) {
  static PatternCache cache;
  return re2::RE2::FullMatch(re2::StringPiece(text.data(), text.size()),
                             cache.find_or_compile(expression));
}

bool has_format(Format format, std::string_view text) {
  switch (format) {
    case Format::kEmail:
      return text.size() <= 254 &&
             matches_pattern(R"([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@)"
                             R"(([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+)"
                             R"([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)",
                             text);
    case Format::kUrl:
      return matches_pattern(R"((?i:https?)://([A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?)"
                             R"(([/?#][^\s<>"\\^`{|}\x00-\x1f\x7f]*)?)",
                             text);
    case Format::kUuid:
      return matches_pattern("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", text);
    case Format::kDate: {
      if (!matches_pattern("[0-9]{4}-[0-9]{2}-[0-9]{2}", text)) return false;
      const auto number = [text](std::size_t at, std::size_t count) {
        int value = 0;
        std::from_chars(text.data() + at, text.data() + at + count, value);
        return value;
      };
      // There is no year 0 in most calendars, and no database takes it.
      return number(0, 4) > 0 &&
             std::chrono::year_month_day(std::chrono::year(number(0, 4)),
                                         std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                         std::chrono::day(static_cast<unsigned>(number(8, 2))))
                 .ok();
    }
  }
  return false;
}

std::string_view format_message(Format format) {
  switch (format) {
    case Format::kEmail:
      return "expected an email address";
    case Format::kUrl:
      return "expected a URL";
    case Format::kUuid:
      return "expected a UUID";
    case Format::kDate:
      return "value does not match expected format %Y-%m-%d";
  }
  return "not a valid value";
}

std::string number_text(double number) {
  std::array<char, 32> digits{};
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  return {digits.data(), written.ptr};
}

}  // namespace hornbeam::base
