#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hornbeam/web/operation.h"

namespace hornbeam::web {

struct Operation::Facts {
  struct Content {
    std::string media_type;
    base::Schema schema;
  };
  struct Parameter {
    std::string place;  // As OpenAPI calls it: path, query, header.
    std::string name;   // Empty: the next of the handler's own in the path.
    base::Schema schema;
    bool is_required = true;
  };
  struct Answer {
    int status = 200;  // 0: any other.
    std::string description;
    std::optional<Content> content;
  };

  std::vector<Parameter> parameters;
  std::vector<Answer> answers;  // In order of their status.
  std::vector<Content> bodies;  // But for forms.
  std::optional<base::ObjectSchema> form;
  bool has_files = false;
  /// What `refuse` answers with.
  std::optional<Content> problem;

  /// Adds an answer, unless there is one with this status.
  void add_answer(int status, std::optional<Content> content);
  /// What the body may be, the form and its files included.
  std::vector<Content> all_bodies() const;
};

}  // namespace hornbeam::web
