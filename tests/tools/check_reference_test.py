"""Small headers, and which of their names check_reference misses a docstring of."""

import shutil
import tempfile
import unittest
from pathlib import Path

from tool import ROOT, load

reference = load("tools/check_reference")

DOCUMENTED = """\
#pragma once
namespace hornbeam::base {
/// A thing.
struct Thing {
  Thing() = default;
  Thing(const Thing&) = default;
  bool operator==(const Thing&) const = default;
  int size = 100'000;  ///< How large it is.
  /// Asks for all that a number holds for.
  int ask(int number);
  int ask(long number);
};
/// A template.
template <class Value>
struct Box {};
template <>
struct Box<int> {
  int inside;
};
namespace box_detail {
int open();
}
}  // namespace hornbeam::base
"""


@unittest.skipUnless(shutil.which("doxygen"), "doxygen is not installed")
class CheckReference(unittest.TestCase):
    def found(self, text: str) -> list[str]:
        """Its complaints about one public header."""
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            shutil.copytree(ROOT / "docs/reference", root / "docs/reference")
            (root / "hornbeam/base").mkdir(parents=True)
            (root / "hornbeam/base/thing.h").write_text(text)
            found, warnings = reference.complaints(root)
            return [line for line in [*map(str, found), *warnings] if "thing.h" in line]

    def test_what_is_documented_or_given_is_fine(self):
        self.assertEqual(self.found(DOCUMENTED), [])

    def test_every_kind_of_name_needs_a_docstring(self):
        header = "#pragma once\nnamespace hornbeam::base {\n%s\n}  // namespace hornbeam::base\n"
        for declaration, name in (("struct Thing {};", "Thing"), ("int ask(int number);", "ask"),
                                  ("using Things = int;", "Things"), ("enum class Colour { kRed };", "Colour"),
                                  ("inline constexpr int kMost = 3;", "kMost"),
                                  ("/// A thing.\nstruct Thing {\n  int size;\n};", "Thing::size"),
                                  ("/// A thing.\nstruct Thing {\n  explicit Thing(int size);\n};", "Thing::Thing"),
                                  ("template <class Value>\nint ask(const Value& value);", "ask")):
            with self.subTest(declaration):
                found = self.found(header % declaration)
                self.assertEqual(len(found), 1, found)
                self.assertIn(f"hornbeam::base::{name} has no docstring", found[0])
                self.assertTrue(found[0].startswith("hornbeam/base/thing.h:"), found[0])

    def test_a_docstring_that_doxygen_cannot_read_is_told(self):
        found = self.found(DOCUMENTED.replace("/// A thing.", "/// A thing. \\nonsense"))
        self.assertEqual(len(found), 1, found)
        self.assertIn("nonsense", found[0])


if __name__ == "__main__":
    unittest.main()
