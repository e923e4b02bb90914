#include <fmt/format.h>

#include "hornbeam/search/query/query_reader.h"
#include "hornbeam/search/suggest/suggest_request.h"

namespace hornbeam::search {
namespace {

using query_reader::count;
using query_reader::flag;
using query_reader::number;
using query_reader::Refusal;
using query_reader::refuse;
using query_reader::scalar;

[[noreturn]] void refuse_argument(std::string message) {
  throw Refusal{{.code = "illegal_argument_exception", .message = std::move(message)}};
}

TermSuggest::Mode mode_of(base::JsonView json) {
  const std::string text = scalar("term", json);
  if (text == "missing") return TermSuggest::Mode::kMissing;
  if (text == "popular") return TermSuggest::Mode::kPopular;
  if (text == "always") return TermSuggest::Mode::kAlways;
  refuse_argument(fmt::format("Illegal suggest mode {}", text));
}

std::uint32_t edits_of(base::JsonView json) {
  const std::size_t edits = count("term", "max_edits", json);
  if (edits < 1 || edits > 2) {
    refuse_argument(
        fmt::format("maxEdits must be between 1 and 2 (inclusive), but was [{}]", edits));
  }
  return static_cast<std::uint32_t>(edits);
}

/// What term suggesters and the generators of phrase suggesters share.
bool read_term_option(TermSuggest& term, std::string_view name, base::JsonView value) {
  if (name == "field") {
    term.field = scalar("term", value);
  } else if (name == "size") {
    term.size = count("term", name, value);
  } else if (name == "suggest_mode") {
    term.mode = mode_of(value);
  } else if (name == "sort") {
    const std::string text = scalar("term", value);
    if (text != "score" && text != "frequency") {
      refuse_argument(fmt::format("Illegal sort [{}]", text));
    }
    term.is_by_frequency = text == "frequency";
  } else if (name == "max_edits") {
    term.max_edits = edits_of(value);
  } else if (name == "prefix_length" || name == "prefix_len") {
    term.prefix_length = count("term", name, value);
  } else if (name == "min_word_length" || name == "min_word_len") {
    term.min_word_length = count("term", name, value);
  } else if (name == "min_doc_freq") {
    term.min_doc_freq = number("term", name, value);
  } else if (name == "max_term_freq") {
    term.max_term_freq = number("term", name, value);
  } else if (name == "analyzer") {
    term.analyzer = scalar("term", value);
  } else {
    return name == "string_distance" || name == "accuracy" || name == "max_inspections" ||
           name == "shard_size" || name == "pre_filter" || name == "post_filter";
  }
  return true;
}

TermSuggest read_term(base::JsonView json) {
  TermSuggest term;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    if (!read_term_option(term, name, value)) {
      refuse(fmt::format("suggester[term] doesn't support field [{}]", name));
    }
  }
  if (term.field.empty()) refuse("the required field option is missing");
  return term;
}

PhraseSuggest read_phrase(base::JsonView json) {
  PhraseSuggest phrase{.field = {}, .generator = {.mode = TermSuggest::Mode::kAlways}};
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    if (name == "field") {
      phrase.field = scalar("phrase", value);
    } else if (name == "size") {
      phrase.size = count("phrase", name, value);
    } else if (name == "analyzer") {
      phrase.analyzer = scalar("phrase", value);
    } else if (name == "real_word_error_likelihood") {
      phrase.real_word_error_likelihood = number("phrase", name, value);
    } else if (name == "confidence") {
      phrase.confidence = number("phrase", name, value);
    } else if (name == "max_errors") {
      phrase.max_errors = number("phrase", name, value);
    } else if (name == "highlight") {
      if (const auto tag = value.find("pre_tag")) phrase.pre_tag = scalar("phrase", *tag);
      if (const auto tag = value.find("post_tag")) phrase.post_tag = scalar("phrase", *tag);
    } else if (name == "direct_generator") {
      for (std::size_t k = 0; k < value.size(); ++k) {
        const base::JsonView one = value.element(k);
        for (std::size_t m = 0; m < one.size(); ++m) {
          const auto [option, setting] = one.member(m);
          if (!read_term_option(phrase.generator, option, setting)) {
            refuse(fmt::format("[direct_generator] unknown field [{}]", option));
          }
        }
      }
    } else if (name != "gram_size" && name != "separator" && name != "force_unigrams" &&
               name != "token_limit" && name != "smoothing" && name != "shard_size") {
      refuse(fmt::format("suggester[phrase] doesn't support field [{}]", name));
    }
  }
  if (phrase.field.empty()) refuse("the required field option is missing");
  if (phrase.generator.field.empty()) phrase.generator.field = phrase.field;
  return phrase;
}

std::string context_value(base::JsonView json) {
  const auto text = json.find_string();
  return text ? std::string(*text) : json.text();
}

CompletionSuggest::Context read_context(base::JsonView json) {
  CompletionSuggest::Context context;
  const auto value = json.find("context");
  if (!value) return {.value = context_value(json)};
  context.value = context_value(*value);
  if (const auto boost = json.find("boost")) context.boost = number("completion", "boost", *boost);
  if (const auto prefix = json.find("prefix")) {
    context.is_prefix = flag("completion", "prefix", *prefix);
  }
  return context;
}

CompletionSuggest read_completion(base::JsonView json) {
  CompletionSuggest completion;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    if (name == "field") {
      completion.field = scalar("completion", value);
    } else if (name == "size") {
      completion.size = count("completion", name, value);
    } else if (name == "skip_duplicates") {
      completion.skips_duplicates = flag("completion", name, value);
    } else if (name == "fuzzy") {
      if (value.find_bool() == false) continue;
      completion.fuzzy = FuzzyOptions{.prefix_length = 1};
      for (std::size_t k = 0; k < value.size(); ++k) {
        const auto [option, setting] = value.member(k);
        if (option == "min_length") {
          completion.fuzzy_min_length = count("completion", option, setting);
        } else if (!query_reader::fuzzy_member("completion", option, setting, completion.fuzzy) &&
                   option != "unicode_aware" && option != "max_determinized_states") {
          refuse(fmt::format("[fuzzy] unknown field [{}]", option));
        }
      }
    } else if (name == "contexts") {
      for (std::size_t k = 0; k < value.size(); ++k) {
        const auto [context, values] = value.member(k);
        auto& all = completion.contexts[std::string(context)];
        const bool is_array = values.kind() == base::JsonKind::kArray;
        for (std::size_t m = 0; m < (is_array ? values.size() : 1); ++m) {
          all.push_back(read_context(is_array ? values.element(m) : values));
        }
      }
    } else if (name != "analyzer" && name != "shard_size" && name != "regex") {
      refuse(fmt::format("suggester[completion] doesn't support field [{}]", name));
    }
  }
  if (completion.field.empty()) refuse("the required field option is missing");
  return completion;
}

SuggestRequest::Entry read_entry(std::string_view name, const std::optional<std::string>& text,
                                 base::JsonView json) {
  SuggestRequest::Entry entry{.name = std::string(name), .text = {}};
  std::optional<std::string> own = text;
  bool has_suggester = false;
  bool is_regexp = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [option, value] = json.member(i);
    if (option == "text" || option == "prefix" || option == "regex") {
      own = scalar("suggest", value);
      is_regexp = option == "regex";
      continue;
    }
    has_suggester = true;
    if (option == "term") {
      entry.suggester = read_term(value);
    } else if (option == "phrase") {
      entry.suggester = read_phrase(value);
    } else if (option == "completion") {
      entry.suggester = read_completion(value);
    } else {
      refuse_argument(fmt::format("no suggester found for name [{}]", option));
    }
  }
  if (!has_suggester) refuse_argument("missing suggestion object");
  if (!own) refuse_argument("The required text option is missing");
  entry.text = *own;
  if (auto* completion = std::get_if<CompletionSuggest>(&entry.suggester)) {
    completion->is_regexp = is_regexp;
  }
  return entry;
}

}  // namespace

SuggestRequest read_suggest(base::JsonView json) {
  if (json.kind() != base::JsonKind::kObject) refuse("[suggest] must be an object");
  SuggestRequest request;
  std::optional<std::string> text;
  if (const auto global = json.find("text")) text = scalar("suggest", *global);
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    if (name == "text") continue;
    if (value.kind() != base::JsonKind::kObject) {
      refuse_argument(fmt::format("[suggest] does not support [{}]", name));
    }
    request.entries.push_back(read_entry(name, text, value));
  }
  return request;
}

}  // namespace hornbeam::search
