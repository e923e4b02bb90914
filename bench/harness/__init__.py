"""Runs Hornbeam and its peers side by side and prints what was measured; see bench/README.md."""
