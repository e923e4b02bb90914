"""Small sets of pages, each with one thing wrong, and what check_docs says of them."""

import tempfile
import unittest
from pathlib import Path

from tool import load

docs = load("tools/check_docs")

CODE = """#include "hornbeam/web.h"

int main() {
  // [routes]
  app.get("/", [] {
    // [answer]
    return "Hello";
    // [/answer]
  });
  // [/routes]
}
"""
PAGE = """# First app

<!-- snippet: docs/examples/app.cc#routes -->
```cpp
app.get("/", [] {
  return "Hello";
});
```
"""
SOUND = {"docs/examples/app.cc": CODE, "docs/guide.md": PAGE, "README.md": "[Guide](docs/guide.md#first-app)\n"}


class CheckDocs(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name).resolve()

    def found(self, changes: dict[str, str], fix: bool = False) -> list[str]:
        index = "".join(f"[page]({name})\n" for name in changes if name.endswith(".md") and "docs/" in name)
        changes = {"README.md": SOUND["README.md"] + index} | changes
        for name, text in (SOUND | changes).items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return [str(complaint) for complaint in docs.complaints(self.root, fix)]

    def assert_only(self, changes: dict[str, str], place: str, *words: str):
        found = self.found(changes)
        self.assertEqual(len(found), 1, found)
        self.assertTrue(found[0].startswith(place + ": "), found[0])
        for word in words + ("Mend: ",):
            self.assertIn(word, found[0])

    def test_sound_pages_have_no_complaints(self):
        self.assertEqual(self.found({}), [])

    def test_a_snippet_that_differs_is_reported_and_refreshed(self):
        stale = PAGE.replace("Hello", "Hallo")
        self.assert_only({"docs/guide.md": stale}, "docs/guide.md:4", "differs from docs/examples/app.cc")
        self.assertEqual(self.found({"docs/guide.md": stale}, fix=True), [])
        self.assertEqual((self.root / "docs/guide.md").read_text(), PAGE)

    def test_a_region_inside_another_is_a_snippet_of_its_own(self):
        inner = '<!-- snippet: docs/examples/app.cc#answer -->\n```cpp\nreturn "Hello";\n```\n'
        self.assertEqual(self.found({"docs/guide/inner.md": inner}), [])

    def test_a_snippet_without_region_is_the_whole_file(self):
        page = "<!-- snippet: docs/examples/one.cc -->\n```cpp\nint one();\n```\n"
        self.assertEqual(self.found({"docs/one.md": page, "docs/examples/one.cc": "int one();\n"}), [])

    def test_a_snippet_in_a_list_keeps_its_indentation_when_refreshed(self):
        page = "1. so\n\n   <!-- snippet: docs/examples/app.cc#answer -->\n   ```cpp\n   old\n   ```\n"
        self.assertEqual(self.found({"docs/list.md": page}, fix=True), [])
        self.assertIn('   return "Hello";\n   ```', (self.root / "docs/list.md").read_text())

    def test_code_that_nothing_compiles_is_reported(self):
        block = "```cpp\nint one;\n```\n"
        self.assert_only({"docs/other.md": block}, "docs/other.md:1", "nothing compiles")
        self.assertEqual(self.found({"docs/other.md": "<!-- sketch: turned down -->\n" + block}), [])

    def test_a_missing_file_or_region_is_reported(self):
        for source, word in (("docs/examples/no.cc", "not there"), ("docs/examples/app.cc#no", "no region no")):
            page = f"<!-- snippet: {source} -->\n```cpp\n```\n"
            self.assert_only({"docs/other.md": page}, "docs/other.md:2", word)

    def test_links_lead_somewhere(self):
        for target, word in (("no.md", "leads nowhere"), ("guide.md#second-app", "no heading"),
                             ("#nothing", "no heading"), ("../../x.md", "out of the project"),
                             ("/etc", "out of the project")):
            self.assert_only({"docs/other.md": f"\nSee [this]({target}).\n"}, "docs/other.md:2", word)
        fine = "[a](https://example.org) [b](guide.md) `[c](no.md)` ![d](../README.md)\n```\n[e](no.md)\n```\n"
        self.assertEqual(self.found({"docs/other.md": fine}), [])

    def test_anchors_are_formed_as_github_forms_them(self):
        self.assertEqual(docs.anchors_of("# The `house`, and its doors\n## A/B tests\n## A/B tests\n"),
                         {"the-house-and-its-doors", "ab-tests", "ab-tests-1"})

    def test_a_page_that_no_page_links_is_reported(self):
        self.assert_only({"README.md": "nothing\n"}, "docs/guide.md:1", "no page links here")

    def test_every_library_has_a_readme(self):
        self.assert_only({"hornbeam/base/CMakeLists.txt": ""}, "hornbeam/base/README.md:1", "no README")

    def test_the_project_speaks_of_itself_alone(self):
        self.assert_only({"docs/other.md": "see /home/" + "ada/notes\n"}, "docs/other.md:1", "one machine")
        self.assert_only({"docs/other.md": "as ticket " + "12 asks\n"}, "docs/other.md:1", "cannot see")


if __name__ == "__main__":
    unittest.main()
