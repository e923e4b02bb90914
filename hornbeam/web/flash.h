#pragma once

// Flash messages: a word to the user that outlives one redirect.
//
//   flash(session, "The post is saved.", "success");
//   return redirect("/");
//
// The page that comes next shows them; one request may read them as often as it likes, and with the
// next they are gone. They travel in the session as Flask's do (`_flashes`).

#include <string>
#include <string_view>
#include <vector>

namespace hornbeam::web {

class Request;
class Session;

/// A message that the next page shows.
struct FlashMessage {
  /// Such as "error", for the page's looks; "message" unless said otherwise.
  std::string category;
  std::string text;  ///< What to tell the user. Not HTML: pages escape it.

  friend bool operator==(const FlashMessage&, const FlashMessage&) = default;
};

/// Keeps `text` for the next page that asks.
void flash(Session& session, std::string_view text, std::string_view category = "message");
void flash(const Request& request, std::string_view text, std::string_view category = "message");

/// The messages kept so far, the oldest first; those of `categories` only, if it names any. The
/// session forgets all of them on the first call. Lifetime of the messages: their own.
std::vector<FlashMessage> get_flashed_messages(const Request& request,
                                               const std::vector<std::string>& categories = {});

}  // namespace hornbeam::web
