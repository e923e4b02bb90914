// Whatever the files of an index say, if only their checksums are right, reading them gives an
// answer or an exception: nothing is read or written that is not theirs, and nothing goes on
// forever. The input is a list of changes to the structures of a good index, which is sealed again
// after them, so that checksums hide nothing.

#include <cstddef>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "hornbeam/base/check.h"
#include "hornbeam/search/index.h"
#include "hornbeam/search/store/sealed_file.h"

using namespace hornbeam;

namespace {

using Files = std::map<std::string, std::string, std::less<>>;

class Memory final : public search::InputFile {
 public:
  explicit Memory(std::string bytes) : bytes_(std::move(bytes)) {}
  std::string_view bytes() const noexcept override { return bytes_; }

 private:
  std::string bytes_;
};

class Output final : public search::OutputFile {
 public:
  explicit Output(std::string& bytes) : bytes_(bytes) { bytes_.clear(); }
  void append(std::string_view bytes) override { bytes_ += bytes; }
  void sync() override {}

 private:
  std::string& bytes_;
};

class MemoryDirectory final : public search::Directory {
 public:
  explicit MemoryDirectory(Files& files) : files_(files) {}

  std::vector<std::string> list() const override {
    std::vector<std::string> names;
    for (const auto& [name, bytes] : files_) names.push_back(name);
    return names;
  }
  std::unique_ptr<search::OutputFile> create(std::string_view name) override {
    return std::make_unique<Output>(files_[std::string(name)]);
  }
  std::shared_ptr<const search::InputFile> open(std::string_view name) const override {
    const auto found = files_.find(name);
    if (found == files_.end()) {
      throw std::system_error(std::make_error_code(std::errc::no_such_file_or_directory));
    }
    return std::make_shared<Memory>(found->second);
  }
  void rename(std::string_view from, std::string_view to) override {
    files_[std::string(to)] = std::move(files_.find(from)->second);
    remove(from);
  }
  void remove(std::string_view name) override { files_.erase(files_.find(name)); }
  void sync_file(std::string_view) override {}
  void sync_names() override {}

 private:
  Files& files_;
};

constexpr std::string_view kMapping = R"({"properties": {
    "text": {"type": "text"}, "tag": {"type": "keyword"}, "n": {"type": "long"},
    "x": {"type": "double"}, "at": {"type": "date"}, "done": {"type": "completion"},
    "c": {"type": "nested", "properties": {"k": {"type": "keyword"}, "w": {"type": "text"},
          "d": {"type": "nested", "properties": {"v": {"type": "long"}}}}}}})";

search::IndexOptions quiet() {
  return {.shard = {.merges_in_background = false}};
}

/// A few hundred documents, so that terms have whole blocks, in two segments with deletions.
Files make_index() {
  Files files;
  auto index = search::Index::open(std::make_unique<MemoryDirectory>(files), quiet()).value();
  base::check(index->put_mapping(kMapping).has_value());
  for (int i = 0; i < 160; ++i) {
    const std::string number = std::to_string(i);
    std::string json = R"({"text": "all of w)" + std::to_string(i % 7) + " u" + number +
                       R"( come in all", "n": )" + std::to_string(i * 3);
    if (i % 3 == 0) json += R"(, "tag": ["t)" + std::to_string(i % 5) + R"(", "s"])";
    if (i % 11 == 0) json += R"(, "x": 0.5, "at": "2024-01-0)" + std::to_string(i % 9 + 1) + "\"";
    if (i % 50 == 0) json += R"(, "done": "word )" + number + "\"";
    if (i % 4 == 0) {
      json += R"(, "c": [{"k": "k)" + std::to_string(i % 3) + R"(", "w": "all w", "d": {"v": 1}},
                         {"k": "a", "d": [{"v": 2}, {"v": )" +
              number + "}]}]";
    }
    base::check(index->put(number, json + "}", {}, i % 9 == 0 ? "there" : "").has_value());
    if (i == 139) index->refresh();
  }
  index->refresh();
  for (const char* const id : {"3", "130", "150"}) base::check(index->remove(id).has_value());
  index->commit("cursor");
  return files;
}

/// The structures of the files, in order.
struct Part {
  std::string file;
  std::string structure;
  std::string bytes;
};

std::vector<Part> take_apart(Files files) {
  std::vector<Part> parts;
  const MemoryDirectory directory(files);
  for (const std::string& name : directory.list()) {
    const search::SealedFile file(directory, name);
    for (const search::StructureEntry& entry : file.structures()) {
      parts.push_back({.file = name,
                       .structure = entry.name,
                       .bytes = std::string(file.structure(entry.name))});
    }
  }
  return parts;
}

Files put_together(const std::vector<Part>& parts) {
  Files files;
  MemoryDirectory directory(files);
  std::unique_ptr<search::SealedFileWriter> out;
  const std::string* file = nullptr;
  for (const Part& part : parts) {
    if (!file || *file != part.file) {
      if (out) out->finish();
      out = std::make_unique<search::SealedFileWriter>(directory, part.file);
      file = &part.file;
    }
    out->begin(part.structure);
    out->append(part.bytes);
  }
  if (out) out->finish();
  return files;
}

/// Takes the input apart, from its beginning.
class Input {
 public:
  explicit Input(std::string_view bytes) : bytes_(bytes) {}
  bool is_empty() const { return bytes_.empty(); }
  std::size_t byte() {
    if (bytes_.empty()) return 0;
    const auto value = static_cast<unsigned char>(bytes_.front());
    bytes_.remove_prefix(1);
    return value;
  }
  std::string_view bytes(std::size_t count) {
    const std::string_view found = bytes_.substr(0, count);
    bytes_.remove_prefix(found.size());
    return found;
  }

 private:
  std::string_view bytes_;
};

void change(std::vector<Part>& parts, Input& input) {
  const std::size_t kind = input.byte();
  const std::size_t at = input.byte() % parts.size();
  std::string& bytes = parts[at].bytes;
  const std::size_t high = input.byte();
  std::size_t place = (high << 8 | input.byte()) % (bytes.size() + 1);
  // From the end too, where the last of something lies.
  if ((kind & 8) != 0) place = bytes.size() - place;
  const std::string_view value = input.bytes((kind >> 4) % 9);
  switch (kind & 7) {
    case 0:
      bytes.insert(place, value);
      break;
    case 1:
      bytes.erase(place, value.size());
      break;
    case 2:
      bytes.resize(place);
      break;
    case 3:
      parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(at));
      break;
    case 4:
      parts[at].structure = value;
      break;
    default:
      bytes.replace(place, value.size(), value);
      break;
  }
}

constexpr std::string_view kBodies[] = {
    R"({"query": {"match": {"text": "all w1 u3 in"}}, "highlight": {"fields": {"text": {}}}})",
    R"({"query": {"match": {"text": {"query": "all of come", "operator": "and"}}}})",
    R"({"query": {"match_phrase": {"text": {"query": "of come", "slop": 3}}}, "explain": true})",
    R"({"query": {"bool": {"must": {"term": {"tag": "s"}}, "must_not": {"prefix": {"tag": "t1"}},
        "filter": {"range": {"n": {"gt": 30, "lt": 900}}}}}, "track_total_hits": false})",
    R"({"query": {"bool": {"should": [{"wildcard": {"text": "u*1"}}, {"ids": {"values": ["7"]}},
        {"fuzzy": {"text": "al"}}, {"exists": {"field": "x"}}]}},
        "sort": [{"n": "desc"}, {"tag": "asc"}, {"x": "asc"}, "_score"]})",
    R"({"size": 3, "collapse": {"field": "tag"}, "aggs": {
        "a": {"terms": {"field": "tag"}, "aggs": {"b": {"stats": {"field": "n"}}}},
        "c": {"cardinality": {"field": "tag"}}, "d": {"avg": {"field": "x"}},
        "e": {"date_histogram": {"field": "at", "calendar_interval": "month"}},
        "f": {"range": {"field": "n", "ranges": [{"from": 3}]}},
        "g": {"terms": {"field": "n"}}}})",
    R"({"query": {"nested": {"path": "c", "query": {"bool": {"should": [
        {"match": {"c.w": "all"}}, {"nested": {"path": "c.d", "query": {"match_all": {}}}}]}},
        "inner_hits": {}}}, "sort": [{"c.d.v": {"mode": "sum", "nested": {"path": "c.d"}}}]})",
    R"({"size": 2, "query": {"nested": {"path": "c.d", "query": {"match_all": {}}}}, "explain": true,
        "aggs": {"c": {"nested": {"path": "c"}, "aggs": {"k": {"terms": {"field": "c.k"}, "aggs": {
          "d": {"nested": {"path": "c.d"}, "aggs": {"r": {"reverse_nested": {"path": "c"}},
          "t": {"top_hits": {"size": 1}}}}}}}}}})",
    R"({"suggest": {"a": {"text": "com al", "term": {"field": "text"}},
                    "b": {"prefix": "wo", "completion": {"field": "done"}}}})",
};

/// Reads everything there is, as users do.
void read(search::Index& index) {
  for (const std::string_view body : kBodies) {
    try {
      static_cast<void>(index.search(body));
    } catch (const std::exception&) {
    }
  }
  for (const char* const id : {"0", "129", "150", "159"}) {
    try {
      static_cast<void>(index.find(id));
    } catch (const std::exception&) {
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<Part> good = take_apart(make_index());
  std::vector<Part> parts = good;
  Input input({reinterpret_cast<const char*>(data), size});
  for (int i = 0; i < 16 && !input.is_empty() && !parts.empty(); ++i) change(parts, input);
  Files files = put_together(parts);
  try {
    const auto index = search::Index::open(std::make_unique<MemoryDirectory>(files), quiet());
    if (!index) return 0;
    read(**index);
    static_cast<void>((*index)->put("129", R"({"text": "all", "tag": "s"})"));
    (*index)->shard().merge_all();
    read(**index);
    (*index)->commit();
  } catch (const std::exception&) {
  }
  return 0;
}
