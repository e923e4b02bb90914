"""Loads a script as a module: the tools in tools/ have no ending, so that `import` does not find them."""

import importlib.machinery
import importlib.util
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def load(path: str):
    """The script at `path`, spelled from the root of the project."""
    sys.dont_write_bytecode = True
    name = Path(path).stem
    loader = importlib.machinery.SourceFileLoader(name, str(ROOT / path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    sys.modules[name] = module  # dataclasses look their module up by name
    loader.exec_module(module)
    return module
