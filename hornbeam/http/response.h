#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "hornbeam/base/task.h"
#include "hornbeam/http/body.h"

namespace hornbeam::http {

/// Bytes shared by many responses, such as an embedded or cached file. The owner keeps `bytes`
/// alive; null if static.
struct SharedBytes {
  std::string_view bytes;             ///< What is sent.
  std::shared_ptr<const void> owner;  ///< Keeps `bytes` alive until the last response was sent.
};

/// Fields that many responses share, put into wire form once: sending them costs one copy.
class CommonFields {
 public:
  using Field = std::pair<std::string, std::string>;  ///< Name and value.
  /// What a set can hold: `Response` keeps a bit for each.
  static constexpr std::size_t kMax = 32;

  CommonFields() = default;
  /// Throws std::invalid_argument on bad names, control characters, and more than `kMax` fields.
  explicit CommonFields(std::vector<Field> fields);

  /// As they were given, in that order.
  const std::vector<Field>& fields() const noexcept { return fields_; }
  /// All fields, each as "\r\nName: value".
  std::string_view wire() const noexcept { return wire_; }
  /// One of them. Requires: `index` below their number.
  std::string_view wire(std::size_t index) const noexcept {
    const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
    return std::string_view(wire_).substr(begin, ends_[index] - begin);
  }

 private:
  std::vector<Field> fields_;
  std::vector<std::size_t> ends_;
  std::string wire_;
};

/// Writes a body of unknown length; called once, after the head has been sent.
using StreamBody = std::move_only_function<base::Task<void>(BodySink&)>;

/// A body written piece by piece whose length is known, and announced. One that writes another
/// number of bytes has its connection cut off, so that nobody takes it for whole.
struct SizedStream {
  StreamBody write;        ///< Writes the body; called once, on the connection's loop.
  std::uint64_t size = 0;  ///< What Content-Length says. Bytes.
};

/// A file open for reading, closed with its last owner.
class OpenFile {
 public:
  /// Takes `descriptor` over.
  explicit OpenFile(int descriptor) noexcept : descriptor_(descriptor) {}
  ~OpenFile();
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  /// The open descriptor, which this object closes.
  int descriptor() const noexcept { return descriptor_; }

 private:
  int descriptor_;
};

/// A part of an open file, which the kernel sends itself where it can (sendfile).
struct FileBody {
  std::shared_ptr<const OpenFile> file;  ///< The file; it stays open until the response was sent.
  std::uint64_t offset = 0;              ///< Where the part begins. Bytes.
  std::uint64_t size = 0;                ///< How long the part is. Bytes.
};

/// What a handler answers. A value: build it, move it.
class Response {
 public:
  /// All that a body can be: in memory, shared, streamed, or a part of a file.
  using Body = std::variant<std::string, SharedBytes, StreamBody, SizedStream, FileBody>;

  // Not inline: every file that names a response would compile all that its body can be.
  Response();
  /// Without a body.
  explicit Response(int status);
  /// `content_type` must outlive the response: a literal. Others go through `set_content_type`.
  Response(int status, std::string_view content_type, Body body);
  Response(Response&& other) noexcept;
  Response& operator=(Response&& other) noexcept;
  ~Response();

  /// As it will be sent.
  int status() const noexcept { return status_; }
  /// Replaces the status and keeps all else.
  void set_status(int status) noexcept { status_ = status; }

  /// The Content-Type; empty sends none.
  std::string_view content_type() const noexcept {
    return owned_content_type_.empty() ? content_type_ : std::string_view(owned_content_type_);
  }
  /// Throws std::invalid_argument on CR, LF, NUL and other control characters.
  void set_content_type(std::string type);

  /// Fields besides Content-Type, which is `content_type()`, and Content-Length, Transfer-Encoding,
  /// Connection and Date, which are the server's.
  const std::vector<std::pair<std::string, std::string>>& fields() const noexcept {
    return fields_;
  }
  /// Replaces every field called `name`, whatever its case. Throws std::invalid_argument on CR, LF,
  /// NUL, a bad name, or one that is the server's: a length beside the body's own would be a lie.
  void set_field(std::string_view name, std::string value);
  /// Adds one more field called `name`, as Set-Cookie needs. Throws as `set_field`.
  void add_field(std::string_view name, std::string value);
  /// Removes every field called `name`, whatever its case.
  void remove_field(std::string_view name);
  /// The value of the first field called `name`, whatever its case, or null.
  const std::string* find_field(std::string_view name) const noexcept;

  /// Sends `common` too, but for those that this response has already, and those whose bit is set
  /// in `omitted` (bit 0 is the first). To be called last; `find_field` does not see them.
  /// Lifetime: `common` outlives the response.
  void add_common_fields(const CommonFields& common, std::uint32_t omitted = 0) noexcept;
  /// What `add_common_fields` was given, or null.
  const CommonFields* common_fields() const noexcept { return common_; }
  /// Whether the common field at `index` is sent, and not omitted.
  bool sends_common(std::size_t index) const noexcept {
    return common_ != nullptr && (common_omitted_ >> index & 1) == 0;
  }
  /// Whether no common field is omitted.
  bool sends_all_common() const noexcept { return common_omitted_ == 0; }

  /// The body.
  const Body& body() const noexcept { return body_; }
  Body& body() noexcept { return body_; }
  /// Replaces the body and keeps the content type.
  void set_body(Body body);
  /// Whether the body is sent after the head, rather than with it.
  bool is_streamed() const noexcept { return body_.index() > 1; }
  /// The bytes of a body that is not streamed.
  std::string_view bytes() const noexcept;
  /// The length of the body; nothing for a stream that does not know it. Bytes.
  std::optional<std::uint64_t> body_size() const noexcept;

  /// The connection is closed once this response has been sent.
  void close_after() noexcept { closes_ = true; }
  /// Whether the connection is closed after this response.
  bool closes() const noexcept { return closes_; }

 private:
  int status_ = 200;
  bool closes_ = false;
  std::uint32_t common_omitted_ = 0;
  const CommonFields* common_ = nullptr;
  std::string_view content_type_;
  std::string owned_content_type_;
  std::vector<std::pair<std::string, std::string>> fields_;
  Body body_;
};

/// Writes `body`, of whatever kind, to `sink`. For test clients and for what changes bodies on
/// their way. Lifetime: `sink` outlives the task.
base::Task<void> write_body(Response::Body body, BodySink& sink);

}  // namespace hornbeam::http
