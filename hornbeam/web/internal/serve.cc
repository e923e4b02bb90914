#include "hornbeam/web/internal/serve.h"

#include <csignal>
#include <cstdio>
#include <exception>
#include <string_view>
#include <thread>

#include <pthread.h>
#include <sys/prctl.h>

#include "hornbeam/base/log.h"
#include "hornbeam/http/server.h"
#include "hornbeam/web/internal/settled_change.h"
#include "hornbeam/web/server_status.h"

namespace hornbeam::web {

namespace {

void reload_certificates(http::Server& server, std::string_view why) {
  try {
    server.reload_tls();
    base::log_info("certificates read again", {{"because", why}});
  } catch (const std::exception& failure) {
    base::log_error("the new certificates cannot be used; the old ones stay",
                    {{"because", why}, {"error", failure.what()}});
  }
}

/// Waits for one of `stops`. Meanwhile, with TLS, SIGHUP has the certificates read again, and so
/// have changes to their files.
void wait_for_stop(const sigset_t& stops, const ServeOptions& options, http::Server& server) {
  if (options.tls_certificate.empty()) {
    int received = 0;
    sigwait(&stops, &received);
    return;
  }
  SettledChange change({options.tls_certificate, options.tls_key});
  constexpr timespec kLook{1, 0};
  while (true) {
    const int received = sigtimedwait(&stops, nullptr, &kLook);
    if (received == SIGHUP) {
      reload_certificates(server, "SIGHUP");
    } else if (received > 0) {
      return;
    } else if (change.look()) {
      reload_certificates(server, "the files changed");
    }
  }
}

}  // namespace

int serve(App& app, const ServeOptions& options) {
  // Blocked before any thread begins, so that only the wait below takes them.
  sigset_t stops;
  sigemptyset(&stops);
  sigaddset(&stops, SIGINT);
  sigaddset(&stops, SIGTERM);
  const bool is_tls = !options.tls_certificate.empty();
  if (is_tls) sigaddset(&stops, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &stops, nullptr);

  // A child ends with the parent that holds its socket.
  if (options.inherited_socket) prctl(PR_SET_PDEATHSIG, SIGTERM);

  http::ServerOptions server_options;
  server_options.host = options.host;
  server_options.port = options.port;
  server_options.loops = options.loops;
  server_options.inherited_socket = options.inherited_socket;
  if (is_tls) server_options.tls = http::TlsOptions{options.tls_certificate, options.tls_key};
  http::Server server(server_options, app.handler());
  server.start();
  app.server_status().attach([&server] { return server.statistics(); });
  app.start_background(server.loop());
  if (!options.inherited_socket) {
    const bool is_ipv6 = options.host.find(':') != std::string::npos;
    fmt::print("Serving on {}://{}{}{}:{}  (Ctrl+C stops)\n", is_tls ? "https" : "http",
               is_ipv6 ? "[" : "", options.host, is_ipv6 ? "]" : "", server.port());
    std::fflush(stdout);
  }

  wait_for_stop(stops, options, server);
  // A second signal ends the process at once; new certificates do not matter any more.
  sigdelset(&stops, SIGHUP);
  pthread_sigmask(SIG_UNBLOCK, &stops, nullptr);
  app.server_status().begin_drain();
  if (options.shutdown_delay > std::chrono::milliseconds(0)) {
    base::log_info("not ready any more, serving on for {} s",
                   std::chrono::duration<double>(options.shutdown_delay).count());
    std::this_thread::sleep_for(options.shutdown_delay);
  }
  base::log_info("stopping: requests under way may finish");
  if (!app.stop_background(std::chrono::seconds(5))) {
    base::log_warning("a background task did not end in 5 seconds");
  }
  server.stop();
  app.server_status().attach(nullptr);
  return 0;
}

}  // namespace hornbeam::web
