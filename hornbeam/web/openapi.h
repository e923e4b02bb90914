#pragma once

// OpenApi: the application's own description, as an OpenAPI 3.1 document and as a page to read.
//
//   app.use(OpenApi{.title = "Garden", .version = "2.1.0"});     // /openapi.json and /docs
//   app.get("/beds/{id}", show_bed).summary("One bed");
//   app.post("/beds", add_bed).answers<Bed>(201, "It was stored");
//
// Both are put together once, when the application begins to serve, from what handlers take and
// return, and from the descriptions of structs: what validates requests is what is told of them.
// Sockets and static files are left out; so is a route that says `.undocumented()`.

#include <string>
#include <vector>

namespace hornbeam::web {

class App;

/// An extension.
struct OpenApi {
  std::string title = "API";  ///< Of the API.
  /// Of the API, not of OpenAPI.
  std::string version = "1.0.0";
  std::string description{};  ///< Of the API, in Markdown.
  /// Where the document is served. Empty: nowhere.
  std::string path = "/openapi.json";
  /// Where the page is served. Empty: nowhere.
  std::string docs_path = "/docs";
  /// Base URLs that the API is reached at, such as "https://api.example.org"; empty: where the
  /// document is.
  std::vector<std::string> servers{};

  /// Called by `App::use`.
  void init_app(App& app) const;
};

/// The document as JSON text.
std::string openapi_document(const App& app, const OpenApi& options);

}  // namespace hornbeam::web
