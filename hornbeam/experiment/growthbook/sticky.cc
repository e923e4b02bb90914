#include <algorithm>

#include "hornbeam/experiment/growthbook/coercion.h"
#include "hornbeam/experiment/growthbook/evaluate.h"

namespace hornbeam::experiment::growthbook {
namespace {

std::string document_key(std::string_view attribute, std::string_view value) {
  return std::string(attribute) + "||" + std::string(value);
}

}  // namespace

void StickyBuckets::load(StickyDocument document) {
  std::string key = document_key(document.attribute_name, document.attribute_value);
  documents_.insert_or_assign(std::move(key), std::move(document));
}

std::vector<StickyDocument> StickyBuckets::take_changed() {
  std::vector<StickyDocument> changed;
  for (const std::string& key : changed_) changed.push_back(documents_.at(key));
  changed_.clear();
  return changed;
}

const std::string* StickyBuckets::find(std::string_view attribute, std::string_view value,
                                       std::string_view experiment) const {
  const auto document = documents_.find(document_key(attribute, value));
  if (document == documents_.end()) return nullptr;
  for (const auto& [key, variation] : document->second.assignments) {
    if (key == experiment) return &variation;
  }
  return nullptr;
}

void StickyBuckets::assign(std::string_view attribute, std::string_view value,
                           std::string experiment, std::string variation) {
  std::string key = document_key(attribute, value);
  StickyDocument& document = documents_[key];
  document.attribute_name = attribute;
  document.attribute_value = value;
  auto& assignments = document.assignments;
  const auto known = std::find_if(assignments.begin(), assignments.end(),
                                  [&](const auto& pair) { return pair.first == experiment; });
  if (known == assignments.end()) {
    assignments.emplace_back(std::move(experiment), std::move(variation));
  } else if (known->second != variation) {
    known->second = std::move(variation);
  } else {
    return;
  }
  if (std::find(changed_.begin(), changed_.end(), key) == changed_.end()) {
    changed_.push_back(std::move(key));
  }
}

std::vector<std::pair<std::string, std::string>> Evaluation::sticky_keys() const {
  std::vector<std::pair<std::string, std::string>> keys;
  for (const std::string& attribute : payload_.sticky_attributes()) {
    const Value* value = user_.attributes.find(attribute);
    const bool is_given = value != nullptr && is_truthy(*value);
    const std::string* text = is_given ? value->as_string() : nullptr;
    keys.emplace_back(attribute, !is_given ? std::string() : text ? *text : value->json());
  }
  return keys;
}

}  // namespace hornbeam::experiment::growthbook
