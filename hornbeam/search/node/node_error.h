#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include "hornbeam/base/result.h"

namespace hornbeam::search {

/// A request to a node that cannot go on. Types and reasons are Elasticsearch's, such as
/// "index_not_found_exception" and "no such index [books]".
class NodeError : public std::runtime_error {
 public:
  NodeError(std::string type, const std::string& reason, std::string index = {})
      : std::runtime_error(reason), type_(std::move(type)), index_(std::move(index)) {}
  explicit NodeError(const base::Error& error, std::string index = {})
      : NodeError(error.code, error.message, std::move(index)) {}

  /// One that an index found out while it searched, not one who read the request.
  static NodeError of_search(const base::Error& error, std::string index) {
    NodeError failure(error, std::move(index));
    failure.is_of_search_ = true;
    return failure;
  }

  bool is_of_search() const noexcept { return is_of_search_; }
  const std::string& type() const noexcept { return type_; }
  /// The index it is about; empty if it is about none.
  const std::string& index() const noexcept { return index_; }

 private:
  std::string type_;
  std::string index_;
  bool is_of_search_ = false;
};

/// The value, or its error thrown as a NodeError.
template <class Value>
Value value_or_throw(base::Result<Value> result, const std::string& index = {}) {
  if (!result) throw NodeError(result.error(), index);
  if constexpr (!std::is_void_v<Value>) return std::move(*result);
}

}  // namespace hornbeam::search
