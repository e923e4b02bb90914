// The token streams of Lucene's own analyzers beside ours: the same tokens on every text, with the
// same offsets, positions and types.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hornbeam/search/analysis/registry.h"
#include "tests/conformance/lucene/lucene_texts.h"

namespace hornbeam {
namespace {

namespace fs = std::filesystem;
using Texts = std::vector<std::string>;

constexpr std::string_view kAnalyzers[] = {"standard",   "english", "simple",
                                           "whitespace", "stop",    "keyword"};

std::string escaped(std::string_view text) {
  std::string out;
  for (const char byte : text) {
    switch (byte) {
      case '\\':
        out += "\\\\";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        out += byte;
    }
  }
  return out;
}

/// The lines TokenStreams.java prints.
std::vector<std::string> lines_of(const search::Analyzer& analyzer, const std::string& text) {
  std::vector<std::string> lines;
  const search::StreamEnd end = analyzer.analyze(text, [&](const search::Token& token) {
    EXPECT_LE(token.end_byte, text.size());
    lines.push_back(fmt::format("{}\t{}\t{}\t{}\t{}\t{}", escaped(token.term), token.start_offset,
                                token.end_offset, token.position_increment, token.position_length,
                                token.type));
  });
  lines.push_back(fmt::format("=\t{}\t{}", end.end_offset, end.position_increment));
  return lines;
}

/// Runs Lucene over the texts; its lines can be read from what it returns.
std::ifstream run_lucene(const fs::path& folder, const Texts& texts) {
  const fs::path input = folder / "texts";
  const fs::path output = folder / "tokens";
  std::ofstream out(input, std::ios::binary);
  for (const std::string& text : texts) out << text << '\0';
  out.close();
  std::string command =
      fmt::format("'{}' -cp '{}' '{}/TokenStreams.java' '{}' '{}'", HORNBEAM_JAVA, HORNBEAM_LUCENE,
                  HORNBEAM_LUCENE_TESTS, input.string(), output.string());
  for (const std::string_view analyzer : kAnalyzers) command += fmt::format(" {}", analyzer);
  EXPECT_EQ(std::system(command.c_str()), 0) << command;
  return std::ifstream(output);
}

/// Compares all streams, and says the first differences of each analyzer.
void compare(const Texts& texts) {
  if (std::string_view(HORNBEAM_LUCENE).empty()) {
    GTEST_SKIP()
        << "Lucene is not here; mend: apt-get install liblucene8-java default-jdk-headless";
  }
  std::string pattern = (fs::temp_directory_path() / "lucene.XXXXXX").string();
  const fs::path folder = mkdtemp(pattern.data());
  std::ifstream expected = run_lucene(folder, texts);
  const search::AnalyzerRegistry registry;
  std::size_t tokens = 0;
  for (const std::string_view name : kAnalyzers) {
    const auto analyzer = registry.find(name);
    int differences = 0;
    for (const std::string& text : texts) {
      std::vector<std::string> theirs;
      for (std::string line; std::getline(expected, line);) {
        theirs.push_back(line);
        if (line.starts_with("=\t") && std::ranges::count(line, '\t') == 2) break;
      }
      const std::vector<std::string> ours = lines_of(*analyzer, text);
      tokens += ours.size() - 1;
      if (ours == theirs || ++differences > 5) continue;
      const auto [our, their] = std::ranges::mismatch(ours, theirs);
      ADD_FAILURE() << name << " gives " << (our == ours.end() ? "nothing" : *our)
                    << " where Lucene gives " << (their == theirs.end() ? "nothing" : *their)
                    << "\nin: " << text.substr(0, 300);
    }
    EXPECT_EQ(differences, 0) << name << ": texts that differ";
  }
  std::cout << tokens << " tokens compared\n";
  fs::remove_all(folder);
}

/// How much more than usual is compared: $HORNBEAM_THOROUGH, such as 20.
std::size_t thoroughness() {
  const char* configured = std::getenv("HORNBEAM_THOROUGH");
  return configured == nullptr ? 1
                               : std::max<std::size_t>(1, std::strtoul(configured, nullptr, 10));
}

TEST(LuceneTokens, AreTheSameInRealTexts) {
  compare(tests::real_texts(600'000 * thoroughness()));
}
TEST(LuceneTokens, AreTheSameForEachCodePoint) {
  compare(tests::texts_of_each_code_point());
}
TEST(LuceneTokens, AreTheSameInRandomTexts) {
  compare(tests::random_texts(2'000 * thoroughness(), 20260731));
}

}  // namespace
}  // namespace hornbeam
