#include "hornbeam/web/internal/metric_text.h"

#include <cmath>

#include <fmt/format.h>

#include "hornbeam/base/encoding.h"

namespace hornbeam::web {

namespace {

std::string_view to_string(MetricKind kind) {
  switch (kind) {
    case MetricKind::kCounter:
      return "counter";
    case MetricKind::kGauge:
      return "gauge";
    case MetricKind::kHistogram:
      break;
  }
  return "histogram";
}

/// Backslash and line feed, and where `has_quotes` the quote, as escapes; what is not UTF-8 as
/// U+FFFD, because both formats are UTF-8.
void append_escaped(std::string& out, std::string_view text, bool has_quotes) {
  const bool is_valid = base::is_valid_utf8(text);
  for (const char each : text) {
    if (each == '\\') {
      out += "\\\\";
    } else if (each == '\n') {
      out += "\\n";
    } else if (each == '"' && has_quotes) {
      out += "\\\"";
    } else if (static_cast<unsigned char>(each) >= 0x80 && !is_valid) {
      out += "\xEF\xBF\xBD";
    } else {
      out += each;
    }
  }
}

}  // namespace

std::string metric_number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  std::string text = fmt::format("{}", value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

void MetricText::begin(const std::string& name, std::string_view help, MetricKind kind) {
  name_ = name;
  std::string_view family = name;
  if (format_ == MetricFormat::kOpenMetrics && kind == MetricKind::kCounter) {
    family.remove_suffix(std::string_view("_total").size());
  }
  text_ += fmt::format("# HELP {} ", family);
  append_escaped(text_, help, format_ == MetricFormat::kOpenMetrics);
  text_ += fmt::format("\n# TYPE {} {}\n", family, to_string(kind));
}

void MetricText::append_head(std::string_view suffix, const std::vector<std::string>& labels,
                             const std::vector<std::string>& values) {
  text_ += name_;
  text_ += suffix;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    text_ += i == 0 ? '{' : ',';
    text_ += labels[i];
    text_ += "=\"";
    append_escaped(text_, values[i], true);
    text_ += '"';
  }
  text_ += labels.empty() ? " " : "} ";
}

void MetricText::sample(std::string_view suffix, const std::vector<std::string>& labels,
                        const std::vector<std::string>& values, std::uint64_t value) {
  append_head(suffix, labels, values);
  text_ += std::to_string(value) + '\n';
}

void MetricText::sample(std::string_view suffix, const std::vector<std::string>& labels,
                        const std::vector<std::string>& values, double value) {
  append_head(suffix, labels, values);
  text_ += metric_number(value) + '\n';
}

void MetricText::histogram(std::vector<std::string> labels, std::vector<std::string> values,
                           const Histogram& histogram) {
  const Histogram::Snapshot snapshot = histogram.snapshot();
  labels.emplace_back("le");
  values.emplace_back();
  for (std::size_t i = 0; i < snapshot.cumulative.size(); ++i) {
    const bool is_last = i == histogram.bounds().size();
    values.back() = is_last ? "+Inf" : metric_number(histogram.bounds()[i]);
    sample("_bucket", labels, values, snapshot.cumulative[i]);
  }
  labels.pop_back();
  values.pop_back();
  sample("_sum", labels, values, snapshot.sum);
  sample("_count", labels, values, snapshot.cumulative.back());
}

std::string MetricText::finish() && {
  if (format_ == MetricFormat::kOpenMetrics) text_ += "# EOF\n";
  return std::move(text_);
}

}  // namespace hornbeam::web
