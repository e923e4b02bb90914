#include <fmt/format.h>

#include "hornbeam/search/analysis/analyze_report.h"
#include "hornbeam/search/node/node_state.h"
#include "hornbeam/site/search_api/handlers.h"

namespace hornbeam::site::search_handlers {
namespace {

using search::NodeError;

void write_tokens(base::JsonWriter& out, const std::vector<search::AnalyzedToken>& tokens) {
  out.key("tokens").begin_array();
  for (const search::AnalyzedToken& token : tokens) {
    out.begin_object().member("token", token.token).member("start_offset", token.start_offset);
    out.member("end_offset", token.end_offset).member("type", token.type);
    out.member("position", token.position);
    if (token.position_length > 1) out.member("positionLength", token.position_length);
    out.end_object();
  }
  out.end_array();
}

void write_stage(base::JsonWriter& out, const search::AnalyzedStage& stage) {
  out.begin_object().member("name", stage.name);
  write_tokens(out, stage.tokens);
  out.end_object();
}

void write_detail(base::JsonWriter& out, const search::AnalysisDetail& detail) {
  out.key("detail").begin_object().member("custom_analyzer", detail.custom_analyzer);
  if (!detail.custom_analyzer) {
    out.key("analyzer");
    write_stage(out, detail.analyzer);
    out.end_object();
    return;
  }
  if (!detail.charfilters.empty()) {
    out.key("charfilters").begin_array();
    for (const search::AnalyzedStage& stage : detail.charfilters) {
      out.begin_object().member("name", stage.name).member("filtered_text", stage.filtered_text);
      out.end_object();
    }
    out.end_array();
  }
  out.key("tokenizer");
  write_stage(out, detail.tokenizer);
  if (!detail.tokenfilters.empty()) {
    out.key("tokenfilters").begin_array();
    for (const search::AnalyzedStage& stage : detail.tokenfilters) write_stage(out, stage);
    out.end_array();
  }
  out.end_object();
}

std::vector<std::string> analyzed_texts(const std::optional<base::JsonView>& json,
                                        const RestCall& call) {
  std::vector<std::string> texts;
  if (const auto given = json ? json->find("text") : std::nullopt) {
    texts = texts_of(*given);
  } else if (const auto text = call.find("text")) {
    texts.push_back(*text);
  }
  if (texts.empty()) {
    throw NodeError("action_request_validation_exception",
                    "Validation Failed: 1: text is missing;");
  }
  return texts;
}

std::shared_ptr<const search::Analyzer> analyzer_of(const std::optional<base::JsonView>& json,
                                                    const search::NodeIndex* index,
                                                    const search::AnalyzerRegistry& analyzers) {
  const auto text = [&](std::string_view name) {
    const auto found = json ? json->find(name) : std::nullopt;
    return found ? std::optional(text_of(*found)) : std::nullopt;
  };
  if (const auto name = text("analyzer")) {
    auto found = analyzers.find(*name);
    if (!found) {
      throw NodeError("illegal_argument_exception",
                      index ? fmt::format("failed to find analyzer [{}]", *name)
                            : fmt::format("failed to find global analyzer [{}]", *name));
    }
    return found;
  }
  const bool has_parts =
      json && (json->find("tokenizer") || json->find("filter") || json->find("char_filter"));
  if (has_parts) return search::value_or_throw(analyzers.make(*json));
  if (const auto field = text("field"); field && index) {
    const auto mapping = index->index->current_mapping();
    const search::FieldMapping* const found = mapping->find(*field);
    if (found && found->analyzer) return found->analyzer;
    if (found) return analyzers.find("keyword");
  }
  return analyzers.default_analyzer();
}

}  // namespace

RestResponse analyze(SearchApi& api, RestCall& call) {
  std::string name = call.text("index");
  const auto json = call.find_json();
  if (const auto given = json ? json->find("index") : std::nullopt) name = text_of(*given);
  std::shared_ptr<const search::NodeIndex> index;
  if (!name.empty()) {
    index = api.node().find(name);
    if (!index) throw search::no_such_index(name);
  }
  const search::AnalyzerRegistry builtin;
  const auto mapping = index ? index->index->current_mapping() : nullptr;
  const search::AnalyzerRegistry& analyzers = mapping ? mapping->analyzers() : builtin;
  const auto analyzer = analyzer_of(json, index.get(), analyzers);
  const std::vector<std::string> texts = analyzed_texts(json, call);
  std::size_t limit = search::kMaxTokenCount;
  if (index) {
    const auto given = index->settings.find_int("index.analyze.max_token_count");
    if (given) limit = static_cast<std::size_t>(*given);
  }
  const auto wants_detail = json ? json->find("explain") : std::nullopt;
  base::JsonWriter out;
  out.begin_object();
  if (wants_detail && wants_detail->find_bool().value_or(false)) {
    write_detail(out, search::value_or_throw(search::explain_values(*analyzer, texts, limit)));
  } else {
    write_tokens(out, search::value_or_throw(search::analyze_values(*analyzer, texts, limit)));
  }
  out.end_object();
  return answer(out);
}

}  // namespace hornbeam::site::search_handlers
