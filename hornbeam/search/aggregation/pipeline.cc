#include "hornbeam/search/aggregation/pipeline.h"

#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>

#include "hornbeam/base/check.h"

namespace hornbeam::search::aggregation {
namespace {

std::string_view first_name(std::string_view path) {
  return path.substr(0, path.find_first_of(">.["));
}

/// The pipelines of one level, those that read others behind them. Those in a circle are left in
/// the order in which they were given.
std::vector<const Aggregation*> in_order(const Aggregations& asked) {
  std::vector<const Aggregation*> waiting;
  for (const Aggregation& each : asked) {
    if (each.kind->pipeline()) waiting.push_back(&each);
  }
  std::vector<const Aggregation*> order;
  std::unordered_set<std::string_view> names;
  for (const Aggregation* each : waiting) names.insert(each->name);
  while (!waiting.empty()) {
    const auto reads_waiting = [&](const Aggregation* reader) {
      return std::ranges::any_of(reader->kind->pipeline()->paths(), [&](const std::string& path) {
        const std::string_view name = first_name(path);
        return name != reader->name && names.contains(name);
      });
    };
    auto next = std::ranges::find_if_not(waiting, reads_waiting);
    if (next == waiting.end()) next = waiting.begin();
    order.push_back(*next);
    names.erase((*next)->name);
    waiting.erase(next);
  }
  return order;
}

void run_below(const Aggregation& asked, ResultNode& result) {
  if (asked.sub.empty()) return;
  for (ResultBucket& bucket : result.buckets) run_pipelines(asked.sub, bucket.sub);
  if (result.shape == ResultNode::Shape::kSingle) run_pipelines(asked.sub, result.sub);
  for (const Aggregation* each : in_order(asked.sub)) {
    const Pipeline& pipeline = *each->kind->pipeline();
    if (pipeline.is_in_buckets()) pipeline.run_in(*each, result);
  }
}

}  // namespace

void Pipeline::run_in(const Aggregation&, ResultNode&) const {
  base::check(false, "this pipeline stands beside what it reads");
}

ResultNode Pipeline::run_beside(const Aggregation&, const std::vector<ResultNode>&) const {
  base::check(false, "this pipeline is run in buckets");
  return {};
}

ValueFormat read_number_format(Parameters& parameters) {
  const auto pattern = parameters.text("format");
  if (!pattern) return {};
  const auto format = ValueFormat::decimal(*pattern);
  if (!format) refuse_argument(fmt::format("Invalid format: [{}]", *pattern));
  return *format;
}

void require_parent(std::string_view type, const Aggregation& asked, const Aggregation* parent) {
  if (parent) return;
  refuse("action_request_validation_exception",
         fmt::format("Validation Failed: 1: {} aggregation [{}] must be declared inside of another "
                     "aggregation;",
                     type, asked.name));
}

void run_pipelines(const Aggregations& asked, std::vector<ResultNode>& results) {
  for (const Aggregation& each : asked) {
    const auto found = std::ranges::find(results, each.name, &ResultNode::name);
    if (found != results.end()) run_below(each, *found);
  }
  for (const Aggregation* each : in_order(asked)) {
    const Pipeline& pipeline = *each->kind->pipeline();
    if (!pipeline.is_in_buckets()) results.push_back(pipeline.run_beside(*each, results));
  }
}

}  // namespace hornbeam::search::aggregation
