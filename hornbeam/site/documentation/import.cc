#include "hornbeam/site/documentation/import.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "hornbeam/base/encoding.h"
#include "hornbeam/denorm/target.h"
#include "hornbeam/site/documentation/html_page.h"
#include "hornbeam/site/documentation/markdown.h"
#include "hornbeam/site/documentation/page_link.h"
#include "hornbeam/site/documentation/tables.h"

namespace hornbeam::site {

namespace {

using data::column;

/// Raise it when pages are read differently, so that all of them are read again.
constexpr std::string_view kReader = "1:";
/// Files whose rows are written in one transaction. Others write in between.
constexpr std::size_t kFilesAtOnce = 4;

/// A file as it is to be written.
struct ReadFile {
  std::string path;
  std::string hash;
  Page page;
};

std::vector<std::filesystem::path> files_of(const Manual& manual) {
  std::vector<std::filesystem::path> files;
  // Throws if there is no such folder: an empty manual would take all of its rows away.
  for (const auto& entry : std::filesystem::recursive_directory_iterator(
           manual.folder, std::filesystem::directory_options::follow_directory_symlink)) {
    const std::string ending = entry.path().extension().string();
    if ((ending != ".html" && ending != ".md") || !entry.is_regular_file()) continue;
    const auto relative = entry.path().lexically_relative(manual.folder);
    const std::string first = relative.begin()->string();
    if (std::ranges::find(manual.without, first) == manual.without.end()) files.push_back(relative);
  }
  std::ranges::sort(files);
  return files;
}

base::Result<std::string> contents_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (in.bad() || !in.is_open()) return base::error("file_unreadable", "the file cannot be read");
  if (!base::is_valid_utf8(text)) return base::error("file_not_utf8", "the file is not in UTF-8");
  return text;
}

/// "topics/db/models" has the tags "topics" and "topics/db".
std::vector<std::string> tags_of(const std::string& path) {
  std::vector<std::string> tags;
  for (std::size_t at = path.find('/'); at != std::string::npos; at = path.find('/', at + 1)) {
    tags.push_back(path.substr(0, at));
  }
  if (tags.empty()) tags.emplace_back("overview");
  return tags;
}

class Importer {
 public:
  Importer(data::Database& database, const Manual& manual) : database_(database), manual_(manual) {}

  ImportReport run(const std::function<void(const ImportProgress&)>& progress,
                   const std::stop_token& stop) {
    const auto files = files_of(manual_);
    begin();
    std::vector<ReadFile> batch;
    std::int64_t done = 0;
    for (const auto& file : files) {
      if (stop.stop_requested()) {
        report_.is_stopped = true;
        break;
      }
      if (std::optional<ReadFile> read = read_file(file)) batch.push_back(std::move(*read));
      ++done;
      if (batch.size() < kFilesAtOnce && done < std::ssize(files)) continue;
      write(batch);
      batch.clear();
      if (progress) progress({manual_.name, done, std::ssize(files), report_.sections});
    }
    if (!report_.is_stopped) remove_missing();
    return std::move(report_);
  }

 private:
  void begin() {
    database_.write_now([&](data::Transaction& tx) {
      known_.clear();
      const auto found =
          tx.select<DocVersion>().where(column(&DocVersion::manual) == manual_.manual).all();
      const DocVersion wanted{found.empty() ? 0 : found.front().id, manual_.manual, manual_.name,
                              manual_.version};
      if (found.empty()) {
        version_ = tx.insert(wanted);
        return;
      }
      version_ = wanted.id;
      if (found.front().name != wanted.name || found.front().version != wanted.version) {
        tx.update(wanted);
      }
      for (DocDocument& each :
           tx.select<DocDocument>().where(column(&DocDocument::version) == version_).all()) {
        known_.emplace(each.path, std::move(each));
      }
    });
  }

  /// None if there is nothing to write.
  std::optional<ReadFile> read_file(const std::filesystem::path& file) {
    const std::string path = page_path(file.generic_string());
    seen_.insert(path);
    const base::Result<std::string> text = contents_of(manual_.folder / file);
    if (!text) return refuse(file, text.error());
    std::string hash = std::string(kReader) + denorm::hash_of(*text);
    const auto known = known_.find(path);
    if (known != known_.end() && known->second.hash == hash) {
      ++report_.unchanged;
      return std::nullopt;
    }
    const LinkTarget link = [&](std::string_view href) {
      return resolve_link(href, manual_.manual, path, kDocumentationPrefix);
    };
    base::Result<Page> page =
        read_html_page(file.extension() == ".md" ? html_of_markdown(*text) : *text, link);
    if (!page) return refuse(file, page.error());
    return ReadFile{path, std::move(hash), std::move(*page)};
  }

  std::nullopt_t refuse(const std::filesystem::path& file, const base::Error& why) {
    report_.refused.push_back(file.generic_string() + ": " + why.message);
    return std::nullopt;
  }

  void write(const std::vector<ReadFile>& batch) {
    if (batch.empty()) return;
    database_.write_now([&](data::Transaction& tx) {
      for (const ReadFile& each : batch) {
        const auto known = known_.find(each.path);
        if (known != known_.end()) remove(tx, known->second.id);
        insert(tx, each);
      }
    });
    for (const ReadFile& each : batch) report_.sections += std::ssize(each.page.sections);
    report_.documents += std::ssize(batch);
  }

  /// In an order in which the triggers have the least to do: sections come last, go first.
  void insert(data::Transaction& tx, const ReadFile& file) const {
    const std::int64_t document =
        tx.insert(DocDocument{0, version_, file.path, file.page.title, file.hash});
    for (const std::string& name : tags_of(file.path)) {
      const auto tag = tx.select<DocTag>().where(column(&DocTag::name) == name).all();
      tx.insert(DocTagging{document, tag.empty() ? tx.insert(DocTag{0, name}) : tag.front().id});
    }
    std::vector<std::int64_t> headings;
    for (std::size_t at = 0; at < file.page.sections.size(); ++at) {
      const PageSection& section = file.page.sections[at];
      const std::size_t parent = parent_of(file.page, at);
      headings.push_back(tx.insert(
          DocHeading{.document = document,
                     .parent = parent == at ? std::nullopt : std::optional(headings[parent]),
                     .position = static_cast<std::int64_t>(at),
                     .level = section.level,
                     .anchor = section.anchor,
                     .title = section.title}));
    }
    for (std::size_t at = 0; at < file.page.sections.size(); ++at) {
      const PageSection& section = file.page.sections[at];
      const std::int64_t id = tx.insert(
          DocSection{0, document, headings[at], section.is_reference, section.html, section.text});
      std::int64_t position = 0;
      for (const SampleText& each : section.samples) {
        tx.insert(DocSample{0, id, position++, each.language, each.text});
      }
    }
  }

  static void remove(data::Transaction& tx, std::int64_t document) {
    tx.execute(
        "DELETE FROM doc_samples WHERE section IN "
        "(SELECT id FROM doc_sections WHERE document = ?)",
        document);
    tx.execute("DELETE FROM doc_sections WHERE document = ?", document);
    tx.execute("DELETE FROM doc_headings WHERE document = ?", document);
    tx.execute("DELETE FROM doc_taggings WHERE document = ?", document);
    tx.execute("DELETE FROM doc_documents WHERE id = ?", document);
  }

  void remove_missing() {
    for (const auto& [path, document] : known_) {
      if (seen_.contains(path)) continue;
      database_.write_now([&](data::Transaction& tx) { remove(tx, document.id); });
      ++report_.removed;
    }
  }

  data::Database& database_;
  const Manual& manual_;
  std::int64_t version_ = 0;
  std::map<std::string, DocDocument> known_;
  std::set<std::string> seen_;
  ImportReport report_;
};

}  // namespace

ImportReport import_manual(data::Database& database, const Manual& manual,
                           const std::function<void(const ImportProgress&)>& progress,
                           const std::stop_token& stop) {
  return Importer(database, manual).run(progress, stop);
}

bool has_no_documentation(data::Database& database) {
  return database.read_now([](data::Snapshot& db) {
    return db.query<int>("SELECT EXISTS (SELECT 1 FROM doc_documents)").one() == 0;
  });
}

}  // namespace hornbeam::site
