#include "hornbeam/search/query/query.h"

namespace hornbeam::search {

QueryNode::QueryNode() = default;
QueryNode::QueryNode(const QueryNode& other) = default;
QueryNode::QueryNode(QueryNode&& other) noexcept = default;
QueryNode& QueryNode::operator=(const QueryNode& other) = default;
QueryNode& QueryNode::operator=(QueryNode&& other) noexcept = default;
QueryNode::~QueryNode() = default;

}  // namespace hornbeam::search
