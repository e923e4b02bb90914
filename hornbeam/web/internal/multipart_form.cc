#include "hornbeam/web/internal/multipart_form.h"

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "hornbeam/web/http_error.h"
#include "hornbeam/web/internal/dispatcher.h"
#include "hornbeam/web/internal/request_extras.h"

namespace hornbeam::web {

namespace {

std::string boundary_of(std::string_view content_type) {
  auto boundary = http::multipart_boundary(content_type);
  if (boundary) return std::move(*boundary);
  throw bad_request("the Content-Type of a multipart form must name its boundary");
}

std::string folder_of(const FormLimits& limits) {
  if (!limits.folder.empty()) return limits.folder;
  const char* const variable = std::getenv("TMPDIR");  // NOLINT(concurrency-mt-unsafe)
  return variable != nullptr && *variable != '\0' ? variable : "/tmp";
}

/// A file that has no name, so that nothing is left of it whatever happens.
std::shared_ptr<const http::OpenFile> open_nameless(const std::string& folder) {
  int descriptor = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == ENOENT)) {
    std::string name = folder + "/hornbeam_XXXXXX";  // A file system without O_TMPFILE.
    descriptor = ::mkostemp(name.data(), O_CLOEXEC);
    if (descriptor >= 0) ::unlink(name.c_str());
  }
  if (descriptor < 0) {
    throw std::system_error(errno, std::generic_category(),
                            "an upload cannot be kept in '" + folder + "'");
  }
  return std::make_shared<http::OpenFile>(descriptor);
}

void append_to(const http::OpenFile& file, std::string_view data) {
  while (!data.empty()) {
    const ssize_t count = ::write(file.descriptor(), data.data(), data.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      throw std::system_error(errno, std::generic_category(), "an upload cannot be written");
    }
    data.remove_prefix(static_cast<std::size_t>(count));
  }
}

const FormLimits& limits_of(const Request& request) {
  static const FormLimits kDefaults;
  const Dispatcher* const dispatcher = RequestAccess::dispatcher(request);
  return dispatcher != nullptr ? dispatcher->settings().form : kDefaults;
}

std::string_view full_content_type(const Request& request) {
  return request.find_header("content-type").value_or("");
}

}  // namespace

MultipartReader::MultipartReader(std::string_view content_type, const FormLimits& limits)
    : limits_(limits), parser_(boundary_of(content_type), {.parts = limits.parts}) {}

void MultipartReader::take(std::string_view bytes) {
  using Kind = http::MultipartEvent::Kind;
  parser_.feed(bytes);
  while (true) {
    const http::MultipartEvent event = parser_.next();
    switch (event.kind) {
      case Kind::kNothing:
        return;
      case Kind::kPart:
        begin_part();
        break;
      case Kind::kData:
        add(event.data);
        break;
      case Kind::kPartEnd:
        end_part();
        break;
      case Kind::kRefused:
        throw HttpError(parser_.refusal().status, std::string(parser_.refusal().reason));
    }
  }
}

void MultipartReader::begin_part() {
  const http::MultipartHead& head = parser_.head();
  value_.clear();
  file_ = nullptr;
  if (!head.filename) return;
  file_ = std::make_shared<Upload::State>();
  file_->field = head.name;
  file_->filename = *head.filename;
  file_->content_type = head.content_type;
}

void MultipartReader::add(std::string_view data) {
  if (file_ != nullptr) return add_to_file(data);
  field_bytes_ += data.size();
  if (field_bytes_ > limits_.field_bytes) throw HttpError(413, "the form's fields are too large");
  value_ += data;
}

void MultipartReader::add_to_file(std::string_view data) {
  file_->size += data.size();
  if (file_->size > limits_.file_bytes) throw HttpError(413, "a file of the form is too large");
  if (file_->file == nullptr && file_->size <= limits_.memory_file_bytes) {
    file_->bytes += data;
    return;
  }
  if (file_->file == nullptr) {
    file_->file = open_nameless(folder_of(limits_));
    append_to(*file_->file, file_->bytes);
    std::string().swap(file_->bytes);
  }
  append_to(*file_->file, data);
}

void MultipartReader::end_part() {
  if (file_ == nullptr) {
    form_.fields.add(parser_.head().name, std::move(value_));
    return;
  }
  // Browsers send an empty file without a name for a field in which none was chosen.
  if (file_->filename.empty() && file_->size == 0) return;
  form_.files.push_back(Upload(std::move(file_)));
}

MultipartForm MultipartReader::finish() {
  if (!parser_.is_complete()) throw bad_request("the multipart form is cut off");
  form_.is_read = true;
  return std::move(form_);
}

MultipartForm& multipart_form(const Request& request) {
  auto& form = request.local<MultipartForm>();
  if (form.is_read || request.content_type() != "multipart/form-data") return form;
  MultipartReader reader(full_content_type(request), limits_of(request));
  reader.take(request.body());
  return form = reader.finish();
}

base::Task<void> read_multipart_form(const Request& request) {
  auto& form = request.local<MultipartForm>();
  if (form.is_read || request.content_type() != "multipart/form-data") co_return;
  MultipartReader reader(full_content_type(request), limits_of(request));
  BodyStream body(request);
  while (const std::optional<std::string> piece = co_await body.next()) reader.take(*piece);
  form = reader.finish();
}

}  // namespace hornbeam::web
