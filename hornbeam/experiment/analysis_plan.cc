#include "hornbeam/experiment/analysis_plan.h"

#include <algorithm>

#include <fmt/format.h>

namespace hornbeam::experiment {

MetricDefinition definition_of(const std::vector<MetricDefinition>& definitions,
                               std::string_view key) {
  const auto found = std::find_if(definitions.begin(), definitions.end(),
                                  [&](const auto& each) { return each.key == key; });
  MetricDefinition definition;
  if (found != definitions.end()) definition = *found;
  definition.key = key;
  if (definition.title.empty()) definition.title = key;
  return definition;
}

}  // namespace hornbeam::experiment

namespace hornbeam::base {
namespace {

// Two values and their words; the second value is not zero.
template <class Choice>
void write_word(std::string& out, Choice choice, std::string_view zero, std::string_view one) {
  append_json_string(out, choice == Choice{} ? zero : one);
}

template <class Choice>
void read_word(JsonReader& reader, JsonView json, Choice& choice, std::string_view zero,
               Choice other, std::string_view one) {
  const auto word = json.find_string();
  if (!word || (*word != zero && *word != one)) {
    return reader.report(fmt::format("expected \"{}\" or \"{}\"", zero, one));
  }
  choice = *word == zero ? Choice{} : other;
}

}  // namespace

using experiment::stats::ArmComparison;
using experiment::stats::Better;
using experiment::stats::Reading;

void JsonCodec<Better>::write(std::string& out, Better better) {
  write_word(out, better, "higher", "lower");
}
void JsonCodec<Better>::read(JsonReader& reader, JsonView json, Better& better) {
  read_word(reader, json, better, "higher", Better::kLower, "lower");
}
void JsonCodec<Reading>::write(std::string& out, Reading reading) {
  write_word(out, reading, "sequential", "fixed");
}
void JsonCodec<Reading>::read(JsonReader& reader, JsonView json, Reading& reading) {
  read_word(reader, json, reading, "sequential", Reading::kFixed, "fixed");
}
void JsonCodec<ArmComparison>::write(std::string& out, ArmComparison comparison) {
  write_word(out, comparison, "correction", "dunnett");
}
void JsonCodec<ArmComparison>::read(JsonReader& reader, JsonView json, ArmComparison& comparison) {
  read_word(reader, json, comparison, "correction", ArmComparison::kDunnett, "dunnett");
}

}  // namespace hornbeam::base
