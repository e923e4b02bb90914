#include "hornbeam/http/request.h"

#include <algorithm>
#include <cstring>

#include <arpa/inet.h>

#include "hornbeam/http/body.h"

namespace hornbeam::http {

namespace {

// The body of a request that has none. Without state, so all such requests share it.
class NoBody final : public BodySource {
 public:
  base::Task<std::optional<std::string>> next() override { co_return std::nullopt; }
};

}  // namespace

std::string Endpoint::to_string() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(is_ipv6 ? AF_INET6 : AF_INET, address.data(), text.data(), text.size());
  return text.data();
}

std::optional<std::string_view> Request::find_field(std::string_view name) const noexcept {
  for (const FieldView& field : fields_) {
    if (field.name == name) return field.value;
  }
  return std::nullopt;
}

BodySource* Request::body_source() const noexcept {
  static NoBody none;
  if (body_source_ != nullptr) return body_source_.get();
  return body_.empty() ? &none : nullptr;
}

void Request::rebase(const char* from, const char* to) {
  const std::size_t size = head_.size();
  auto move = [&](std::string_view& view) {
    // A literal, such as the "/" of an absolute target without a path, stays where it is.
    const bool inside = view.data() >= from && view.data() < from + size;
    if (inside) view = std::string_view(to + (view.data() - from), view.size());
  };
  for (std::string_view* view : {&method_name_, &target_, &path_, &query_, &host_, &head_}) {
    move(*view);
  }
  for (FieldView& field : fields_) {
    move(field.name);
    move(field.value);
  }
}

Request Request::detach() {
  Request copy;
  copy.method_ = method_;
  copy.is_tls_ = is_tls_;
  copy.minor_version_ = minor_version_;
  copy.head_ = head_;
  copy.method_name_ = method_name_;
  copy.target_ = target_;
  copy.path_ = path_;
  copy.query_ = query_;
  copy.host_ = host_;
  copy.fields_ = fields_;
  copy.peer_ = peer_;
  copy.body_source_ = std::move(body_source_);
  copy.storage_ = std::make_unique<char[]>(head_.size() + body_.size());
  char* const head = copy.storage_.get();
  char* const body = std::copy(head_.begin(), head_.end(), head);
  std::copy(body_.begin(), body_.end(), body);
  copy.body_ = std::string_view(body, body_.size());
  copy.rebase(head_.data(), head);
  return copy;
}

Request Request::make(Method method, std::string_view target,
                      std::span<const std::pair<std::string, std::string>> fields,
                      std::string_view body) {
  // Lay the pieces one after the other, then let `detach` make them the request's own.
  std::string head;
  Request draft;
  struct Place {
    std::size_t at;
    std::size_t size;
  };
  auto append = [&head](std::string_view text) {
    head += text;
    return Place{head.size() - text.size(), text.size()};
  };
  const Place name = append(to_string(method));
  const Place whole = append(target);
  std::vector<std::pair<Place, Place>> places;
  for (const auto& [field, value] : fields) {
    std::string lower = field;
    std::ranges::transform(lower, lower.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    });
    const Place field_place = append(lower);
    places.emplace_back(field_place, append(value));
  }
  const std::string_view text = head;
  auto view = [text](Place place) { return text.substr(place.at, place.size); };
  draft.head_ = text;
  draft.method_ = method;
  draft.method_name_ = view(name);
  draft.target_ = view(whole);
  const std::size_t question = draft.target_.find('?');
  draft.path_ = draft.target_.substr(0, question);
  if (question != std::string_view::npos) draft.query_ = draft.target_.substr(question + 1);
  for (const auto& [field, value] : places) draft.fields_.push_back({view(field), view(value)});
  draft.host_ = draft.find_field("host").value_or(std::string_view());
  draft.peer_ = Endpoint::loopback();
  draft.body_ = body;
  return draft.detach();
}

}  // namespace hornbeam::http
