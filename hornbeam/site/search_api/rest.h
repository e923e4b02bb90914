#pragma once

// What handlers of the search API see of a request, and what they answer with: no sockets, so that
// the API is tested without any.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/json_view.h"
#include "hornbeam/base/json_writer.h"
#include "hornbeam/search/node/node.h"

namespace hornbeam::site {

/// A request as it came.
struct RestRequest {
  std::string method = "GET";
  std::string path;  ///< As it was sent: a name may have an encoded slash.
  std::vector<std::pair<std::string, std::string>> query{};  ///< Decoded.
  std::string body{};
  std::string content_type{};  ///< In lower case, without parameters.
  std::string accept{};
};

/// What is sent back.
struct RestResponse {
  int status = 200;
  std::string body;
  /// Lifetime: the program's, as the response refers to it.
  std::string_view content_type = "application/json; charset=UTF-8";
  std::vector<std::string> warnings{};  ///< Sent as `Warning` fields.
};

/// A request on its way: its parameters by name, from the path and the query.
class RestCall {
 public:
  RestCall(const RestRequest& request, std::map<std::string, std::string, std::less<>> parameters)
      : request_(request), parameters_(std::move(parameters)) {}

  const std::string& method() const noexcept { return request_.method; }
  const std::string& path() const noexcept { return request_.path; }
  const std::string& body() const noexcept { return request_.body; }
  const std::string& accept() const noexcept { return request_.accept; }

  /// A parameter; none if it is not given.
  std::optional<std::string> find(std::string_view name) const;
  /// A parameter, or `otherwise`.
  std::string text(std::string_view name, std::string_view otherwise = {}) const;
  /// A boolean; given without value it is true. Throws NodeError if it is neither.
  bool flag(std::string_view name, bool otherwise = false) const;
  /// A whole number. Throws NodeError if it is none.
  std::optional<std::int64_t> number(std::string_view name) const;
  /// The parts of a list with commas; empty if it is not given.
  std::vector<std::string> list(std::string_view name) const;
  bool has(std::string_view name) const { return parameters_.contains(name); }

  /// How names of indices are understood; `defaults` for what the parameters leave open.
  search::IndexOptionsOfRequest index_options(search::IndexOptionsOfRequest defaults = {}) const;

  /// The body as JSON. Throws NodeError if it is missing or none.
  base::JsonView json();
  /// The body as JSON, or none if it is empty.
  std::optional<base::JsonView> find_json();

 private:
  const RestRequest& request_;
  std::map<std::string, std::string, std::less<>> parameters_;
  std::optional<base::JsonDocument> document_;
};

/// A string's text, and any other value as JSON.
std::string text_of(base::JsonView json);
/// Those of an array, or that of one value.
std::vector<std::string> texts_of(base::JsonView json);

/// `{"acknowledged": true}`.
RestResponse acknowledged();
RestResponse answer(base::JsonWriter& out, int status = 200);

/// The status that an error of that type is answered with.
int status_of(std::string_view type) noexcept;
/// The body of an error, as an object with type and reason.
std::string error_body(const search::NodeError& error, int status, bool with_trace = false);
/// The value of that body's `error`: its type, its reason and its causes.
std::string error_json(const search::NodeError& error, bool with_trace = false);
/// An error alone, as it stands in items of a bulk.
void write_error(base::JsonWriter& out, const search::NodeError& error, bool with_trace = false);

/// Writes `_shards`.
void write_shards(base::JsonWriter& out, std::size_t total, std::size_t successful);

}  // namespace hornbeam::site
