#include "hornbeam/web/shell.h"

#include <algorithm>
#include <ctime>
#include <istream>
#include <ostream>
#include <stdexcept>

#include <fmt/format.h>

#include "hornbeam/http/token.h"
#include "hornbeam/web/internal/listing.h"

namespace hornbeam::web {

namespace {

std::string trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(" \t\r") + 1 - begin));
}

/// A line's first word, and what follows it.
std::pair<std::string, std::string> take_word(std::string_view line) {
  const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
  return {std::string(line.substr(0, end)), trimmed(line.substr(end))};
}

[[noreturn]] void refuse(const std::string& what) {
  throw std::invalid_argument(what);
}

/// What a body most likely is, by how it begins.
std::string content_type_of(std::string_view body) {
  if (body.starts_with('{') || body.starts_with('[')) return "application/json";
  const bool is_form =
      body.find('=') != std::string_view::npos && body.find(' ') == std::string_view::npos;
  return is_form ? "application/x-www-form-urlencoded" : "text/plain; charset=utf-8";
}

bool is_text(std::string_view body) {
  return std::ranges::none_of(body, [](unsigned char each) {
    return each < ' ' && each != '\n' && each != '\t' && each != '\r' && each != '\f';
  });
}

TestClientOptions client_options() {
  TestClientOptions options;
  options.propagates_errors = false;
  options.patience = std::chrono::seconds(60);
  return options;
}

}  // namespace

Shell::Shell(App& app, const Config& config, std::ostream& out)
    : app_(&app), config_(&config), out_(&out), client_(app, client_options()) {
  add_request_words();
  add_words();
  add_app_words();
}

void Shell::add_request_words() {
  auto add = [this](std::string name, http::Method method, std::string usage, std::string help) {
    words_.push_back({std::move(name), std::move(usage), std::move(help),
                      [this, method](const std::string& rest) { send(method, rest); }});
  };
  add("get", http::Method::kGet, "PATH", "Ask for a path");
  add("head", http::Method::kHead, "PATH", "Ask for its header fields only");
  add("post", http::Method::kPost, "PATH [BODY]",
      "Send JSON ({...} or [...]), a form (a=1&b=2), or text");
  add("put", http::Method::kPut, "PATH [BODY]", "As post");
  add("patch", http::Method::kPatch, "PATH [BODY]", "As post");
  add("delete", http::Method::kDelete, "PATH [BODY]", "As post");
  add("options", http::Method::kOptions, "PATH", "Ask which methods a path has");
}

void Shell::add_words() {
  auto add = [this](std::string name, std::string usage, std::string help, auto run) {
    words_.push_back({std::move(name), std::move(usage), std::move(help),
                      [run](const std::string& rest) { run(rest); }});
  };
  add("follow", "", "Go where the last response redirects to", [this](const auto&) { follow(); });
  add("last", "", "Show the last request and its response as on the wire", [this](const auto&) {
    if (!last_) refuse("nothing was asked yet. Mend: get /");
    *out_ << last_->to_string() << '\n';
  });
  add("header", "[NAME: VALUE]", "Send a field with what follows; without a value no more; or list",
      [this](const std::string& rest) { set_header(rest); });
  add("cookies", "[clear]", "Show the cookies kept for /, or forget all",
      [this](const std::string& rest) {
        if (rest == "clear") return client_.cookies().clear();
        if (!rest.empty()) refuse("cookies takes nothing, or 'clear'");
        const std::string kept =
            client_.cookies().cookies_for("localhost", "/", false, std::time(nullptr));
        *out_ << (kept.empty() ? "none" : kept) << '\n';
      });
  add("routes", "[TEXT]", "List the routes whose path or name contains it",
      [this](const std::string& rest) { *out_ << list_routes(*app_, {.text = rest}); });
  add("urls", "[NAME [KEY=VALUE...]]", "Build a route's URL, or list the names",
      [this](const std::string& rest) { build_url(rest); });
  add("config", "", "Show the configuration, without secrets",
      [this](const auto&) { *out_ << list_config(*config_, false); });
  add("history", "", "Show the lines so far; !3 repeats the third, !! the last",
      [this](const auto&) {
        for (std::size_t i = 0; i < history_.size(); ++i) {
          *out_ << fmt::format("{:4}  {}\n", i + 1, history_[i]);
        }
      });
  add("help", "", "This", [this](const auto&) { print_help(); });
  add("quit", "", "End", [this](const auto&) { is_over_ = true; });
}

void Shell::add_app_words() {
  for (ShellWord& word : app_->shell_words()) {
    words_.push_back({word.name, "...", word.help, [this, &word](const std::string& rest) {
                        const std::string text = word.run(rest);
                        *out_ << text << (text.empty() || text.ends_with('\n') ? "" : "\n");
                      }});
  }
  for (Command& command : app_->commands()) {
    words_.push_back({command.name, command.usage, command.help,
                      [this, &command](const std::string& rest) { run_command(command, rest); }});
  }
}

bool Shell::run(std::istream& in, std::string_view prompt) {
  bool is_right = true;
  std::string line;
  while (!is_over_) {
    *out_ << prompt << std::flush;
    if (!std::getline(in, line)) {
      if (!prompt.empty()) *out_ << '\n';
      break;
    }
    is_right &= run_line(line);
    out_->flush();
  }
  return is_right;
}

bool Shell::run_line(std::string line) {
  line = trimmed(line);
  if (line.empty() || line.starts_with('#')) return true;
  try {
    line = recalled(line);
    history_.push_back(line);
    const auto [name, rest] = take_word(line);
    const auto word = std::ranges::find(words_, name, &Word::name);
    if (word == words_.end()) {
      std::vector<std::string_view> known;
      for (const Word& each : words_) known.push_back(each.name);
      const std::string nearest = nearest_word(name, known);
      refuse("there is no word '" + name + "'" +
             (nearest.empty() ? "" : " (did you mean '" + nearest + "'?)") +
             ". Mend: help lists those there are");
    }
    word->run(rest);
    return true;
  } catch (const std::exception& error) {
    *out_ << "error: " << error.what() << '\n';
    return false;
  }
}

std::string Shell::recalled(const std::string& line) const {
  if (!line.starts_with('!')) return line;
  const std::string which = line.substr(1);
  const auto number =
      which == "!" ? std::optional(history_.size()) : PathSegment<std::size_t>::parse(which);
  if (!number || *number == 0 || *number > history_.size()) {
    refuse("there is no line '" + which + "'. Mend: history lists them");
  }
  const std::string& found = history_[*number - 1];
  *out_ << found << '\n';
  return found;
}

void Shell::send(http::Method method, const std::string& rest) {
  auto [target, body] = take_word(rest);
  if (!target.starts_with('/')) {
    refuse("'" + target + "' is no path. Mend: begin it with a slash: get /");
  }
  TestRequest request{.method = method, .target = std::move(target), .fields = headers_};
  request.body = std::move(body);
  const bool has_type = std::ranges::any_of(
      headers_, [](const auto& field) { return field.first == "content-type"; });
  if (!request.body.empty() && !has_type) {
    request.fields.emplace_back("content-type", content_type_of(request.body));
  }
  show(client_.request(method, request.target, [&](TestRequest& made) { made = request; }));
}

void Shell::show(const TestResponse& response) {
  last_ = response;
  *out_ << response.status();
  if (!response.content_type().empty()) *out_ << "  " << response.content_type();
  for (const char* name : {"location", "allow", "set-cookie"}) {
    for (const std::string& value : response.find_headers(name)) {
      *out_ << "  " << name << ": " << value;
    }
  }
  *out_ << '\n';
  const std::string& body = response.body();
  if (body.empty()) return;
  if (!is_text(body)) {
    *out_ << "(" << body.size() << " bytes that are no text)\n";
    return;
  }
  *out_ << body << (body.ends_with('\n') ? "" : "\n");
}

void Shell::follow() {
  const auto location = last_ ? last_->find_header("location") : std::nullopt;
  if (!location) refuse("the last response does not redirect. Mend: get /");
  std::string target = location->substr(0, location->find('#'));
  if (const std::string_view own = "http://localhost/"; target.starts_with(own)) {
    target.erase(0, own.size() - 1);
  }
  if (target.starts_with("//") || !target.starts_with('/')) {
    refuse("'" + *location + "' leads out of this application");
  }
  // RFC 9110, 15.4: 307 and 308 keep the method and the body.
  TestRequest request = last_->request();
  if (last_->status() != 307 && last_->status() != 308) {
    request = {.method = http::Method::kGet, .fields = headers_};
  }
  request.target = target;
  show(client_.request(request.method, target, [&](TestRequest& made) { made = request; }));
}

void Shell::set_header(const std::string& rest) {
  if (rest.empty()) {
    for (const auto& [name, value] : headers_) *out_ << name << ": " << value << '\n';
    return;
  }
  const std::size_t colon = rest.find(':');
  const std::string name = http::lower_case(trimmed(rest.substr(0, colon)));
  if (colon == std::string::npos || name.empty() || name.find(' ') != std::string::npos) {
    refuse("'" + rest + "' is no field. Mend: header Accept: application/json");
  }
  const std::string value = trimmed(std::string_view(rest).substr(colon + 1));
  std::erase_if(headers_, [&](const auto& field) { return field.first == name; });
  if (!value.empty()) headers_.emplace_back(name, value);
}

void Shell::build_url(const std::string& rest) {
  const std::vector<std::string> parts = shell_split(rest);
  if (parts.empty()) {
    for (const std::string_view name : app_->urls().names()) {
      // Those without a name of their own are kept under '#'.
      if (!name.starts_with('#')) *out_ << name << '\n';
    }
    return;
  }
  UrlValues values;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::size_t equals = parts[i].find('=');
    if (equals == std::string::npos) refuse("'" + parts[i] + "' is no KEY=VALUE");
    values.add(parts[i].substr(0, equals), parts[i].substr(equals + 1));
  }
  *out_ << app_->urls().build(parts[0], values) << '\n';
}

void Shell::print_help() const {
  std::size_t width = 0;
  for (const Word& word : words_) width = std::max(width, word.name.size() + word.usage.size());
  for (const Word& word : words_) {
    *out_ << fmt::format("{:{}}  {}\n", word.name + " " + word.usage, width + 1, word.help);
  }
}

void Shell::run_command(Command& command, const std::string& rest) {
  out_->flush();
  if (const int code = command.run(shell_split(rest))) {
    refuse("'" + command.name + "' gave the exit code " + std::to_string(code));
  }
}

std::vector<std::string> shell_split(std::string_view line) {
  std::vector<std::string> words;
  bool is_in_word = false;
  char quote = '\0';
  for (const char each : line) {
    if (quote != '\0') {
      if (each == quote) {
        quote = '\0';
      } else {
        words.back() += each;
      }
      continue;
    }
    if (each == ' ' || each == '\t') {
      is_in_word = false;
      continue;
    }
    if (!is_in_word) words.emplace_back();
    is_in_word = true;
    if (each == '"' || each == '\'') {
      quote = each;
    } else {
      words.back() += each;
    }
  }
  if (quote != '\0') refuse(std::string("the quote ") + quote + " is not closed. Mend: close it");
  return words;
}

}  // namespace hornbeam::web
