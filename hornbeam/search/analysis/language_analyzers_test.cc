#include <gtest/gtest.h>

#include "hornbeam/search/analysis/registry.h"

namespace hornbeam::search {
namespace {

using Terms = std::vector<std::string>;

Terms terms(std::string_view analyzer, std::string_view text) {
  const auto found = AnalyzerRegistry().find(analyzer);
  return found ? found->terms(text) : Terms{"no such analyzer"};
}

// Expected: what Lucene 8.7's analyzers give.
TEST(LanguageAnalyzers, StemAndDropWords) {
  struct Case {
    std::string_view language;
    std::string_view text;
    Terms expected;
  };
  const Case kCases[] = {
      {"german", "Die Häuser und die Bücher der Kinder", {"haus", "buch", "kind"}},
      {"german", "Straße, strasse, STRASSEN", {"strass", "strass", "strass"}},
      {"french", "L'avion des chanteuses étaient lents", {"avion", "chant", "lent"}},
      {"italian", "Dell'acqua e dei libri", {"acqua", "libri"}},
      {"spanish", "Los lápices de las ciudades", {"lapiz", "ciudad"}},
      {"portuguese", "As meninas e os corações", {"menin", "coraca"}},
      {"swedish", "bilarna och husen", {"bil", "hus"}},
      {"dutch", "de kinderen en het kind", {"kinder", "kinder"}},
      {"turkish", "KIZI'nın İzmir", {"kız", "izmir"}},
      {"irish", "nAthair an t-úll", {"athair", "úll"}},
      {"arabic", "الكتاب والكتب", {"كتاب", "كتب"}},
      {"norwegian", "havnedistriktene", {"havnedistrikt"}},
      {"romanian", "absențele", {"absenț"}},
  };
  for (const Case& one : kCases) EXPECT_EQ(terms(one.language, one.text), one.expected) << one.text;
}

TEST(LanguageAnalyzers, TakeStopWordsAndExceptionsFromSettings) {
  const auto settings = base::JsonDocument::parse(
      R"({"analyzer": {"a": {"type": "german", "stopwords": ["haus", "_french_"],
                              "stem_exclusion": ["bücher"]},
                       "b": {"type": "stop", "stopwords": "_german_"}}})");
  const auto registry = AnalyzerRegistry::parse(settings->root());
  ASSERT_TRUE(registry) << registry.error().message;
  EXPECT_EQ(registry->find("a")->terms("das Haus les Bücher Häuser"),
            (Terms{"das", "bucher", "haus"}));
  EXPECT_EQ(registry->find("b")->terms("das Haus und der Hund"), (Terms{"haus", "hund"}));
}

}  // namespace
}  // namespace hornbeam::search
