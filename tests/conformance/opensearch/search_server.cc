// The search API alone, as the REST tests of OpenSearch ask it.
#include <memory>
#include <string>

#include "hornbeam/base/thread_pool.h"
#include "hornbeam/search/node/node.h"
#include "hornbeam/site/search_api/search_api.h"
#include "hornbeam/web/run.h"

namespace {

using namespace hornbeam;

struct SearchServer {
  search::Node node;
  base::ThreadPool pool{2};
  web::App app;

  explicit SearchServer(const web::Config& config)
      : node(config.value("data", std::string("var/search"))) {
    const bool says_elasticsearch = config.value("elasticsearch", false);
    app.mount(site::search_api(node, pool, {.says_elasticsearch = says_elasticsearch}));
  }
};

}  // namespace

int main(int argc, char** argv) {
  return web::run(
      argc, argv, [](const web::Config& config) { return std::make_unique<SearchServer>(config); },
      {.name = "search_server", .description = "Answers as a node of OpenSearch does."});
}
