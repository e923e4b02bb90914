#include "hornbeam/search/query/term_vectors.h"

#include <chrono>

#include <fmt/format.h>

#include "hornbeam/site/search_api/handlers.h"
#include "hornbeam/site/search_api/writes.h"

namespace hornbeam::site::search_handlers {
namespace {

using search::NodeError;
using Clock = std::chrono::steady_clock;

/// What is asked of one document.
struct Asked {
  std::string index;
  std::string id;
  std::optional<std::string> routing{};
  std::string source{};  ///< Of a document that is in no index.
  std::vector<std::string> fields{};
  bool is_realtime = true;
  bool shows_offsets = true;
  bool shows_positions = true;
  bool shows_field_statistics = true;
  bool shows_term_statistics = false;
};

Asked asked_of(const RestCall& call) {
  return {.index = call.text("index"),
          .id = call.text("id"),
          .routing = call.find("routing"),
          .fields = call.list("fields"),
          .is_realtime = call.flag("realtime", true),
          .shows_offsets = call.flag("offsets", true),
          .shows_positions = call.flag("positions", true),
          .shows_field_statistics = call.flag("field_statistics", true),
          .shows_term_statistics = call.flag("term_statistics", false)};
}

void read_members(Asked& asked, base::JsonView json) {
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    const bool flag = value.find_bool().value_or(false);
    if (name == "_index") asked.index = text_of(value);
    if (name == "_id") asked.id = text_of(value);
    if (name == "routing") asked.routing = text_of(value);
    if (name == "doc") asked.source = value.text();
    if (name == "fields") asked.fields = texts_of(value);
    if (name == "offsets") asked.shows_offsets = flag;
    if (name == "positions") asked.shows_positions = flag;
    if (name == "field_statistics") asked.shows_field_statistics = flag;
    if (name == "term_statistics") asked.shows_term_statistics = flag;
  }
}

void write_term(base::JsonWriter& out, const search::TermVector& term, const Asked& asked) {
  out.key(term.term).begin_object();
  if (asked.shows_term_statistics && term.doc_freq > 0) {
    out.member("doc_freq", term.doc_freq).member("ttf", term.total_term_freq);
  }
  out.member("term_freq", term.places.size());
  if (asked.shows_offsets || asked.shows_positions) {
    out.key("tokens").begin_array();
    for (const search::TermVector::Place& place : term.places) {
      out.begin_object();
      if (asked.shows_positions) out.member("position", place.position);
      if (asked.shows_offsets) {
        out.member("start_offset", place.start_offset).member("end_offset", place.end_offset);
      }
      out.end_object();
    }
    out.end_array();
  }
  out.end_object();
}

void write_vectors(base::JsonWriter& out, const search::FieldTermVectors& field,
                   const Asked& asked) {
  out.key(field.field).begin_object();
  if (asked.shows_field_statistics) {
    out.key("field_statistics").begin_object().member("sum_doc_freq", field.sum_doc_freq);
    out.member("doc_count", field.doc_count).member("sum_ttf", field.sum_total_term_freq);
    out.end_object();
  }
  out.key("terms").begin_object();
  for (const search::TermVector& term : field.terms) write_term(out, term, asked);
  out.end_object().end_object();
}

void write_answer(base::JsonWriter& out, SearchApi& api, const Asked& asked) {
  const Clock::time_point start = Clock::now();
  const auto index = index_to_read(api.node(), asked.index);
  std::optional<search::Document> document;
  if (!asked.source.empty()) {
    document = {.version = 1, .source = asked.source};
  } else {
    document = read_document(*index, asked.index, asked.id, asked.routing, asked.is_realtime);
  }
  out.begin_object().member("_index", index->name);
  if (asked.source.empty()) out.member("_id", asked.id);
  out.member("_version", document ? document->version : 0);
  out.member("found", document.has_value());
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start);
  out.member("took", took.count());
  if (document) {
    const auto source = base::JsonDocument::parse(document->source);
    out.key("term_vectors").begin_object();
    for (const search::FieldTermVectors& field :
         search::term_vectors(index->index->target(), source->root(), asked.fields)) {
      write_vectors(out, field, asked);
    }
    out.end_object();
  }
  out.end_object();
}

std::vector<Asked> read_all_asked(RestCall& call) {
  std::vector<Asked> all;
  const Asked common = asked_of(call);
  const auto add_ids = [&](const std::vector<std::string>& ids) {
    for (const std::string& id : ids) {
      all.push_back(common);
      all.back().id = id;
    }
  };
  add_ids(call.list("ids"));
  if (const auto json = call.find_json()) {
    if (const auto ids = json->find("ids")) add_ids(texts_of(*ids));
    const auto docs = json->find("docs");
    for (std::size_t i = 0; docs && i < docs->size(); ++i) {
      all.push_back(common);
      read_members(all.back(), docs->element(i));
    }
  }
  if (all.empty()) {
    throw NodeError("action_request_validation_exception",
                    "Validation Failed: 1: multi term vectors: no documents requested;");
  }
  return all;
}

}  // namespace

RestResponse term_vectors(SearchApi& api, RestCall& call) {
  Asked asked = asked_of(call);
  if (const auto json = call.find_json()) read_members(asked, *json);
  base::JsonWriter out;
  write_answer(out, api, asked);
  return answer(out);
}

RestResponse multi_term_vectors(SearchApi& api, RestCall& call) {
  base::JsonWriter out;
  out.begin_object().key("docs").begin_array();
  for (const Asked& asked : read_all_asked(call)) {
    base::JsonWriter one;
    try {
      write_answer(one, api, asked);
      out.raw(one.take());
    } catch (const NodeError& error) {
      out.begin_object().member("_index", asked.index).member("_id", asked.id);
      out.raw_member("error", error_json(error, call.flag("error_trace"))).end_object();
    }
  }
  out.end_array().end_object();
  return answer(out);
}

}  // namespace hornbeam::site::search_handlers
