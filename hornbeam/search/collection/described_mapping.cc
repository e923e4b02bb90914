#include "hornbeam/search/collection/described_mapping.h"

namespace hornbeam::search::collection_detail {

void add_member(std::string& object, std::string_view name, std::string_view json) {
  if (!object.ends_with('{')) object += ',';
  base::append_json_string(object, name);
  object += ':';
  object += json;
}

std::string text_mapping(std::string_view analyzer) {
  std::string out = R"({"type":"text")";
  if (!analyzer.empty()) {
    out += R"(,"analyzer":)";
    base::append_json_string(out, analyzer);
  }
  return out + R"(,"fields":{"keyword":{"type":"keyword","ignore_above":256}}})";
}

}  // namespace hornbeam::search::collection_detail
