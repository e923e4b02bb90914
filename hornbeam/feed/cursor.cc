#include "hornbeam/feed/cursor.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hornbeam::feed {

namespace {

/// Takes what comes before `separator` off the front; all of it if there is none.
std::string_view take(std::string_view& text, char separator) {
  const std::size_t at = text.find(separator);
  const std::string_view part = text.substr(0, at);
  text = at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
  return part;
}

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [rest, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || rest != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::optional<Interval> parse_interval(std::string_view text) {
  const auto to = FinishedTransactions::parse(take(text, '>'));
  const auto transaction = number(take(text, '.'));
  const auto seq = number(text);
  if (!to || !transaction || !seq) return std::nullopt;
  return Interval{*to, *transaction, *seq};
}

}  // namespace

std::optional<FinishedTransactions> FinishedTransactions::parse(std::string_view text) {
  const auto xmin = number(take(text, ':'));
  const auto xmax = number(take(text, ':'));
  if (!xmin || !xmax || *xmin > *xmax) return std::nullopt;
  FinishedTransactions parsed{*xmin, *xmax, {}};
  while (!text.empty()) {
    const auto each = number(take(text, ','));
    if (!each || *each < *xmin || *each >= *xmax) return std::nullopt;
    parsed.in_progress.push_back(*each);
  }
  if (!std::is_sorted(parsed.in_progress.begin(), parsed.in_progress.end())) return std::nullopt;
  return parsed;
}

std::string FinishedTransactions::text() const {
  return fmt::format("{}:{}:{}", xmin, xmax, fmt::join(in_progress, ","));
}

bool FinishedTransactions::contains(std::int64_t transaction) const {
  if (transaction < xmin) return true;
  return transaction < xmax &&
         !std::binary_search(in_progress.begin(), in_progress.end(), transaction);
}

bool FinishedTransactions::covers(const FinishedTransactions& other) const {
  if (xmax < other.xmax) {
    // From here to the other's end, everything must be in progress there.
    const auto& open = other.in_progress;
    const auto above = std::lower_bound(open.begin(), open.end(), xmax);
    if (open.end() - above != other.xmax - xmax) return false;
  }
  return std::none_of(in_progress.begin(), in_progress.end(),
                      [&](std::int64_t each) { return other.contains(each); });
}

base::Result<Cursor> Cursor::parse(std::string_view text) {
  const auto refuse = [whole = std::string(text)] {
    return base::error("no_cursor", fmt::format("\"{}\" is no cursor of a change log", whole));
  };
  Cursor cursor;
  cursor.log = take(text, ':');
  if (cursor.log.empty() || text.empty()) return refuse();
  if (text.find(':') == std::string_view::npos) {
    const auto seq = number(text);
    if (!seq) return refuse();
    cursor.seq = *seq;
    return cursor;
  }
  const bool is_reading = text.find('>') != std::string_view::npos;
  cursor.seen = FinishedTransactions::parse(take(text, '>'));
  if (is_reading) cursor.reading = parse_interval(text);
  if (!cursor.seen || is_reading != cursor.reading.has_value()) return refuse();
  return cursor;
}

std::string Cursor::text() const {
  if (!seen) return fmt::format("{}:{}", log, seq);
  std::string text = fmt::format("{}:{}", log, seen->text());
  if (reading) {
    text += fmt::format(">{}>{}.{}", reading->to.text(), reading->transaction, reading->seq);
  }
  return text;
}

bool Cursor::covers(const Cursor& other) const {
  if (log != other.log || seen.has_value() != other.seen.has_value()) return false;
  if (!seen) return seq >= other.seq;
  return seen->covers(*other.seen);
}

}  // namespace hornbeam::feed
