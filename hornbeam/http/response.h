#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "hornbeam/base/task.h"
#include "hornbeam/http/body.h"

namespace hornbeam::http {

/// Bytes shared by many responses, such as an embedded or cached file. The owner keeps `bytes`
/// alive; null if static.
struct SharedBytes {
  std::string_view bytes;
  std::shared_ptr<const void> owner;
};

/// Writes a body of unknown length; called once, after the head has been sent.
using StreamBody = std::move_only_function<base::Task<void>(BodySink&)>;

/// What a handler answers. A value: build it, move it.
class Response {
 public:
  using Body = std::variant<std::string, SharedBytes, StreamBody>;

  Response() = default;
  explicit Response(int status) : status_(status) {}
  /// `content_type` must outlive the response: a literal. Others go through `set_content_type`.
  Response(int status, std::string_view content_type, Body body)
      : status_(status), content_type_(content_type), body_(std::move(body)) {}

  int status() const noexcept { return status_; }
  void set_status(int status) noexcept { status_ = status; }

  std::string_view content_type() const noexcept {
    return owned_content_type_.empty() ? content_type_ : std::string_view(owned_content_type_);
  }
  /// Throws std::invalid_argument on CR, LF, NUL and other control characters.
  void set_content_type(std::string type);

  /// Fields besides Content-Type, Content-Length, Transfer-Encoding, Connection and Date, which are
  /// the server's.
  const std::vector<std::pair<std::string, std::string>>& fields() const noexcept {
    return fields_;
  }
  /// Replaces every field called `name`, whatever its case. Throws std::invalid_argument on CR, LF,
  /// NUL or a bad name.
  void set_field(std::string_view name, std::string value);
  /// Adds one more field called `name`, as Set-Cookie needs. Throws as `set_field`.
  void add_field(std::string_view name, std::string value);
  void remove_field(std::string_view name);
  /// The value of the first field called `name`, whatever its case, or null.
  const std::string* find_field(std::string_view name) const noexcept;

  const Body& body() const noexcept { return body_; }
  Body& body() noexcept { return body_; }
  void set_body(Body body) { body_ = std::move(body); }
  bool is_streamed() const noexcept { return std::holds_alternative<StreamBody>(body_); }
  /// The bytes of a body that is not streamed.
  std::string_view bytes() const noexcept;

  /// The connection is closed once this response has been sent.
  void close_after() noexcept { closes_ = true; }
  bool closes() const noexcept { return closes_; }

 private:
  int status_ = 200;
  bool closes_ = false;
  std::string_view content_type_;
  std::string owned_content_type_;
  std::vector<std::pair<std::string, std::string>> fields_;
  Body body_;
};

}  // namespace hornbeam::http
