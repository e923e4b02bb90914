#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hornbeam::search::testing {

/// A document or a query of a test collection.
struct CollectionText {
  std::string id;
  std::string text;
};

/// The conformance data, or none where it is absent.
std::optional<std::filesystem::path> find_conformance();

/// Reads a file of JSON lines with "id" and "text"; a "title" comes before the text if it counts.
std::vector<CollectionText> read_texts(const std::filesystem::path& path,
                                       bool title_counts = false);

/// A hit of a run.
struct RunHit {
  std::string id;
  float score = 0;
};
using Run = std::map<std::string, std::vector<RunHit>>;

/// Reads a compressed run of trec_eval's form: by query, best first.
Run read_run(const std::filesystem::path& path);

/// Relevance by query and document.
using Judgements = std::map<std::string, std::map<std::string, int>>;
Judgements read_judgements(const std::filesystem::path& path);

/// What trec_eval says of a run.
struct Quality {
  double map = 0;
  double ndcg_at_10 = 0;
};
Quality evaluate(const Run& run, const Judgements& judgements);

}  // namespace hornbeam::search::testing
