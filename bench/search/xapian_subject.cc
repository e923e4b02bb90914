// Xapian: words without stemming, positions, tags and month in value slots for its match spies.

#include <map>
#include <memory>

#include <xapian.h>

#include "bench/search/subject.h"

namespace hornbeam::bench {
namespace {

constexpr Xapian::valueno kMonth = 0;
constexpr Xapian::valueno kTags = 1;
constexpr Xapian::valueno kSection = 2;

/// Counts each member of a slot that has a list.
class TagSpy final : public Xapian::MatchSpy {
 public:
  void operator()(const Xapian::Document& document, double) override {
    const std::string tags = document.get_value(kTags);
    if (tags.empty()) return;
    for (std::string& tag : split(tags, ' ')) ++counts_[std::move(tag)];
  }

 private:
  std::map<std::string, std::uint64_t> counts_;
};

std::string month_of(const std::string& milliseconds) {
  const std::time_t seconds = std::stoll(milliseconds) / 1000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char month[8];
  std::strftime(month, sizeof month, "%Y-%m", &parts);
  return month;
}

class XapianSubject final : public Subject {
 public:
  void begin(const std::filesystem::path& folder) override {
    folder_ = folder;
    std::filesystem::create_directories(folder);
    writable_ = Xapian::WritableDatabase((folder / "raw").string(), Xapian::DB_CREATE_OR_OVERWRITE);
    generator_.set_stemming_strategy(Xapian::TermGenerator::STEM_NONE);
  }
  void prepare(std::span<const Row> rows) override { rows_.assign(rows.begin(), rows.end()); }
  void add() override {
    for (const Row& row : rows_) {
      Xapian::Document document;
      generator_.set_document(document);
      generator_.set_termpos(0);
      generator_.index_text(row.text);
      document.add_boolean_term("Q" + row.id);
      document.add_boolean_term("S" + row.section);
      document.add_value(kSection, row.section);
      document.add_value(kTags, row.tags);
      if (!row.tags.empty()) {
        for (const std::string& tag : split(row.tags, ' ')) document.add_boolean_term("T" + tag);
      }
      if (!row.date.empty()) document.add_value(kMonth, month_of(row.date));
      writable_.add_document(document);
    }
  }
  void commit() override { writable_.commit(); }
  void merge() override { writable_.compact((folder_ / "compact").string()); }
  std::uint64_t index_bytes() override {
    std::uint64_t bytes = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / "compact")) {
      bytes += entry.file_size();
    }
    return bytes;
  }

  void open(const std::filesystem::path& folder, std::span<const Question> questions) override {
    database_ = Xapian::Database((folder / "compact").string());
    questions_.assign(questions.begin(), questions.end());
  }
  std::uint64_t ask(std::size_t index, bool counts) override {
    const Question& question = questions_[index];
    Xapian::Enquire enquire(database_);
    enquire.set_query(query_of(question));
    const Xapian::doccount all = database_.get_doccount();
    if (!question.is_aggregation()) {
      const Xapian::MSet found = enquire.get_mset(0, 10, counts ? all : 0);
      return found.get_matches_estimated();
    }
    TagSpy tags;
    Xapian::ValueCountMatchSpy months(kMonth);
    enquire.add_matchspy(question.kind == Kind::kTags ? static_cast<Xapian::MatchSpy*>(&tags)
                                                      : &months);
    enquire.set_weighting_scheme(Xapian::BoolWeight());
    return enquire.get_mset(0, 0, all).get_matches_estimated();
  }

 private:
  static Xapian::Query query_of(const Question& question) {
    const std::vector<std::string>& words = question.words;
    if (words.empty()) return Xapian::Query::MatchAll;
    switch (question.kind) {
      case Kind::kAnd:
        return {Xapian::Query::OP_AND, words.begin(), words.end()};
      case Kind::kPhrase:
        return {Xapian::Query::OP_PHRASE, words.begin(), words.end(),
                static_cast<Xapian::termcount>(words.size())};
      case Kind::kPrefix:
        return {Xapian::Query::OP_WILDCARD, words.front()};
      default:
        return {Xapian::Query::OP_OR, words.begin(), words.end()};
    }
  }

  std::filesystem::path folder_;
  Xapian::WritableDatabase writable_;
  Xapian::Database database_;
  Xapian::TermGenerator generator_;
  std::vector<Row> rows_;
  std::vector<Question> questions_;
};

}  // namespace
}  // namespace hornbeam::bench

int main(int argc, char** argv) {
  hornbeam::bench::XapianSubject subject;
  try {
    return hornbeam::bench::run(argc, argv, subject);
  } catch (const Xapian::Error& error) {
    return std::fputs((error.get_description() + "\n").c_str(), stderr), 1;
  }
}
