#include "hornbeam/base/rules.h"

#include <array>
#include <charconv>
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

std::string number_text(double number) {
  std::array<char, 32> digits{};
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  return {digits.data(), written.ptr};
}

}  // namespace hornbeam::base
