#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/web/metric_registry.h"

namespace hornbeam::web {

enum class MetricKind : std::uint8_t { kCounter, kGauge, kHistogram };

/// Writes Prometheus' text format 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/) or OpenMetrics 1.0.0, which
/// differs in the names of counters' families, in the escapes of help texts, and in its end mark.
///
/// Contract: (begin (sample* | histogram*))* finish
class MetricText {
 public:
  explicit MetricText(MetricFormat format) : format_(format) {}

  void begin(const std::string& name, std::string_view help, MetricKind kind);
  void sample(std::string_view suffix, const std::vector<std::string>& labels,
              const std::vector<std::string>& values, std::uint64_t value);
  void sample(std::string_view suffix, const std::vector<std::string>& labels,
              const std::vector<std::string>& values, double value);
  void histogram(std::vector<std::string> labels, std::vector<std::string> values,
                 const Histogram& histogram);
  std::string finish() &&;

 private:
  void append_head(std::string_view suffix, const std::vector<std::string>& labels,
                   const std::vector<std::string>& values);

  MetricFormat format_;
  std::string name_;
  std::string text_;
};

/// A number as both formats have it, such as "0.25", "1.0", "+Inf", "NaN".
std::string metric_number(double value);

}  // namespace hornbeam::web
