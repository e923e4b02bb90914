#include "hornbeam/search/testing/golden_runs.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <zlib.h>

#include "hornbeam/base/json_view.h"

namespace hornbeam::search::testing {

std::optional<std::filesystem::path> find_conformance() {
  const char* const named = std::getenv("HORNBEAM_CONFORMANCE");
  const std::filesystem::path folder =
      named ? std::filesystem::path(named)
            : std::filesystem::path(HORNBEAM_SOURCE_DIR) / "../shared/conformance";
  if (!std::filesystem::exists(folder / "ir")) return std::nullopt;
  return folder;
}

std::vector<CollectionText> read_texts(const std::filesystem::path& path, bool title_counts) {
  std::ifstream file(path);
  std::vector<CollectionText> texts;
  for (std::string line; std::getline(file, line);) {
    const auto document = base::JsonDocument::parse(line);
    if (!document) throw std::runtime_error(path.string() + ": " + document.error().message());
    const base::JsonView root = document->root();
    std::string text(root.find("text")->find_string().value());
    const std::optional<base::JsonView> title = root.find("title");
    if (title_counts && title) text = std::string(title->find_string().value_or("")) + " " + text;
    texts.push_back(
        {.id = std::string(root.find("id")->find_string().value()), .text = std::move(text)});
  }
  return texts;
}

Run read_run(const std::filesystem::path& path) {
  const gzFile file = gzopen(path.c_str(), "rb");
  if (!file) throw std::runtime_error("cannot open " + path.string());
  Run run;
  char line[512];
  while (gzgets(file, line, sizeof line)) {
    std::istringstream words(line);
    std::string query, q0, rank;
    RunHit hit;
    words >> query >> q0 >> hit.id >> rank >> hit.score;
    run[query].push_back(std::move(hit));
  }
  gzclose(file);
  return run;
}

Judgements read_judgements(const std::filesystem::path& path) {
  std::ifstream file(path);
  Judgements judgements;
  std::string query, zero, document;
  int relevance = 0;
  while (file >> query >> zero >> document >> relevance) judgements[query][document] = relevance;
  return judgements;
}

namespace {

double gain(int relevance, std::size_t rank) {
  return std::max(relevance, 0) / std::log2(static_cast<double>(rank) + 2);
}

Quality evaluate_query(std::vector<RunHit> hits, const std::map<std::string, int>& relevant) {
  // trec_eval orders ties by the document's name, the last first.
  std::ranges::sort(hits, [](const RunHit& a, const RunHit& b) {
    return a.score != b.score ? a.score > b.score : a.id > b.id;
  });
  std::vector<int> ideal;
  for (const auto& [id, relevance] : relevant) ideal.push_back(relevance);
  std::ranges::sort(ideal, std::greater());
  const auto all = std::ranges::count_if(ideal, [](int relevance) { return relevance > 0; });
  double precisions = 0, dcg = 0, ideal_dcg = 0;
  std::size_t found = 0;
  for (std::size_t rank = 0; rank < hits.size(); ++rank) {
    const auto judged = relevant.find(hits[rank].id);
    if (judged == relevant.end() || judged->second <= 0) continue;
    precisions += static_cast<double>(++found) / static_cast<double>(rank + 1);
    if (rank < 10) dcg += gain(judged->second, rank);
  }
  for (std::size_t rank = 0; rank < std::min<std::size_t>(10, ideal.size()); ++rank) {
    ideal_dcg += gain(ideal[rank], rank);
  }
  return {.map = precisions / static_cast<double>(all),
          .ndcg_at_10 = ideal_dcg == 0 ? 0 : dcg / ideal_dcg};
}

}  // namespace

Quality evaluate(const Run& run, const Judgements& judgements) {
  Quality sum;
  std::size_t count = 0;
  for (const auto& [query, relevant] : judgements) {
    if (std::ranges::none_of(relevant, [](const auto& one) { return one.second > 0; })) continue;
    ++count;
    const auto found = run.find(query);
    if (found == run.end()) continue;
    const Quality one = evaluate_query(found->second, relevant);
    sum.map += one.map;
    sum.ndcg_at_10 += one.ndcg_at_10;
  }
  return {.map = sum.map / static_cast<double>(count),
          .ndcg_at_10 = sum.ndcg_at_10 / static_cast<double>(count)};
}

}  // namespace hornbeam::search::testing
