#include <algorithm>
#include <ostream>

#include "hornbeam/http/status.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::web {

namespace {

bool equal_ignoring_case(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
    auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; };
    return lower(a) == lower(b);
  });
}

std::string show_body(const std::string& body) {
  constexpr std::size_t kMaxShown = 2000;
  if (body.empty()) return "";
  if (body.size() <= kMaxShown) return "\n" + body + "\n";
  return "\n" + body.substr(0, kMaxShown) + "... (" + std::to_string(body.size()) + " bytes)\n";
}

std::string show_fields(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string text;
  for (const auto& [name, value] : fields) text.append(name).append(": ").append(value) += '\n';
  return text;
}

}  // namespace

std::function<void(TestRequest&)> with_form(
    std::vector<std::pair<std::string, std::string>> fields) {
  Arguments arguments;
  for (auto& [name, value] : fields) arguments.add(std::move(name), std::move(value));
  return with_body(arguments.encode(), "application/x-www-form-urlencoded");
}

std::function<void(TestRequest&)> with_files(
    std::vector<TestFile> files, std::vector<std::pair<std::string, std::string>> fields) {
  constexpr std::string_view kBoundary = "hornbeam-test-part-6d1f0c";
  std::string body;
  const auto begin = [&](const std::string& field) {
    body.append("--").append(kBoundary).append("\r\nContent-Disposition: form-data; name=\"");
    body.append(field).append("\"");
  };
  for (const auto& [name, value] : fields) {
    begin(name);
    body.append("\r\n\r\n").append(value).append("\r\n");
  }
  for (const TestFile& file : files) {
    begin(file.field);
    body.append("; filename=\"").append(file.name).append("\"\r\nContent-Type: ");
    body.append(file.type).append("\r\n\r\n").append(file.bytes).append("\r\n");
  }
  body.append("--").append(kBoundary).append("--\r\n");
  return with_body(std::move(body), "multipart/form-data; boundary=" + std::string(kBoundary));
}

std::string TestRequest::to_string() const {
  return std::string(http::to_string(method)) + " " + target + "\n" + show_fields(fields) +
         show_body(body);
}

TestResponse::TestResponse(TestRequest request, int status,
                           std::vector<std::pair<std::string, std::string>> fields,
                           std::string body)
    : request_(std::move(request)),
      status_(status),
      fields_(std::move(fields)),
      body_(std::move(body)) {}

std::optional<std::string> TestResponse::find_header(std::string_view name) const {
  for (const auto& [field, value] : fields_) {
    if (equal_ignoring_case(field, name)) return value;
  }
  return std::nullopt;
}

std::vector<std::string> TestResponse::find_headers(std::string_view name) const {
  std::vector<std::string> found;
  for (const auto& [field, value] : fields_) {
    if (equal_ignoring_case(field, name)) found.push_back(value);
  }
  return found;
}

const TestResponse& TestResponse::expect_status(int status, Here where) const {
  if (status_ != status) {
    fail("status " + std::to_string(status) + " " + std::string(http::reason_phrase(status)),
         where);
  }
  return *this;
}

const TestResponse& TestResponse::expect_body(std::string_view body, Here where) const {
  if (body_ != body) fail("the body:\n" + std::string(body), where);
  return *this;
}

const TestResponse& TestResponse::expect_body_contains(std::string_view part, Here where) const {
  if (body_.find(part) == std::string::npos) fail("a body with:\n" + std::string(part), where);
  return *this;
}

const TestResponse& TestResponse::expect_header(std::string_view name, std::string_view value,
                                                Here where) const {
  if (find_header(name) != value) fail(std::string(name) + ": " + std::string(value), where);
  return *this;
}

std::string TestResponse::to_string() const {
  return "--- request\n" + request_.to_string() + "--- response\n" + std::to_string(status_) + " " +
         std::string(http::reason_phrase(status_)) + "\n" + show_fields(fields_) +
         show_body(body_) + "---";
}

void TestResponse::fail(std::string_view expected, Here where) const {
  throw TestFailure(std::string(where.file_name()) + ":" + std::to_string(where.line()) +
                    ": expected " + std::string(expected) + "\n" + to_string());
}

std::ostream& operator<<(std::ostream& out, const TestResponse& response) {
  return out << response.to_string();
}

}  // namespace hornbeam::web
