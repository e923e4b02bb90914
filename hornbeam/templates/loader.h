#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hornbeam::templates {

/// Where templates come from.
class Loader {
 public:
  /// A template's text and which version of it that is.
  struct Source {
    std::string text;          ///< The text, in UTF-8.
    std::int64_t version = 0;  ///< Another one once the template has changed.
  };
  virtual ~Loader() = default;
  /// The template's text; nothing if there is none of that name.
  virtual std::optional<Source> load(std::string_view name) const = 0;
  /// Its version alone; 0 if versions do not change.
  virtual std::int64_t version(std::string_view) const { return 0; }
  /// The names of all templates there are.
  virtual std::vector<std::string> names() const = 0;
};

/// A file built into the program.
struct EmbeddedTemplate {
  std::string_view name;  ///< What templates call it, such as "users/show.html".
  std::string_view text;  ///< Its text. Lifetime: static.
};

/// The files of a folder. A name never leads out of it.
std::unique_ptr<Loader> folder(std::string path);
/// Templates given by name.
std::unique_ptr<Loader> texts(std::map<std::string, std::string, std::less<>> by_name);
/// Templates built into the program. Lifetime: `files` outlives the loader.
std::unique_ptr<Loader> embedded(std::span<const EmbeddedTemplate> files);
/// The first of several that has the template.
std::unique_ptr<Loader> first_of(std::vector<std::unique_ptr<Loader>> loaders);

}  // namespace hornbeam::templates
