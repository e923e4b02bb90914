#pragma once

namespace arena {

struct Arena;

/// The documentation search at /docs, its results alone at /docs/results for pages that are open,
/// and the pages of manuals below /docs/MANUAL/. Lifetime: `arena` outlives its application.
void add_docs_pages(Arena& arena);

}  // namespace arena
