#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "hornbeam/http/multipart.h"
#include "hornbeam/web/settings.h"
#include "hornbeam/web/upload.h"

namespace hornbeam::web {

/// A multipart form that has been read.
struct MultipartForm {
  Arguments fields;
  std::vector<Upload> files;
  bool is_read = false;
};

/// Turns a multipart body into fields and files, as it arrives. Throws HttpError: 400 for what is
/// malformed, 413 past a limit.
class MultipartReader {
 public:
  MultipartReader(std::string_view content_type, const FormLimits& limits);

  void take(std::string_view bytes);
  /// After the last of the body.
  MultipartForm finish();

 private:
  void begin_part();
  void add(std::string_view data);
  void add_to_file(std::string_view data);
  void end_part();

  FormLimits limits_;
  http::MultipartParser parser_;
  MultipartForm form_;
  std::size_t field_bytes_ = 0;
  std::string value_;                    // Of the present part, if it is a field,
  std::shared_ptr<Upload::State> file_;  // or if it is a file.
};

/// The request's form; one that was buffered is read on the first call.
MultipartForm& multipart_form(const Request& request);
/// Reads the form from a body that streams.
base::Task<void> read_multipart_form(const Request& request);

}  // namespace hornbeam::web
