#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hornbeam/base/problem.h"

namespace hornbeam::web {

/// A failure that has a status: what a handler throws when this request cannot go on. The
/// dispatcher alone catches it and makes the response, through an error handler if there is one.
class HttpError : public std::exception {
 public:
  /// `message` reaches the client, so it names nothing that is secret.
  HttpError(int status, std::string message) : status_(status), message_(std::move(message)) {}

  /// The status of the response.
  int status() const noexcept { return status_; }
  /// For the one who made the request: what is wrong and the mend.
  const std::string& message() const noexcept { return message_; }
  /// The message.
  const char* what() const noexcept override { return message_.c_str(); }

  /// Every single thing that was wrong with the input.
  const base::Problems& problems() const noexcept { return problems_; }
  /// The same with problems, which the response lists one by one.
  HttpError&& with_problems(base::Problems problems) && {
    problems_ = std::move(problems);
    return std::move(*this);
  }

  /// For a problem of a kind of its own (RFC 9457, section 3.1): a URI that names the kind, and its
  /// title, the same for all of the kind. Without, the kind is the status: "about:blank".
  HttpError&& with_type(std::string uri, std::string title) && {
    type_ = std::move(uri);
    title_ = std::move(title);
    return std::move(*this);
  }
  /// The URI of the kind of problem; empty for "about:blank".
  const std::string& type() const noexcept { return type_; }
  /// What all problems of the type are called; empty for the status's own words.
  const std::string& title() const noexcept { return title_; }
  /// A URI of this one occurrence, such as "urn:uuid:..." of what was logged.
  HttpError&& with_instance(std::string uri) && {
    instance_ = std::move(uri);
    return std::move(*this);
  }
  /// The URI of this occurrence; empty if it has none.
  const std::string& instance() const noexcept { return instance_; }

  /// Response fields that the status asks for, such as Allow or WWW-Authenticate.
  const std::vector<std::pair<std::string, std::string>>& fields() const noexcept {
    return fields_;
  }
  /// The same with one more response field.
  HttpError&& with_field(std::string name, std::string value) && {
    fields_.emplace_back(std::move(name), std::move(value));
    return std::move(*this);
  }

  /// For a 500: the exception that nobody handled.
  const std::exception_ptr& original() const noexcept { return original_; }
  /// The same with the exception behind it, for error handlers and logs.
  HttpError&& with_original(std::exception_ptr original) && {
    original_ = std::move(original);
    return std::move(*this);
  }

 private:
  int status_;
  std::string message_;
  base::Problems problems_;
  std::string type_;
  std::string title_;
  std::string instance_;
  std::vector<std::pair<std::string, std::string>> fields_;
  std::exception_ptr original_;
};

/// Ends the request with `status`.
[[noreturn]] void abort(int status, std::string message = {});

/// 400: the request cannot be understood.
HttpError bad_request(std::string message = {});
/// Adds WWW-Authenticate if `challenge` is given, such as "Bearer".
HttpError unauthorized(std::string message = {}, std::string challenge = {});
/// 403: this user may not do this.
HttpError forbidden(std::string message = {});
/// 404: there is no such thing, or it is not for this user to know of.
HttpError not_found(std::string message = {});
/// 409: it does not fit the state that things are in, such as a name that is taken.
HttpError conflict(std::string message = {});
/// 415: the body is of a type that is not taken here.
HttpError unsupported_media_type(std::string message = {});
/// 422, with every field that failed.
HttpError unprocessable(std::string message, base::Problems problems = {});

/// The status that an error's `code` word stands for, 400 if it has no other: "not_found" is 404.
int status_of(std::string_view code) noexcept;

}  // namespace hornbeam::web
