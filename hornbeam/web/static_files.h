#pragma once

// StaticFiles: a folder, or files built into the program, as responses.
//
// A path cannot leave the folder, neither by "..", which the kernel refuses (openat2 with
// RESOLVE_BENEATH), nor by a symbolic link that points out of it. Files have an ETag and a
// Last-Modified; one that has not changed is answered with 304, one range of it with 206. Small
// files are kept in memory and looked at again once a second; the kernel sends large ones.

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "hornbeam/web/request.h"
#include "hornbeam/web/respond.h"

namespace hornbeam::web {

/// How browsers keep files.
struct StaticOptions {
  /// How long clients may use a file without asking again. Zero: they ask, and usually get a 304.
  std::chrono::seconds max_age{0};
  /// Files up to this size are kept in memory. Bytes.
  std::size_t cached_file_bytes = std::size_t{1} << 20;
  /// All of them together; past it, the cache begins anew. Bytes.
  std::size_t cache_bytes = std::size_t{64} << 20;
  /// Send "style.css.br", ".zst" or ".gz" for "style.css" to clients that take it, if it is there.
  bool uses_precompressed = true;
  /// What a folder is answered with, such as "index.html". Empty: 404.
  std::string index;
};

/// Files built into the program: names such as "css/site.css" to contents. Lifetime: static.
using EmbeddedFiles = std::map<std::string, std::string_view, std::less<>>;

/// Serves files of a folder, or of the program, with ETags, ranges and precompressed twins (.br,
/// .zst, .gz).
class StaticFiles {
 public:
  /// Throws std::system_error if `folder` cannot be opened.
  StaticFiles(const std::string& folder, StaticOptions options);
  /// Files that the program carries.
  StaticFiles(EmbeddedFiles files, StaticOptions options);
  ~StaticFiles();
  StaticFiles(StaticFiles&&) noexcept;
  StaticFiles& operator=(StaticFiles&&) noexcept;

  /// Answers with the file `name`, such as "css/site.css". Throws the HttpError of what is not
  /// there. Thread: any.
  Response answer(const Request& request, std::string_view name) const;
  /// Whether folders have an answer (`StaticOptions::index`).
  bool has_index() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The media type that a file's name says, such as "text/css; charset=utf-8".
std::string_view media_type_of(std::string_view name) noexcept;

}  // namespace hornbeam::web
