#pragma once

#include <chrono>
#include <string>

#include "hornbeam/web/request.h"

namespace hornbeam::web {

/// How a file is given to the client.
struct SendFileOptions {
  /// Save it rather than show it: Content-Disposition: attachment.
  bool is_attachment = false;
  /// The name it is saved under; empty: the file's own.
  std::string download_name;
  /// Empty: what the name says.
  std::string content_type;
  /// How long clients may use it without asking again. Zero: they ask.
  std::chrono::seconds max_age{0};
};

/// The file at `path` as a response, with ETag and Last-Modified, ranges and 304, sent by the
/// kernel. 404 if there is no such regular file. `path` is the application's own: nothing of what a
/// client says may stand in it; for a folder of files use `static_files`.
Response send_file(const Request& request, const std::string& path, SendFileOptions options = {});

}  // namespace hornbeam::web
