#pragma once

// The objects of an OpenAPI document (OpenAPI 3.1.0, section 4.8) that are written, each with the
// fields that are used.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hornbeam/base/json_schema.h"

namespace hornbeam::web::openapi {

using base::field;
using base::fields;
using base::omit_empty;
using base::Schema;

using Text = std::optional<std::string>;

struct Info {
  std::string title;
  Text description;
  std::string version;
};
constexpr auto describe(base::Type<Info>) {
  return fields(field("title", &Info::title), field("description", &Info::description, omit_empty),
                field("version", &Info::version));
}

struct ServerVariable {
  std::string default_value;
};
constexpr auto describe(base::Type<ServerVariable>) {
  return fields(field("default", &ServerVariable::default_value));
}

struct Server {
  std::string url;
  std::optional<std::map<std::string, ServerVariable>> variables;
};
constexpr auto describe(base::Type<Server>) {
  return fields(field("url", &Server::url), field("variables", &Server::variables, omit_empty));
}

struct Parameter {
  std::string name;
  std::string in;
  Text description;
  bool required = true;
  Schema schema;
};
constexpr auto describe(base::Type<Parameter>) {
  return fields(field("name", &Parameter::name), field("in", &Parameter::in),
                field("description", &Parameter::description, omit_empty),
                field("required", &Parameter::required), field("schema", &Parameter::schema));
}

struct MediaType {
  Schema schema;
};
constexpr auto describe(base::Type<MediaType>) {
  return fields(field("schema", &MediaType::schema));
}
using Content = std::map<std::string, MediaType>;

struct RequestBody {
  Content content;
  bool required = true;
};
constexpr auto describe(base::Type<RequestBody>) {
  return fields(field("content", &RequestBody::content), field("required", &RequestBody::required));
}

struct Answer {
  std::string description;
  std::optional<Content> content;
};
constexpr auto describe(base::Type<Answer>) {
  return fields(field("description", &Answer::description),
                field("content", &Answer::content, omit_empty));
}

struct Operation {
  std::string id;
  std::optional<std::vector<std::string>> tags;
  Text summary;
  Text description;
  std::optional<bool> deprecated;
  std::optional<std::vector<Parameter>> parameters;
  std::optional<RequestBody> body;
  std::map<std::string, Answer> responses;
  std::optional<std::vector<Server>> servers;
};
constexpr auto describe(base::Type<Operation>) {
  return fields(field("operationId", &Operation::id), field("tags", &Operation::tags, omit_empty),
                field("summary", &Operation::summary, omit_empty),
                field("description", &Operation::description, omit_empty),
                field("deprecated", &Operation::deprecated, omit_empty),
                field("parameters", &Operation::parameters, omit_empty),
                field("requestBody", &Operation::body, omit_empty),
                field("responses", &Operation::responses),
                field("servers", &Operation::servers, omit_empty));
}

struct Components {
  std::map<std::string, Schema> schemas;
};
constexpr auto describe(base::Type<Components>) {
  return fields(field("schemas", &Components::schemas));
}

using PathItem = std::map<std::string, Operation>;

struct Document {
  std::string openapi = "3.1.0";
  Info info;
  std::optional<std::vector<Server>> servers;
  std::map<std::string, PathItem> paths;
  Components components;
};
constexpr auto describe(base::Type<Document>) {
  return fields(field("openapi", &Document::openapi), field("info", &Document::info),
                field("servers", &Document::servers, omit_empty), field("paths", &Document::paths),
                field("components", &Document::components));
}

}  // namespace hornbeam::web::openapi
