#pragma once

// Uploads: the files of a multipart form.
//
//   app.post("/avatars", [](Form<Profile> profile, Uploads files) {
//     const Upload& picture = files["picture"];
//     picture.save(folder, picture.safe_filename());
//     ...
//   }).max_body(20 << 20);
//
// A route that takes them reads its body as it arrives: small files stay in memory, larger ones go
// to a file without a name, which is gone with the last handle, whatever happens.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/http/response.h"
#include "hornbeam/web/extract.h"

namespace hornbeam::web {

/// One file of a form. Copies are the same file.
class Upload {
 public:
  /// The form's field it came in.
  const std::string& field() const noexcept { return state_->field; }
  /// The name the client gave it: its word, to be shown, escaped, but never to be used as a path.
  const std::string& filename() const noexcept { return state_->filename; }
  /// `filename` as one plain component: letters, digits, '.', '-' and '_', no folder, no leading
  /// dot; "file" if nothing is left.
  std::string safe_filename() const;
  /// The media type the client named; its word too.
  const std::string& content_type() const noexcept { return state_->content_type; }
  /// Of the content. Bytes.
  std::uint64_t size() const noexcept { return state_->size; }

  /// The whole content. Throws std::system_error if it cannot be read back.
  std::string read() const;
  /// Stores the file as `name` in `folder`, in place of what is there. Throws std::invalid_argument
  /// if `name` is more than one component ("../x", "a/b"), std::system_error if it cannot be
  /// written. It writes at once: large files belong on a thread pool.
  void save(const std::string& folder, std::string_view name) const;

 private:
  friend class MultipartReader;
  struct State {
    std::string field;
    std::string filename;
    std::string content_type;
    std::uint64_t size = 0;
    std::string bytes;                           // While it is small;
    std::shared_ptr<const http::OpenFile> file;  // then here.
  };
  explicit Upload(std::shared_ptr<State> state) : state_(std::move(state)) {}

  std::shared_ptr<State> state_;
};

/// The files of the request's form. 415 if the body is no multipart form.
class Uploads {
 public:
  Uploads() = default;
  /// For the extractor, which handlers ask for by taking Uploads.
  explicit Uploads(std::vector<Upload> files) : files_(std::move(files)) {}

  /// The first file of a field; null if there is none.
  const Upload* find(std::string_view field) const noexcept;
  /// The same; 422 if there is none.
  const Upload& operator[](std::string_view field) const;
  /// Every file of a field, as `<input type="file" multiple>` sends them.
  std::vector<Upload> find_all(std::string_view field) const;

  /// How many files there are, over all fields.
  std::size_t size() const noexcept { return files_.size(); }
  /// Whether no file was sent.
  bool empty() const noexcept { return files_.empty(); }
  auto begin() const noexcept { return files_.begin(); }
  auto end() const noexcept { return files_.end(); }

 private:
  std::vector<Upload> files_;
};

/// `filename` as one plain component: see `Upload::safe_filename`.
std::string secure_filename(std::string_view filename);

template <>
struct Extract<Uploads> {
  static constexpr bool kStreamsBody = true;
  static base::Task<void> prepare(const Request& request);
  static Uploads from(const Request& request);
  static void document(Operation& operation) { operation.take_files(); }
};

/// The form's first file. 422 if there is none.
template <>
struct Extract<Upload> {
  static constexpr bool kStreamsBody = true;
  static base::Task<void> prepare(const Request& request);
  static Upload from(const Request& request);
  static void document(Operation& operation) { operation.take_files(); }
};

}  // namespace hornbeam::web
