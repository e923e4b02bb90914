#include "hornbeam/search/aggregation/result_tree.h"

#include "hornbeam/base/json_write.h"

namespace hornbeam::search::aggregation {
namespace {

void write_subs(std::string& out, const std::vector<ResultNode>& results, bool typed_keys);

void write_bucket(std::string& out, const ResultBucket& bucket, bool is_keyed, bool typed_keys) {
  if (is_keyed) {
    base::append_json_string(out, bucket.name);
    out += ':';
  }
  out += '{';
  out += bucket.head;
  out += "\"doc_count\":";
  base::append_json_number(out, bucket.doc_count);
  out += bucket.tail;
  write_subs(out, bucket.sub, typed_keys);
  out += '}';
}

void write_buckets(std::string& out, const ResultNode& node, bool typed_keys) {
  append_member(out, "buckets", node.is_keyed ? "{" : "[");
  bool is_first = true;
  for (const ResultBucket& bucket : node.buckets) {
    if (!is_first) out += ',';
    is_first = false;
    write_bucket(out, bucket, node.is_keyed, typed_keys);
  }
  out += node.is_keyed ? '}' : ']';
}

void write_node(std::string& out, const ResultNode& node, bool typed_keys) {
  base::append_json_string(out, typed_keys ? node.type + "#" + node.name : node.name);
  out += ":{";
  if (!node.meta.empty()) append_member(out, "meta", node.meta);
  if (node.shape == ResultNode::Shape::kSingle) {
    append_member(out, "doc_count", std::to_string(node.doc_count));
  }
  if (!node.members.empty()) {
    if (out.back() != '{') out += ',';
    out += node.members;
  }
  if (node.shape == ResultNode::Shape::kBuckets) write_buckets(out, node, typed_keys);
  write_subs(out, node.sub, typed_keys);
  out += '}';
}

void write_subs(std::string& out, const std::vector<ResultNode>& results, bool typed_keys) {
  for (const ResultNode& node : results) {
    if (out.back() != '{') out += ',';
    write_node(out, node, typed_keys);
  }
}

}  // namespace

void append_member(std::string& out, std::string_view name, std::string_view json) {
  if (!out.empty() && out.back() != '{') out += ',';
  base::append_json_string(out, name);
  out += ':';
  out += json;
}

void write_results(std::string& out, const std::vector<ResultNode>& results, bool typed_keys) {
  out += '{';
  write_subs(out, results, typed_keys);
  out += '}';
}

}  // namespace hornbeam::search::aggregation
