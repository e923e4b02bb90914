#include "hornbeam/web/endpoint.h"

#include "hornbeam/web/internal/request_extras.h"

namespace hornbeam::web::endpoint_detail {

Response& current_response(const Request& request) {
  Response* response = RequestAccess::extras(request).response;
  base::check(response != nullptr, "only an after_request hook can take the Response");
  return *response;
}

const std::exception& current_error(const Request& request) {
  const std::exception* error = RequestAccess::extras(request).error;
  base::check(error != nullptr, "only an error handler can take an exception");
  return *error;
}

std::exception_ptr current_failure(const Request& request) {
  return RequestAccess::extras(request).failure;
}

void store_provided(const Request& request, TypeKey key, std::shared_ptr<void> value) {
  RequestAccess::extras(request).slots.push_back({key, std::move(value)});
}

void refuse_absent(std::string_view name) {
  static_cast<void>(name);  // Types are nothing to tell a client.
  throw unauthorized();
}

}  // namespace hornbeam::web::endpoint_detail
