#include "hornbeam/http/response.h"

#include <algorithm>
#include <cerrno>
#include <stdexcept>

#include <unistd.h>

#include "hornbeam/http/client_gone.h"
#include "hornbeam/http/token.h"

namespace hornbeam::http {

namespace {

constexpr std::string_view kContentType = "content-type";

// What the server says of a message itself; a second word on it might be another one.
void check_is_not_the_servers(std::string_view name, std::string_view value) {
  const char* mend = nullptr;
  if (equals_ignoring_case(name, "content-length")) {
    mend = "set the body, or a SizedStream, whose length is announced";
  } else if (equals_ignoring_case(name, "transfer-encoding")) {
    mend = "set a StreamBody, which is sent in chunks";
  } else if (equals_ignoring_case(name, "date")) {
    mend = "leave it out";
  } else if (equals_ignoring_case(name, "connection") && !equals_ignoring_case(value, "upgrade")) {
    mend = "call close_after()";
  }
  if (mend == nullptr) return;
  throw std::invalid_argument("response field '" + std::string(name) +
                              "' is the server's. Mend: " + mend);
}

void check_field(std::string_view name, std::string_view value) {
  if (!is_token(name)) {
    throw std::invalid_argument("a response field's name must be a token, and '" +
                                std::string(name) + "' is not: use letters, digits and '-'");
  }
  if (!is_field_value(value)) {
    throw std::invalid_argument("the value of response field '" + std::string(name) +
                                "' holds a control character such as CR or LF: encode it first");
  }
  check_is_not_the_servers(name, value);
}

constexpr std::size_t kFilePieceBytes = std::size_t{64} << 10;

base::Task<void> write_file(FileBody body, BodySink& sink) {
  while (body.size != 0) {
    std::string piece(static_cast<std::size_t>(std::min<std::uint64_t>(kFilePieceBytes, body.size)),
                      '\0');
    const ssize_t got = ::pread(body.file->descriptor(), piece.data(), piece.size(),
                                static_cast<off_t>(body.offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) throw std::runtime_error("a file became shorter while it was sent");
    piece.resize(static_cast<std::size_t>(got));
    body.offset += piece.size();
    body.size -= piece.size();
    if (!co_await sink.write(std::move(piece))) co_return;
  }
}

}  // namespace

CommonFields::CommonFields(std::vector<Field> fields) : fields_(std::move(fields)) {
  if (fields_.size() > kMax) {
    throw std::invalid_argument(
        "more than 32 common fields. Mend: join some, or set them one by one");
  }
  for (const auto& [name, value] : fields_) {
    check_field(name, value);
    wire_.append("\r\n").append(name).append(": ").append(value);
    ends_.push_back(wire_.size());
  }
}

void Response::add_common_fields(const CommonFields& common, std::uint32_t omitted) noexcept {
  common_ = &common;
  common_omitted_ = omitted;
  if (fields_.empty()) return;
  for (std::size_t i = 0; i < common.fields().size(); ++i) {
    const std::string& name = common.fields()[i].first;
    for (const auto& field : fields_) {
      if (field.first.size() != name.size() || !equals_ignoring_case(field.first, name)) continue;
      common_omitted_ |= std::uint32_t{1} << i;
      break;
    }
  }
}

void Response::set_content_type(std::string type) {
  check_field("Content-Type", type);
  owned_content_type_ = std::move(type);
}

void Response::set_field(std::string_view name, std::string value) {
  if (equals_ignoring_case(name, kContentType)) return set_content_type(std::move(value));
  check_field(name, value);
  remove_field(name);
  fields_.emplace_back(std::string(name), std::move(value));
}

void Response::add_field(std::string_view name, std::string value) {
  if (equals_ignoring_case(name, kContentType)) return set_content_type(std::move(value));
  check_field(name, value);
  fields_.emplace_back(std::string(name), std::move(value));
}

void Response::remove_field(std::string_view name) {
  if (equals_ignoring_case(name, kContentType)) {
    content_type_ = {};
    owned_content_type_.clear();
  }
  std::erase_if(fields_,
                [name](const auto& field) { return equals_ignoring_case(field.first, name); });
}

const std::string* Response::find_field(std::string_view name) const noexcept {
  if (!owned_content_type_.empty() && equals_ignoring_case(name, kContentType)) {
    return &owned_content_type_;
  }
  auto found = std::ranges::find_if(
      fields_, [name](const auto& field) { return equals_ignoring_case(field.first, name); });
  return found == fields_.end() ? nullptr : &found->second;
}

std::string_view Response::bytes() const noexcept {
  if (const auto* text = std::get_if<std::string>(&body_)) return *text;
  if (const auto* shared = std::get_if<SharedBytes>(&body_)) return shared->bytes;
  return {};
}

std::optional<std::uint64_t> Response::body_size() const noexcept {
  if (!is_streamed()) return bytes().size();
  if (const auto* stream = std::get_if<SizedStream>(&body_)) return stream->size;
  if (const auto* file = std::get_if<FileBody>(&body_)) return file->size;
  return std::nullopt;
}

Response::Response() = default;
Response::Response(int status) : status_(status) {}
Response::Response(int status, std::string_view content_type, Body body)
    : status_(status), content_type_(content_type), body_(std::move(body)) {}
Response::Response(Response&& other) noexcept = default;
Response& Response::operator=(Response&& other) noexcept = default;
Response::~Response() = default;

void Response::set_body(Body body) {
  body_ = std::move(body);
}

ClientGone BodySink::client_gone() {
  return {};
}

OpenFile::~OpenFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

base::Task<void> write_body(Response::Body body, BodySink& sink) {
  if (auto* text = std::get_if<std::string>(&body)) {
    if (!text->empty()) co_await sink.write(std::move(*text));
  } else if (auto* shared = std::get_if<SharedBytes>(&body)) {
    if (!shared->bytes.empty()) co_await sink.write(std::string(shared->bytes));
  } else if (auto* stream = std::get_if<StreamBody>(&body)) {
    co_await (*stream)(sink);
  } else if (auto* sized = std::get_if<SizedStream>(&body)) {
    co_await sized->write(sink);
  } else {
    co_await write_file(std::move(std::get<FileBody>(body)), sink);
  }
}

}  // namespace hornbeam::http
