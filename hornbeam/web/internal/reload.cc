#include "hornbeam/web/internal/reload.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <memory>
#include <system_error>

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hornbeam/base/encoding.h"
#include "hornbeam/base/log.h"
#include "hornbeam/http/server.h"
#include "hornbeam/web/internal/child_process.h"
#include "hornbeam/web/internal/file_watch.h"
#include "hornbeam/web/respond.h"

namespace hornbeam::web {

namespace {

constexpr auto kLookEvery = std::chrono::milliseconds(300);
constexpr auto kPatience = std::chrono::seconds(5);

/// The socket that all children serve from.
int open_listener(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) {
    throw std::invalid_argument("'" + host + "' is no numeric address. Mend: write 127.0.0.1");
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> address(found, freeaddrinfo);
  const int listener = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
      bind(listener, address->ai_addr, address->ai_addrlen) != 0 || listen(listener, 1024) != 0) {
    throw std::system_error(errno, std::generic_category(),
                            "cannot listen on " + host + ":" + std::to_string(port));
  }
  return listener;
}

std::uint16_t port_of(int listener) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  getsockname(listener, reinterpret_cast<sockaddr*>(&storage), &size);
  return ntohs(storage.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(storage).sin6_port
                                             : reinterpret_cast<sockaddr_in&>(storage).sin_port);
}

/// Answers everything with what went wrong, and has browsers ask again.
class TroublePage final : public http::Handler {
 public:
  TroublePage(std::string_view title, std::string_view details)
      : page_(
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
            "<meta http-equiv=\"refresh\" content=\"2\">\n<title>" +
            base::html_escape(title) +
            "</title>\n<style>:root{color-scheme:light dark}body{font:1rem/1.5 system-ui;"
            "margin:2rem}pre{overflow:auto}</style>\n<h1>" +
            base::html_escape(title) +
            "</h1>\n<p>This page goes on by itself once it is mended."
            "</p>\n<pre>" +
            base::html_escape(details) + "</pre>\n</html>\n") {}

  http::Reply handle(http::Request&) override { return html(page_, 503); }

 private:
  std::string page_;
};

class Reloader {
 public:
  explicit Reloader(const ReloadOptions& options)
      : options_(options),
        program_(std::filesystem::read_symlink("/proc/self/exe").string()),
        listener_(open_listener(options.host, options.port)),
        watch_(options.watched) {}
  ~Reloader() { close(listener_); }
  Reloader(const Reloader&) = delete;
  Reloader& operator=(const Reloader&) = delete;

  int run() {
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGINT);
    sigaddset(&stops, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stops, nullptr);
    fmt::print("Serving on http://{}:{} and reloading  (Ctrl+C stops)\n", options_.host,
               port_of(listener_));
    std::fflush(stdout);
    start();
    const timespec pause{0, std::chrono::nanoseconds(kLookEvery).count()};
    while (sigtimedwait(&stops, nullptr, &pause) < 0) {
      if (child_ != nullptr) {
        if (const auto code = child_->poll()) show_end(*code);
      }
      std::vector<std::string> changed = watch_.changes();
      if (!changed.empty()) reload(changed);
    }
    stop();
    return 0;
  }

 private:
  void start() {
    trouble_server_.reset();
    child_ = std::make_unique<ChildProcess>(
        program_, options_.arguments,
        std::vector{std::string(kInheritedSocketVariable) + "=" + std::to_string(listener_)},
        std::nullopt, listener_);
  }

  void stop() {
    if (child_ != nullptr) child_->stop(kPatience);
    child_.reset();
  }

  /// What is saved while the build runs is seen by the next look, and built then: the state of the
  /// files that this build is for was taken before it began.
  void reload(const std::vector<std::string>& changed) {
    base::log_info("{} changed", changed.front());
    const bool is_built_for = is_broken_ || std::ranges::any_of(changed, needs_build);
    if (!options_.build_command.empty() && is_built_for) {
      const CommandResult built = run_command(options_.build_command);
      is_broken_ = built.code != 0;
      if (is_broken_) {
        show("The build failed", built.output);
        return;
      }
    }
    stop();
    start();
  }

  void show_end(int code) {
    child_.reset();
    show("The program has ended", "It ended with code " + std::to_string(code) +
                                      "; the terminal shows why. It starts again when a file "
                                      "changes.");
  }

  void show(std::string_view title, std::string_view details) {
    base::log_error("{}", title);
    stop();
    trouble_server_.reset();
    trouble_ = std::make_unique<TroublePage>(title, details);
    http::ServerOptions options;
    options.loops = 1;
    options.inherited_socket = listener_;
    options.drain_timeout = std::chrono::seconds(1);
    trouble_server_ = std::make_unique<http::Server>(options, *trouble_);
    trouble_server_->start();
  }

  const ReloadOptions& options_;
  std::string program_;
  int listener_;
  FileWatch watch_;
  bool is_broken_ = false;  ///< The last build failed: whatever changes, build.
  std::unique_ptr<ChildProcess> child_;
  std::unique_ptr<TroublePage> trouble_;
  std::unique_ptr<http::Server> trouble_server_;
};

}  // namespace

int serve_reloading(const ReloadOptions& options) {
  return Reloader(options).run();
}

}  // namespace hornbeam::web
