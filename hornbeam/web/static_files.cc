#include "hornbeam/web/static_files.h"

#include <array>
#include <cerrno>
#include <optional>
#include <utility>

#include <unistd.h>

#include "hornbeam/web/cookie.h"
#include "hornbeam/web/internal/file_cache.h"
#include "hornbeam/web/negotiation.h"

namespace hornbeam::web {

namespace {

struct Coding {
  std::string_view name;
  std::string_view suffix;
};
// The first of those that a client likes equally well is sent.
constexpr std::array<Coding, 3> kCodings{{{"br", ".br"}, {"zstd", ".zst"}, {"gzip", ".gz"}}};

/// What is sent for a name: the file itself or its compressed twin.
struct Chosen {
  std::shared_ptr<const CachedFile> file;
  std::string name;
  std::string_view coding;
};

std::string cache_control(const StaticOptions& options) {
  if (options.max_age.count() == 0) return "no-cache";
  return "public, max-age=" + std::to_string(options.max_age.count());
}

}  // namespace

struct StaticFiles::State {
  StaticOptions options;
  std::unique_ptr<FileCache> folder;
  EmbeddedFiles embedded;

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
    const std::string_view accept = request.find_header("accept-encoding").value_or("");
    int best = 0;
    for (const Coding& coding : kCodings) {
      const int quality = encoding_quality(accept, coding.name);
      if (quality <= best) continue;
      std::string twin = std::string(name) + std::string(coding.suffix);
      auto file = find(twin);
      if (!file->exists) continue;
      best = quality;
      chosen = {std::move(file), std::move(twin), coding.name};
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
    FileDescriptor opened = folder->open(chosen.name);
    if (!opened) throw not_found("there is no such file");
    auto file = std::make_shared<http::OpenFile>(opened.release());
    return http::FileBody{std::move(file), range.begin, range.size};
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

bool StaticFiles::has_index() const noexcept {
  return !state_->options.index.empty();
}

Response StaticFiles::answer(const Request& request, std::string_view name) const {
  std::string indexed;
  if (!state_->options.index.empty() && (name.empty() || name.ends_with('/'))) {
    name = indexed = std::string(name) + state_->options.index;
  }
  const Chosen chosen = state_->choose(request, name);
  if (!chosen.file->exists) throw not_found("there is no such file");
  Response response(200);
  response.set_field("Cache-Control", cache_control(state_->options));
  if (state_->options.uses_precompressed) response.set_field("Vary", "Accept-Encoding");
  if (!chosen.coding.empty()) response.set_field("Content-Encoding", std::string(chosen.coding));
  response.set_content_type(std::string(media_type_of(name)));
  response.set_field("X-Content-Type-Options", "nosniff");
  return answer_with_range(request, std::move(response), chosen.file->validators, chosen.file->size,
                           [&](ByteRange range) { return state_->body(chosen, range); });
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
