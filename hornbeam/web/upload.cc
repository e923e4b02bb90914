#include "hornbeam/web/upload.h"

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "hornbeam/web/http_error.h"
#include "hornbeam/web/internal/multipart_form.h"

namespace hornbeam::web {

namespace {

constexpr std::size_t kCopyBytes = std::size_t{256} << 10;

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

std::string read_at(const http::OpenFile& file, std::uint64_t offset, std::size_t size) {
  std::string bytes(size, '\0');
  std::size_t filled = 0;
  while (filled < size) {
    const ssize_t got = ::pread(file.descriptor(), bytes.data() + filled, size - filled,
                                static_cast<off_t>(offset + filled));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) fail("an upload cannot be read back");
    filled += static_cast<std::size_t>(got);
  }
  return bytes;
}

void write_whole(const http::OpenFile& file, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file.descriptor(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("the upload cannot be written to '" + path + "'");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

bool is_one_component(std::string_view name) {
  constexpr std::string_view kSeparators("/\\\0", 3);
  return !name.empty() && name != "." && name != ".." &&
         name.find_first_of(kSeparators) == std::string_view::npos;
}

void require_multipart(const Request& request) {
  if (request.content_type() == "multipart/form-data") return;
  throw unsupported_media_type(
      "the body must be a form with files. Mend: send it as multipart/form-data, in HTML with "
      "enctype=\"multipart/form-data\"");
}

}  // namespace

std::string secure_filename(std::string_view filename) {
  // Old browsers send whole paths, with either kind of slash.
  const std::size_t slash = filename.find_last_of("/\\");
  if (slash != std::string_view::npos) filename.remove_prefix(slash + 1);
  std::string safe;
  for (const char each : filename) {
    const bool is_plain = (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') ||
                          (each >= '0' && each <= '9') || each == '.' || each == '-' || each == '_';
    if (is_plain) {
      safe += each;
    } else if (each == ' ' && !safe.empty() && safe.back() != '_') {
      safe += '_';
    }
  }
  safe.erase(0, safe.find_first_not_of("._"));
  while (!safe.empty() && (safe.back() == '.' || safe.back() == '_')) safe.pop_back();
  return safe.empty() ? "file" : safe;
}

std::string Upload::safe_filename() const {
  return secure_filename(filename());
}

std::string Upload::read() const {
  if (state_->file == nullptr) return state_->bytes;
  return read_at(*state_->file, 0, static_cast<std::size_t>(state_->size));
}

void Upload::save(const std::string& folder, std::string_view name) const {
  if (!is_one_component(name)) {
    throw std::invalid_argument("an upload is saved under a plain name, and '" + std::string(name) +
                                "' is none. Mend: use safe_filename(), or a name of your own");
  }
  const std::string path = folder + "/" + std::string(name);
  // A link that lies there already is not followed out of the folder.
  const http::OpenFile out(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644));
  if (out.descriptor() < 0) fail("the upload cannot be written to '" + path + "'");
  if (state_->file == nullptr) return write_whole(out, state_->bytes, path);
  for (std::uint64_t at = 0; at < state_->size; at += kCopyBytes) {
    const auto size =
        static_cast<std::size_t>(std::min<std::uint64_t>(kCopyBytes, state_->size - at));
    write_whole(out, read_at(*state_->file, at, size), path);
  }
}

const Upload* Uploads::find(std::string_view field) const noexcept {
  for (const Upload& file : files_) {
    if (file.field() == field) return &file;
  }
  return nullptr;
}

const Upload& Uploads::operator[](std::string_view field) const {
  if (const Upload* file = find(field)) return *file;
  throw unprocessable("the form has no file '" + std::string(field) + "'");
}

std::vector<Upload> Uploads::find_all(std::string_view field) const {
  std::vector<Upload> found;
  for (const Upload& file : files_) {
    if (file.field() == field) found.push_back(file);
  }
  return found;
}

base::Task<void> Extract<Uploads>::prepare(const Request& request) {
  require_multipart(request);
  return read_multipart_form(request);
}

Uploads Extract<Uploads>::from(const Request& request) {
  return Uploads(multipart_form(request).files);
}

base::Task<void> Extract<Upload>::prepare(const Request& request) {
  return Extract<Uploads>::prepare(request);
}

Upload Extract<Upload>::from(const Request& request) {
  const std::vector<Upload>& files = multipart_form(request).files;
  if (files.empty()) throw unprocessable("the form has no file");
  return files.front();
}

}  // namespace hornbeam::web
