#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "hornbeam/base/json_write.h"

namespace hornbeam::base {

/// Writes JSON whose shape is known only at run time, with the commas where they belong.
///
///   JsonWriter out;
///   out.begin_object().member("took", 3).key("hits").begin_array().value("a").end_array();
///   out.end_object();
///   out.take();  // {"took":3,"hits":["a"]}
///
/// The caller opens and closes in pairs, and gives an object's values their keys.
class JsonWriter {
 public:
  /// Opens an object, as a value.
  JsonWriter& begin_object() { return separate().append("{"); }
  /// Closes the object that was opened last.
  JsonWriter& end_object() { return append("}"); }
  /// Opens an array, as a value.
  JsonWriter& begin_array() { return separate().append("["); }
  /// Closes the array that was opened last.
  JsonWriter& end_array() { return append("]"); }
  /// The name of the value that comes next.
  JsonWriter& key(std::string_view name) {
    separate();
    append_json_string(text_, name);
    return append(":");
  }
  /// Any value that `append_json` writes.
  template <class Value>
  JsonWriter& value(const Value& value) {
    separate();
    append_json(text_, value);
    return *this;
  }
  /// A value that is JSON already. Requires: it is valid.
  JsonWriter& raw(std::string_view json) { return separate().append(json); }

  /// A key and its value.
  template <class Value>
  JsonWriter& member(std::string_view name, const Value& value) {
    return key(name).value(value);
  }
  /// A key and a value that is JSON already.
  JsonWriter& raw_member(std::string_view name, std::string_view json) {
    return key(name).raw(json);
  }

  /// What was written so far.
  std::string_view text() const noexcept { return text_; }
  /// What was written; the writer is empty then.
  std::string take() { return std::exchange(text_, {}); }

 private:
  JsonWriter& separate() {
    // A value never ends with one of these, not even a string, which ends with its quote.
    const char last = text_.empty() ? '[' : text_.back();
    if (last != '{' && last != '[' && last != ':') text_ += ',';
    return *this;
  }
  JsonWriter& append(std::string_view text) {
    text_ += text;
    return *this;
  }

  std::string text_;
};

}  // namespace hornbeam::base
