#include "hornbeam/web/send_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "hornbeam/http/parameters.h"
#include "hornbeam/web/http_error.h"
#include "hornbeam/web/internal/conditional.h"
#include "hornbeam/web/static_files.h"

namespace hornbeam::web {

Response send_file(const Request& request, const std::string& path, SendFileOptions options) {
  auto file =
      std::make_shared<http::OpenFile>(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status{};
  if (file->descriptor() < 0 || ::fstat(file->descriptor(), &status) != 0 ||
      !S_ISREG(status.st_mode)) {
    throw not_found("there is no such file");
  }
  const Validators validators{.etag = "\"" + std::to_string(status.st_mtim.tv_sec) + "." +
                                      std::to_string(status.st_mtim.tv_nsec) + "-" +
                                      std::to_string(status.st_size) + "\"",
                              .last_modified = status.st_mtim.tv_sec};
  if (options.download_name.empty()) options.download_name = path.substr(path.rfind('/') + 1);
  if (options.content_type.empty()) options.content_type = media_type_of(options.download_name);

  Response response(200);
  response.set_content_type(options.content_type);
  response.set_field("Cache-Control",
                     options.max_age.count() == 0
                         ? std::string("no-cache")
                         : "private, max-age=" + std::to_string(options.max_age.count()));
  response.set_field("X-Content-Type-Options", "nosniff");
  if (options.is_attachment) {
    response.set_field("Content-Disposition",
                       http::content_disposition("attachment", options.download_name));
  }
  return answer_with_range(
      request, std::move(response), validators, static_cast<std::uint64_t>(status.st_size),
      [&](ByteRange range) { return http::FileBody{file, range.begin, range.size}; });
}

}  // namespace hornbeam::web
