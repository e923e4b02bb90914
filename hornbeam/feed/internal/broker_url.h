#pragma once

// The URL of a broker of messages, such as redis://:secret@host:6379/0?stream=changes, or
// kafka://one:9092,two:9092/changes.

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

namespace hornbeam::feed::internal {

struct BrokerUrl {
  std::string user;
  std::string password;
  std::string hosts;  ///< "host:port"; several of Kafka's, with commas between.
  std::string path;   ///< Without the slash.
  std::map<std::string, std::string> options;

  /// Reads it. `known` are the options there are; with "*", any that has a dot in its name too.
  /// Throws: std::invalid_argument, which says what is wrong, without the password.
  static BrokerUrl parse(std::string_view url, std::string_view scheme,
                         std::initializer_list<std::string_view> known);
  /// An option, or what is said for it where it is left out.
  std::string option(const std::string& name, std::string otherwise = {}) const;
};

}  // namespace hornbeam::feed::internal
