"""The runner of tests/compile_fail must itself fail when a case does not prove what it claims."""

import tempfile
import unittest
from pathlib import Path

from tool import load

check_cases = load("tests/compile_fail/check_cases.py")


GOOD = ('// expect-error: static assertion failed.*use a smaller one\n'
        '#ifndef MENDED\nstatic_assert(false, "too large; mend: use a smaller one");\n#endif\n')


class CompileFailRunner(unittest.TestCase):
    def complaints(self, text: str) -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "case.cc")
            file.write_text(text)
            compiler = check_cases.Compiler("clang++-19", Path(folder, "headers.pch"))
            compiler.precompile([])
            complaints = check_cases.complaints_about(compiler, file)
            # Together with a case that is as it should be, it is settled only if it is so itself.
            good = Path(folder, "good.cc")
            good.write_text(GOOD)
            settled = check_cases.settled_together(compiler, [file, good], Path(folder))
            self.assertEqual(file in settled, not complaints)
            return complaints

    def test_a_case_that_fails_as_expected_passes(self):
        self.assertEqual(self.complaints(GOOD), [])

    def test_a_case_that_compiles_is_reported(self):
        self.assertIn("but must not", self.complaints("// expect-error: x\nint one = 1;\n")[0])

    def test_another_message_than_the_expected_one_is_reported(self):
        [complaint] = self.complaints("// expect-error: seats\n#ifndef MENDED\nint one = two;\n#endif\n")
        self.assertIn("without saying 'seats'", complaint)
        self.assertIn("undeclared identifier 'two'", complaint)

    def test_a_case_that_fails_even_when_mended_is_reported(self):
        self.assertIn("proves nothing", self.complaints("// expect-error: two\nint one = two;\n")[0])

    def test_a_case_without_expectation_is_reported(self):
        self.assertIn("expect-error", self.complaints("int one = 1;\n")[0])


if __name__ == "__main__":
    unittest.main()
