#include "bench/search/subject.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include <fmt/format.h>

namespace hornbeam::bench {
namespace {

constexpr std::size_t kBatch = 1'000;

double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// Resident memory that is no file's.
std::uint64_t anonymous_kilobytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("RssAnon:")) return std::stoull(line.substr(8));
  }
  return 0;
}

bool read_row(std::istream& corpus, Row& row) {
  std::string line;
  if (!std::getline(corpus, line)) return false;
  std::vector<std::string> parts = split(line, '\t');
  if (parts.size() != 7) throw std::runtime_error("the corpus has a line of no seven columns");
  row = {.id = std::move(parts[0]),
         .date = std::move(parts[1]),
         .section = std::move(parts[2]),
         .maintainer = std::move(parts[3]),
         .tags = std::move(parts[4]),
         .depends = std::move(parts[5]),
         .text = std::move(parts[6])};
  return true;
}

Kind kind_of(std::string_view name) {
  constexpr std::string_view kNames[] = {"term", "and", "or", "phrase", "prefix", "tags", "months"};
  const auto* const found = std::ranges::find(kNames, name);
  if (found == std::end(kNames)) throw std::runtime_error(fmt::format("unknown kind {}", name));
  return static_cast<Kind>(found - kNames);
}

std::vector<Question> read_questions(const char* path) {
  std::ifstream file(path);
  std::vector<Question> questions;
  for (std::string line; std::getline(file, line);) {
    const std::vector<std::string> parts = split(line, '\t');
    questions.push_back({.group = parts.at(0), .kind = kind_of(parts.at(1))});
    if (!parts.at(2).empty()) questions.back().words = split(parts[2], ' ');
  }
  return questions;
}

void build(const char* corpus_path, const char* folder, Subject& subject) {
  std::ifstream corpus(corpus_path);
  if (!corpus) throw std::runtime_error(fmt::format("no corpus at {}", corpus_path));
  subject.begin(folder);
  double adding = 0;
  std::uint64_t text_bytes = 0;
  std::uint64_t documents = 0;
  std::uint64_t memory = 0;
  std::vector<Row> rows;
  for (Row row; read_row(corpus, row);) {
    text_bytes += row.text.size();
    ++documents;
    rows.push_back(std::move(row));
    if (rows.size() < kBatch && corpus.peek() != EOF) continue;
    subject.prepare(rows);
    const double begin = thread_seconds();
    subject.add();
    adding += thread_seconds() - begin;
    memory = std::max(memory, anonymous_kilobytes());
    rows.clear();
  }
  const double before_commit = thread_seconds();
  subject.commit();
  const double before_merge = thread_seconds();
  memory = std::max(memory, anonymous_kilobytes());
  subject.merge();
  const double end = thread_seconds();
  memory = std::max(memory, anonymous_kilobytes());
  fmt::print("documents {}\ntext_bytes {}\nadd_seconds {:.3f}\nmerge_seconds {:.3f}\n", documents,
             text_bytes, adding + before_merge - before_commit, end - before_merge);
  fmt::print("index_bytes {}\nmemory_kilobytes {}\n", subject.index_bytes(), memory);
}

void answer(const char* folder, const char* questions_path, Subject& subject) {
  const std::vector<Question> questions = read_questions(questions_path);
  subject.open(folder, questions);
  for (std::string line; std::getline(std::cin, line);) {
    const std::vector<std::string> parts = split(line, ' ');
    if (parts.at(0) == "memory") {
      fmt::print("{}\n\n", anonymous_kilobytes());
      std::fflush(stdout);
      continue;
    }
    const bool counts = parts.at(1) == "count";
    for (std::size_t i = 0; i < questions.size(); ++i) {
      if (questions[i].group != parts[0]) continue;
      const auto begin = std::chrono::steady_clock::now();
      const std::uint64_t hits = subject.ask(i, counts);
      const std::chrono::nanoseconds passed = std::chrono::steady_clock::now() - begin;
      fmt::print("{} {}\n", passed.count(), hits);
    }
    fmt::print("\n");
    std::fflush(stdout);
  }
}

}  // namespace

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

int run(int argc, char** argv, Subject& subject) {
  const std::string_view command = argc == 4 ? argv[1] : "";
  try {
    if (command == "build") {
      build(argv[2], argv[3], subject);
    } else if (command == "ask") {
      answer(argv[2], argv[3], subject);
    } else {
      fmt::print(stderr, "usage: {0} build CORPUS FOLDER | {0} ask FOLDER QUESTIONS\n", argv[0]);
      return 2;
    }
  } catch (const std::exception& failure) {
    fmt::print(stderr, "{}: {}\n", argv[0], failure.what());
    return 1;
  }
  return 0;
}

}  // namespace hornbeam::bench
