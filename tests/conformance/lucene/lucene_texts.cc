#include "tests/conformance/lucene/lucene_texts.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>

#include "hornbeam/base/encoding.h"
#include "hornbeam/search/analysis/unicode.h"
#include "tests/support/conformance.h"

namespace hornbeam::tests {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string unpack(const fs::path& path) {
  const std::string command = "gzip -dc '" + path.string() + "'";
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string text;
  std::array<char, 65536> chunk;
  while (pipe != nullptr) {
    const std::size_t size = std::fread(chunk.data(), 1, chunk.size(), pipe.get());
    if (size == 0) break;
    text.append(chunk.data(), size);
  }
  return text;
}

std::vector<fs::path> files_below(const fs::path& folder, std::string_view ending) {
  std::vector<fs::path> files;
  std::error_code unreadable;
  for (fs::recursive_directory_iterator at(folder, unreadable), end; at != end;
       at.increment(unreadable)) {
    if (at->is_regular_file(unreadable) && at->path().string().ends_with(ending)) {
      files.push_back(at->path());
    }
  }
  std::ranges::sort(files);
  return files;
}

/// Ideographs, Hangul and private use: tens of thousands that are alike. Some of them are enough.
bool is_one_of_many(char32_t value) {
  const bool is_alike = (value >= 0x3400 && value < 0xA000) ||
                        (value >= 0xAC00 && value < 0xF900) ||
                        (value >= 0x17000 && value < 0x18D00) || value >= 0x20000;
  return is_alike && value % 16 != 0 && value < 0xE0000;
}

/// Adds the text, with what would end it and what is no UTF-8 replaced.
void add_text(std::vector<std::string>& texts, std::string text) {
  std::ranges::replace(text, '\0', ' ');
  std::string valid;
  search::OffsetMap offsets;
  search::replace_invalid_utf8(text, valid, offsets);
  texts.push_back(std::move(valid));
}

}  // namespace

std::vector<std::string> real_texts(std::size_t bytes) {
  std::vector<std::string> texts;
  std::vector<fs::path> files;
  // Few pages of each language rather than all of one.
  std::error_code unreadable;
  for (const auto& language : fs::directory_iterator("/usr/share/man", unreadable)) {
    const auto pages = files_below(language.path(), ".gz");
    std::copy_n(pages.begin(), std::min<std::size_t>(pages.size(), 2), std::back_inserter(files));
  }
  std::ranges::copy(files_below("/usr/share/common-licenses", ""), std::back_inserter(files));
  if (const auto collections = conformance_folder("ir")) {
    std::ranges::copy(files_below(*collections, "docs.jsonl"), std::back_inserter(files));
  }
  std::ranges::copy(files_below("/usr/share/doc", "copyright"), std::back_inserter(files));
  std::size_t total = 0;
  for (const fs::path& file : files) {
    std::string text = file.extension() == ".gz" ? unpack(file) : read_file(file);
    text.resize(std::min(text.size(), bytes - total));
    total += text.size();
    add_text(texts, std::move(text));
    if (total >= bytes) break;
  }
  return texts;
}

std::vector<std::string> texts_of_each_code_point() {
  std::vector<std::string> texts;
  for (char32_t begin = 1; begin < 0xE0200; begin += 64) {
    std::string text;
    for (char32_t value = begin; value < begin + 64; ++value) {
      if (value >= 0xD800 && value < 0xE000) continue;
      if (is_one_of_many(value)) continue;
      // Nothing is assigned there, nor will be soon.
      if (value >= 0x30000 && value < 0xE0000) continue;
      for (const std::string_view before : {" ", " a"}) {
        text += before;
        base::append_utf8(text, value);
        text += before.substr(1);
      }
    }
    if (!text.empty()) texts.push_back(std::move(text));
  }
  return texts;
}

std::vector<std::string> random_texts(std::size_t count, std::uint64_t seed) {
  // At least one of each class, and the emoji with all that may be joined to them.
  static constexpr std::u32string_view kMeeting =
      U"aZzy_._,;:'\"’#*019 \n"
      U"אבג״׳äßİΣςΩЖجक\u094Dกำຂ中々あゔアヴｶ\uFF70한글\u1100ᄀ"
      U"٠१０\u0301\u0308\u00AD\u200D\u200C\uFE0E\uFE0F\u20E3\u2060\u180E"
      U"😀👩👨🏽🏿❤⚕©®™〰〽ℹⓂ🇩🇪🇺\U000E0067\U000E0062\U000E007F🏴🦰"
      U"𝒳𠀀𐐀\U0001F9FF\U0001FAE0\u2019\uFF07\uFF0E\u2024\u203F\uFFFC\uFFFD\u0085\u00A0\u3000";
  std::mt19937_64 random(seed);
  const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random() % limit); };
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < count; ++i) {
    std::string text;
    const std::size_t length = 1 + below(i % 50 == 0 ? 900 : 40);
    // Some texts have few kinds of characters, so that long words come about.
    const std::size_t kinds = below(3) == 0 ? 1 + below(6) : kMeeting.size();
    const std::size_t first = below(kMeeting.size());
    for (std::size_t at = 0; at < length; ++at) {
      char32_t value = kMeeting[(first + below(kinds)) % kMeeting.size()];
      if (below(20) == 0) value = static_cast<char32_t>(1 + below(0x2FFFF));
      if (value >= 0xD800 && value < 0xE000) value = U'x';
      base::append_utf8(text, value);
    }
    texts.push_back(std::move(text));
  }
  return texts;
}

}  // namespace hornbeam::tests
