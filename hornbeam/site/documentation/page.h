#pragma once

// Page: a page of documentation taken apart, as the tables have it. What makes one of a file is in
// html_page.h and markdown.h.

#include <cstddef>
#include <string>
#include <vector>

namespace hornbeam::site {

/// An example.
struct SampleText {
  std::string language;  ///< As the page says, such as "python"; empty: it does not.
  std::string text;      ///< As it stands, with its lines.
};

/// What stands under one heading, up to the next one of any level.
struct PageSection {
  std::string anchor;         ///< Leads to it within the page; of no two sections the same.
  std::string title;          ///< The heading, or the signature of what is described.
  int level = 1;              ///< As HTML counts: 1 is the page's own heading.
  bool is_reference = false;  ///< Describes a class, a function, a setting.
  std::string html;           ///< Clean markup, without the heading.
  std::string text;           ///< Its words, without those of examples; white space is one space.
  std::vector<SampleText> samples{};
};

/// A page. Sections stand in the order of reading.
struct Page {
  std::string title;
  std::vector<PageSection> sections{};
};

/// Where the section that `section` stands under is in `page`; itself if it stands under none.
std::size_t parent_of(const Page& page, std::size_t section);

}  // namespace hornbeam::site
