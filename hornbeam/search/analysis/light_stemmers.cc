// Source: Jacques Savoy, "Light Stemming Approaches for the French, Portuguese, German and
// Hungarian Languages" (2006), as Lucene has them. A rule takes an ending off words that are longer
// than it says, puts something in its place, and is the last one unless it says otherwise.

#include "hornbeam/search/analysis/light_stemmers.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "hornbeam/search/analysis/java_character.h"
#include "hornbeam/search/analysis/rewriting_stage.h"

namespace hornbeam::search {
namespace {

using Word = std::u32string;

struct Rule {
  std::size_t longer_than;
  std::u32string_view ending;
  std::u32string_view replacement{};
  bool goes_on = false;
};

void replace_ending(Word& word, std::size_t size, std::u32string_view replacement) {
  word.resize(word.size() - size);
  word += replacement;
}

/// Whether a rule that is the last one was applied.
bool apply_rules(Word& word, std::span<const Rule> rules) {
  for (const Rule& rule : rules) {
    if (word.size() <= rule.longer_than || !word.ends_with(rule.ending)) continue;
    replace_ending(word, rule.ending.size(), rule.replacement);
    if (!rule.goes_on) return true;
  }
  return false;
}

/// Puts letters with accents as those without.
struct Unaccented {
  char32_t plain;
  std::u32string_view accented;
};

void take_accents_off(Word& word, std::span<const Unaccented> letters) {
  for (char32_t& letter : word) {
    for (const Unaccented& one : letters) {
      if (one.accented.contains(letter)) letter = one.plain;
    }
  }
}

constexpr std::array<Unaccented, 5> kRomance = {
    {{U'a', U"àáâä"}, {U'o', U"òóôö"}, {U'e', U"èéêë"}, {U'u', U"ùúûü"}, {U'i', U"ìíîï"}}};

void finish_french(Word& word) {
  static constexpr std::array<Unaccented, 6> kLetters = {
      {{U'a', U"àáâ"}, {U'o', U"ô"}, {U'e', U"èéê"}, {U'u', U"ùû"}, {U'i', U"î"}, {U'c', U"ç"}}};
  if (word.size() > 4) {
    take_accents_off(word, kLetters);
    const auto repeated = std::unique(word.begin(), word.end(), [](char32_t a, char32_t b) {
      return a == b && is_java_letter(a);
    });
    word.erase(repeated, word.end());
  }
  if (word.size() > 4 && word.ends_with(U"ie")) word.resize(word.size() - 2);
  if (word.size() <= 4) return;
  if (word.ends_with(U'r')) word.pop_back();
  if (word.ends_with(U'e')) word.pop_back();
  if (word.ends_with(U'e')) word.pop_back();
  if (word.back() == word[word.size() - 2] && is_java_letter(word.back())) word.pop_back();
}

constexpr std::array<Rule, 29> kFrench = {{
    {9, U"issement", U"ir"},
    {8, U"issant", U"ir"},
    {6, U"ement", U"e"},
    {11, U"ficatrice", U"fier"},
    {10, U"ficateur", U"fier"},
    {9, U"catrice", U"quer"},
    {8, U"cateur", U"quer"},
    {8, U"atrice", U"er"},
    {7, U"ateur", U"er"},
    {6, U"trice", U"teur", true},
    {5, U"ième"},
    {7, U"teuse", U"ter"},
    {6, U"teur", U"ter"},
    {5, U"euse", U"eu"},
    {8, U"ère", U"er"},
    {7, U"ive", U"if"},
    {4, U"folle", U"fou"},
    {4, U"molle", U"mou"},
    {9, U"nnelle", U"n"},
    {9, U"nnel", U"n"},
    {4, U"ète", U"et", true},
    {8, U"ique", U"", true},
    {8, U"esse", U"e"},
    {7, U"inage", U"in"},
    {12, U"ualisation", U"uel"},
    {9, U"isation"},
    {9, U"isateur"},
    {8, U"ation"},
    {8, U"ition"},
}};

/// -es and the like of German words end in -s only behind these.
bool takes_german_s(char32_t letter) {
  return std::u32string_view(U"bdfghklmnt").contains(letter);
}

void stem_german_first(Word& word) {
  const std::size_t size = word.size();
  if (size > 5 && word.ends_with(U"ern")) return word.resize(size - 3);
  if (size > 4 && word[size - 2] == U'e' && std::u32string_view(U"mnrs").contains(word[size - 1])) {
    return word.resize(size - 2);
  }
  if (size > 3 && word.ends_with(U'e')) return word.resize(size - 1);
  if (size > 3 && word.ends_with(U's') && takes_german_s(word[size - 2])) word.resize(size - 1);
}

void stem_german_second(Word& word) {
  const std::size_t size = word.size();
  if (size > 5 && word.ends_with(U"est")) return word.resize(size - 3);
  if (size > 4 && (word.ends_with(U"er") || word.ends_with(U"en"))) return word.resize(size - 2);
  if (size > 4 && word.ends_with(U"st") && takes_german_s(word[size - 3])) word.resize(size - 2);
}

void stem_portuguese_plural(Word& word) {
  static constexpr std::array<Rule, 13> kRules = {{{4, U"res", U"r"},
                                                   {4, U"ses", U"s"},
                                                   {4, U"les", U"l"},
                                                   {4, U"zes", U"z"},
                                                   {3, U"ns", U"m"},
                                                   {4, U"eis", U"el"},
                                                   {4, U"éis", U"el"},
                                                   {4, U"ais", U"al"},
                                                   {4, U"óis", U"ol"},
                                                   {4, U"is", U"il"},
                                                   {3, U"ões", U"ão"},
                                                   {3, U"ães", U"ão"},
                                                   {6, U"mente"}}};
  if (apply_rules(word, kRules)) return;
  if (word.size() > 3 && word.ends_with(U's')) word.pop_back();
}

constexpr std::array<Rule, 13> kPortugueseFeminine = {{{7, U"inha", U"inho"},
                                                       {7, U"iaca", U"iaco"},
                                                       {7, U"eira", U"eiro"},
                                                       {6, U"osa", U"oso"},
                                                       {6, U"ica", U"ico"},
                                                       {6, U"ida", U"ido"},
                                                       {6, U"ada", U"ado"},
                                                       {6, U"iva", U"ivo"},
                                                       {6, U"ama", U"amo"},
                                                       {6, U"ona", U"ão"},
                                                       {6, U"ora", U"or"},
                                                       {6, U"esa", U"ês"},
                                                       {6, U"na", U"no"}}};

class LightStemStage final : public RewritingStage {
 public:
  LightStemStage(LightStemmer stemmer, TokenStage& next) : RewritingStage(next), stem_(stemmer) {}

  void accept(const Token& token) override {
    if (token.is_keyword || token.term.empty()) return next().accept(token);
    word_.clear();
    for (std::size_t at = 0; at < token.term.size();) {
      const CodePoint point = decode(token.term, at);
      at += point.bytes;
      word_ += point.value;
    }
    stem_(word_);
    buffer().clear();
    for (const char32_t letter : word_) base::append_utf8(buffer(), letter);
    emit_buffer(token);
  }

 private:
  LightStemmer stem_;
  Word word_;
};

}  // namespace

void stem_french_light(Word& word) {
  if (word.size() > 5 && word.ends_with(U'x')) {
    if (word.ends_with(U"aux") && word[word.size() - 4] != U'e') word[word.size() - 2] = U'l';
    word.pop_back();
  }
  if (word.size() > 3 && word.ends_with(U'x')) word.pop_back();
  if (word.size() > 3 && word.ends_with(U's')) word.pop_back();
  const bool is_adverb = word.size() > 7 && word.ends_with(U"ivement");
  if (is_adverb) {
    replace_ending(word, 7, U"if");
  } else {
    apply_rules(word, kFrench);
  }
  finish_french(word);
}

void stem_german_light(Word& word) {
  static constexpr std::array<Unaccented, 4> kLetters = {
      {{U'a', U"äàáâ"}, {U'o', U"öòóô"}, {U'i', U"ïìíî"}, {U'u', U"üùúû"}}};
  take_accents_off(word, kLetters);
  stem_german_first(word);
  stem_german_second(word);
}

void stem_italian_light(Word& word) {
  if (word.size() < 6) return;
  take_accents_off(word, kRomance);
  const char32_t last = word.back();
  if (!std::u32string_view(U"aeio").contains(last)) return;
  const char32_t before = word[word.size() - 2];
  const bool takes_h = last == U'e' || last == U'i';
  word.resize(word.size() - (before == U'i' || (before == U'h' && takes_h) ? 2 : 1));
}

void stem_portuguese_light(Word& word) {
  static constexpr std::array<Unaccented, 6> kLetters = {{{U'a', U"àáâäã"},
                                                          {U'o', U"òóôöõ"},
                                                          {U'e', U"èéêë"},
                                                          {U'u', U"ùúûü"},
                                                          {U'i', U"ìíîï"},
                                                          {U'c', U"ç"}}};
  if (word.size() < 4) return;
  stem_portuguese_plural(word);
  if (word.size() > 3 && word.ends_with(U'a')) apply_rules(word, kPortugueseFeminine);
  if (word.size() > 4 && std::u32string_view(U"eao").contains(word.back())) word.pop_back();
  take_accents_off(word, kLetters);
}

void stem_spanish_light(Word& word) {
  static constexpr std::array<Rule, 8> kRules = {{{4, U"o"},
                                                  {4, U"a"},
                                                  {4, U"e"},
                                                  {4, U"eses", U"es"},
                                                  {4, U"ces", U"z"},
                                                  {4, U"os"},
                                                  {4, U"as"},
                                                  {4, U"es"}}};
  if (word.size() < 5) return;
  take_accents_off(word, kRomance);
  apply_rules(word, kRules);
}

void stem_arabic(Word& word) {
  static constexpr std::array<std::u32string_view, 7> kPrefixes = {U"ال",  U"وال", U"بال", U"كال",
                                                                   U"فال", U"لل",  U"و"};
  static constexpr std::array<std::u32string_view, 10> kSuffixes = {
      U"ها", U"ان", U"ات", U"ون", U"ين", U"يه", U"ية", U"ه", U"ة", U"ي"};
  for (const std::u32string_view prefix : kPrefixes) {
    const std::size_t least = prefix.size() == 1 ? 4 : prefix.size() + 2;
    if (word.size() < least || !word.starts_with(prefix)) continue;
    word.erase(0, prefix.size());
    break;
  }
  for (const std::u32string_view suffix : kSuffixes) {
    if (word.size() < suffix.size() + 2 || !word.ends_with(suffix)) continue;
    word.resize(word.size() - suffix.size());
  }
}

LightStemmer find_light_stemmer(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, LightStemmer>, 6> kStemmers = {
      {{"light_french", &stem_french_light},
       {"light_german", &stem_german_light},
       {"light_italian", &stem_italian_light},
       {"light_portuguese", &stem_portuguese_light},
       {"light_spanish", &stem_spanish_light},
       {"arabic", &stem_arabic}}};
  const auto found =
      std::ranges::find(kStemmers, name, &std::pair<std::string_view, LightStemmer>::first);
  return found == kStemmers.end() ? nullptr : found->second;
}

std::shared_ptr<const TokenFilter> light_stem_filter(LightStemmer stemmer) {
  return make_filter<LightStemStage>(stemmer);
}

}  // namespace hornbeam::search
