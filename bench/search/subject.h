#pragma once

// What every engine under test is asked, and in which order; main.cc of none of them knows more.
//
//   PROGRAM build CORPUS.tsv FOLDER     indexes a corpus, and prints what that took
//   PROGRAM ask FOLDER QUESTIONS.tsv    reads "CLASS top" or "CLASS count" from its input, asks all
//                                       questions of that class once, and prints for each one
//                                       "nanoseconds hits", then an empty line

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hornbeam::bench {

/// A document of the corpus. Lists have spaces between their members.
struct Row {
  std::string id;
  std::string date;  ///< Milliseconds since 1970; empty if there is none.
  std::string section;
  std::string maintainer;
  std::string tags;
  std::string depends;
  std::string text;
};

std::vector<std::string> split(std::string_view text, char separator);

enum class Kind { kTerm, kAnd, kOr, kPhrase, kPrefix, kTags, kMonths };

struct Question {
  std::string group;  ///< The class of questions it is counted with.
  Kind kind = Kind::kTerm;
  std::vector<std::string> words{};  ///< For an aggregation: what to match; none: everything.

  bool is_aggregation() const noexcept { return kind == Kind::kTags || kind == Kind::kMonths; }
};

/// An engine. Each call is made by one thread.
class Subject {
 public:
  virtual ~Subject() = default;

  virtual void begin(const std::filesystem::path& folder) = 0;
  /// Makes of rows what the engine takes; not timed.
  virtual void prepare(std::span<const Row> rows) = 0;
  /// Indexes what was prepared.
  virtual void add() = 0;
  virtual void commit() = 0;
  /// Makes one segment of it, or whatever the engine calls its best form.
  virtual void merge() = 0;
  /// Bytes of the index, stored texts left out.
  virtual std::uint64_t index_bytes() = 0;

  virtual void open(const std::filesystem::path& folder, std::span<const Question> questions) = 0;
  /// Finds the ten best, or aggregates. Gives how many match, as far as they were counted: all, if
  /// `counts`.
  virtual std::uint64_t ask(std::size_t question, bool counts) = 0;
};

/// The program. Gives what main returns.
int run(int argc, char** argv, Subject& subject);

}  // namespace hornbeam::bench
