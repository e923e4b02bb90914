#pragma once

// The request and its session as pages see them, by Flask's names.

#include <optional>
#include <string>
#include <string_view>

#include "hornbeam/templates/value.h"
#include "hornbeam/web/request.h"

namespace hornbeam::web {

/// Whose page is rendered. The subject of renderings: a page that goes out in a stream outlives the
/// place where its request was at first.
struct PageSubject {
  const Request* request;
};

/// `request`: its attributes are made when a page asks for them.
class RequestObject final : public templates::Object {
 public:
  explicit RequestObject(const PageSubject& subject) noexcept : subject_(subject) {}
  std::optional<templates::Value> attribute(std::string_view name) const override;
  std::string_view type_name() const override { return "Request"; }
  std::string repr() const override;

 private:
  const PageSubject& subject_;
};

/// `session`: a mapping of what it holds.
class SessionObject final : public templates::Object {
 public:
  explicit SessionObject(const PageSubject& subject) noexcept : subject_(subject) {}
  std::optional<templates::Value> attribute(std::string_view name) const override;
  std::optional<templates::Value> item(const templates::Value& key) const override;
  std::optional<templates::Value> method(std::string_view name,
                                         templates::Arguments& arguments) override;
  bool has_method(std::string_view name) const override { return name == "get"; }
  bool is_true() const override;
  std::string_view type_name() const override { return "Session"; }

 private:
  const PageSubject& subject_;
};

}  // namespace hornbeam::web
