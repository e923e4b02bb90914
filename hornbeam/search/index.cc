#include "hornbeam/search/index.h"

#include <fmt/format.h>

#include "hornbeam/search/nested/nested_documents.h"
#include "hornbeam/search/query/execute_search.h"
#include "hornbeam/search/store/file_directory.h"

namespace hornbeam::search {
namespace {

base::Result<base::JsonDocument> parse(std::string_view json, std::string_view code) {
  auto document = base::JsonDocument::parse(json);
  if (!document) return base::error(std::string(code), document.error().message());
  return std::move(*document);
}

std::string routing_of(const Segment& segment, DocId doc) {
  const Column* const column = segment.column(kRoutingField);
  const std::optional<std::int64_t> ordinal = column ? column->first(doc) : std::nullopt;
  return ordinal ? std::string(column->term(static_cast<std::size_t>(*ordinal))) : std::string();
}

}  // namespace

Document document_at(const SegmentView& view, DocId doc) {
  const RootDocument root = root_of(*view.segment, doc);
  return {.version = root.segment.column(kVersionField)->first(root.doc).value_or(0),
          .seq_no = root.segment.seq_no(root.doc),
          .source = root.source(),
          .routing = routing_of(root.segment, root.doc)};
}

Index::Index(std::unique_ptr<Directory> directory, IndexOptions options)
    : options_(std::move(options)), shard_(std::move(directory), options_.shard) {}

base::Result<std::unique_ptr<Index>> Index::open(const std::filesystem::path& folder,
                                                 IndexOptions options) {
  return open(std::make_unique<FileDirectory>(folder), std::move(options));
}

base::Result<std::unique_ptr<Index>> Index::open(std::unique_ptr<Directory> directory,
                                                 IndexOptions options) {
  if (!options.analyzers) options.analyzers = std::make_shared<const AnalyzerRegistry>();
  const std::shared_ptr<const AnalyzerRegistry> analyzers = options.analyzers;
  std::unique_ptr<Index> index(new Index(std::move(directory), std::move(options)));
  index->mapping_ = std::make_shared<const Mapping>(analyzers);
  const std::string mapping = index->shard_.committed_mapping();
  if (!mapping.empty()) {
    if (const auto added = index->put_mapping(mapping); !added) {
      return std::unexpected(added.error());
    }
  }
  return index;
}

base::Result<void> Index::put_mapping(std::string_view json) {
  const auto document = parse(json, "mapper_parsing_exception");
  if (!document) return std::unexpected(document.error());
  const std::lock_guard lock(mutex_);
  Mapping extended = *mapping_;
  const base::Result<void> added = extended.add(document->root());
  if (added) mapping_ = std::make_shared<const Mapping>(std::move(extended));
  return added;
}

std::string Index::mapping() const {
  return current_mapping()->json();
}

std::shared_ptr<const Mapping> Index::current_mapping() const {
  const std::lock_guard lock(mutex_);
  return mapping_;
}

base::Result<WriteOutcome> Index::put(std::string_view id, std::string_view json,
                                      const WriteCondition& condition, std::string_view routing) {
  if (json.size() > options_.largest_document) {
    return base::error("illegal_argument_exception",
                       fmt::format("document [{}] has {} bytes, which is more than the {} that "
                                   "this index takes",
                                   id, json.size(), options_.largest_document));
  }
  const auto source = parse(json, "mapper_parsing_exception");
  if (!source) return std::unexpected(source.error());
  const std::lock_guard lock(mutex_);
  base::Result<ReadDocument> document = mapping_->read(std::string(id), source->root());
  if (!document) return std::unexpected(document.error());
  if (!routing.empty()) {
    document->document.keywords.push_back(
        {.field = std::string(kRoutingField), .term = std::string(routing)});
  }
  // Before the document, for should writing throw, the document may be in.
  const std::shared_ptr<const Mapping> before = mapping_;
  if (document->extended) mapping_ = std::move(document->extended);
  base::Result<WriteOutcome> outcome = shard_.put(std::move(document->document), condition);
  if (!outcome) mapping_ = before;
  return outcome;
}

base::Result<WriteOutcome> Index::remove(std::string_view id, const WriteCondition& condition) {
  return shard_.remove(id, condition);
}

std::optional<Document> Index::find(std::string_view id) const {
  const std::shared_ptr<const Snapshot> snapshot = shard_.snapshot();
  for (const SegmentView& view : snapshot->segments) {
    const std::optional<DocId> doc = view.segment->find(id, *view.live);
    if (!doc) continue;
    return document_at(view, *doc);
  }
  return std::nullopt;
}

std::optional<Document> Index::get(std::string_view id) {
  if (shard_.is_buffered(id)) shard_.refresh();
  return find(id);
}

void Index::commit(std::string user_data) {
  // Held over the commit, so that the mapping it keeps has the fields of all its documents.
  const std::lock_guard lock(mutex_);
  shard_.commit(mapping_->json(), std::move(user_data));
}

void Index::commit_again() {
  const std::lock_guard lock(mutex_);
  shard_.commit(mapping_->json(), shard_.committed_user_data());
}

base::Result<SearchResult> Index::search(std::string_view json) const {
  const auto document = parse(json, "parsing_exception");
  if (!document) return std::unexpected(document.error());
  const base::Result<SearchRequest> request = parse_search_request(document->root());
  if (!request) return std::unexpected(request.error());
  return search(*request);
}

base::Result<SearchResult> Index::search(const SearchRequest& request) const {
  const SearchTarget self = target();
  return execute_search({&self, 1}, request, current_time());
}

SearchTarget Index::target() const {
  SearchTarget target{.snapshot = shard_.snapshot(), .mapping = nullptr, .bm25 = options_.bm25};
  const std::lock_guard lock(mutex_);
  target.mapping = mapping_;
  return target;
}

}  // namespace hornbeam::search
