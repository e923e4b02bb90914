#include "hornbeam/web/static_files.h"

#include <array>
#include <cerrno>
#include <mutex>
#include <optional>
#include <utility>

#include <unistd.h>

#include "hornbeam/base/thread_pool.h"
#include "hornbeam/web/cookie.h"
#include "hornbeam/web/internal/file_cache.h"

namespace hornbeam::web {

namespace {

constexpr std::size_t kPieceBytes = std::size_t{64} << 10;

struct Coding {
  std::string_view name;
  std::string_view suffix;
};
constexpr std::array<Coding, 2> kCodings{{{"br", ".br"}, {"gzip", ".gz"}}};

/// What is sent for a name: the file itself or its compressed twin.
struct Chosen {
  std::shared_ptr<const CachedFile> file;
  std::string name;
  std::string_view coding;
};

/// Reads a large file off the loop, and sends it as the client takes it.
base::Task<void> send_file(std::shared_ptr<FileDescriptor> file,
                           std::shared_ptr<base::ThreadPool> readers, ByteRange range,
                           http::BodySink* sink) {
  std::uint64_t at = range.begin;
  const std::uint64_t end = range.begin + range.size;
  while (at < end) {
    const std::size_t wanted =
        static_cast<std::size_t>(std::min<std::uint64_t>(kPieceBytes, end - at));
    std::string piece = co_await readers->run([file, at, wanted] {
      std::string bytes(wanted, '\0');
      const ssize_t got = pread(file->get(), bytes.data(), wanted, static_cast<off_t>(at));
      bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
      return bytes;
    });
    if (piece.empty()) throw std::runtime_error("a static file became shorter while it was sent");
    at += piece.size();
    if (!co_await sink->write(std::move(piece))) co_return;
  }
}

std::string cache_control(const StaticOptions& options) {
  if (options.max_age.count() == 0) return "no-cache";
  return "public, max-age=" + std::to_string(options.max_age.count());
}

}  // namespace

struct StaticFiles::State {
  StaticOptions options;
  std::unique_ptr<FileCache> folder;
  EmbeddedFiles embedded;
  std::once_flag readers_made;
  std::shared_ptr<base::ThreadPool> readers;

  std::shared_ptr<const CachedFile> find(std::string_view name) const {
    if (folder != nullptr) return folder->find(name);
    auto file = std::make_shared<CachedFile>();
    if (const auto found = embedded.find(name); found != embedded.end()) {
      file->exists = true;
      file->size = found->second.size();
      file->validators.etag =
          "\"" + std::to_string(std::hash<std::string_view>()(found->second)) + "\"";
    }
    return file;
  }

  Chosen choose(const Request& request, std::string_view name) const {
    Chosen chosen{find(name), std::string(name), {}};
    if (!chosen.file->exists || !options.uses_precompressed) return chosen;
    for (const Coding& coding : kCodings) {
      if (!accepts_encoding(request, coding.name)) continue;
      std::string twin = std::string(name) + std::string(coding.suffix);
      if (auto file = find(twin); file->exists) return {file, std::move(twin), coding.name};
    }
    return chosen;
  }

  Response::Body body(const Chosen& chosen, ByteRange range) {
    if (folder == nullptr) {
      return http::SharedBytes{embedded.find(chosen.name)->second.substr(range.begin, range.size),
                               nullptr};
    }
    if (const auto& content = chosen.file->content) {
      return http::SharedBytes{std::string_view(*content).substr(range.begin, range.size), content};
    }
    auto file = std::make_shared<FileDescriptor>(folder->open(chosen.name));
    if (!*file) throw not_found("there is no such file");
    std::call_once(readers_made, [this] { readers = std::make_shared<base::ThreadPool>(2); });
    return http::StreamBody([file, pool = readers, range](http::BodySink& sink) {
      return send_file(file, pool, range, &sink);
    });
  }
};

StaticFiles::StaticFiles(const std::string& folder, StaticOptions options)
    : state_(std::make_unique<State>()) {
  state_->options = options;
  state_->folder = std::make_unique<FileCache>(folder, options);
}
StaticFiles::StaticFiles(EmbeddedFiles files, StaticOptions options)
    : state_(std::make_unique<State>()) {
  state_->options = options;
  state_->embedded = std::move(files);
}
StaticFiles::StaticFiles(StaticFiles&&) noexcept = default;
StaticFiles& StaticFiles::operator=(StaticFiles&&) noexcept = default;
StaticFiles::~StaticFiles() = default;

Response StaticFiles::answer(const Request& request, std::string_view name) const {
  const Chosen chosen = state_->choose(request, name);
  if (!chosen.file->exists) throw not_found("there is no such file");
  const CachedFile& file = *chosen.file;

  Response response(200);
  response.set_field("ETag", file.validators.etag);
  if (file.validators.last_modified != 0) {
    response.set_field("Last-Modified", http_date(file.validators.last_modified));
  }
  response.set_field("Cache-Control", cache_control(state_->options));
  if (state_->options.uses_precompressed) response.set_field("Vary", "Accept-Encoding");
  if (is_not_modified(request, file.validators)) {
    response.set_status(304);
    return response;
  }
  response.set_field("Accept-Ranges", "bytes");
  const RangeRequest asked = requested_range(request, file.validators, file.size);
  if (asked.is_unsatisfiable) {
    response.set_status(416);
    response.set_field("Content-Range", "bytes */" + std::to_string(file.size));
    return response;
  }
  const ByteRange range = asked.range.value_or(ByteRange{0, file.size});
  if (asked.range) {
    response.set_status(206);
    response.set_field("Content-Range", "bytes " + std::to_string(range.begin) + "-" +
                                            std::to_string(range.begin + range.size - 1) + "/" +
                                            std::to_string(file.size));
  }
  if (!chosen.coding.empty()) response.set_field("Content-Encoding", std::string(chosen.coding));
  response.set_content_type(std::string(media_type_of(name)));
  response.set_field("X-Content-Type-Options", "nosniff");
  response.set_body(state_->body(chosen, range));
  return response;
}

std::string_view media_type_of(std::string_view name) noexcept {
  struct Entry {
    std::string_view suffix;
    std::string_view type;
  };
  constexpr std::array<Entry, 27> kTypes{{{"html", "text/html; charset=utf-8"},
                                          {"htm", "text/html; charset=utf-8"},
                                          {"css", "text/css; charset=utf-8"},
                                          {"js", "text/javascript; charset=utf-8"},
                                          {"mjs", "text/javascript; charset=utf-8"},
                                          {"json", "application/json"},
                                          {"map", "application/json"},
                                          {"webmanifest", "application/manifest+json"},
                                          {"txt", "text/plain; charset=utf-8"},
                                          {"md", "text/markdown; charset=utf-8"},
                                          {"csv", "text/csv; charset=utf-8"},
                                          {"xml", "application/xml"},
                                          {"pdf", "application/pdf"},
                                          {"wasm", "application/wasm"},
                                          {"zip", "application/zip"},
                                          {"gz", "application/gzip"},
                                          {"svg", "image/svg+xml"},
                                          {"png", "image/png"},
                                          {"jpg", "image/jpeg"},
                                          {"jpeg", "image/jpeg"},
                                          {"gif", "image/gif"},
                                          {"webp", "image/webp"},
                                          {"avif", "image/avif"},
                                          {"ico", "image/x-icon"},
                                          {"woff2", "font/woff2"},
                                          {"mp4", "video/mp4"},
                                          {"mp3", "audio/mpeg"}}};
  const std::size_t dot = name.rfind('.');
  if (dot != std::string_view::npos) {
    for (const Entry& entry : kTypes) {
      if (name.substr(dot + 1) == entry.suffix) return entry.type;
    }
  }
  return "application/octet-stream";
}

}  // namespace hornbeam::web
