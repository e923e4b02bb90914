#!/usr/bin/python3
"""What template_renderer does, by Jinja2: `jinja.py FOLDER fortunes|table COUNT|show`."""

import json
import sys
import time
from pathlib import Path
from types import SimpleNamespace

from jinja2 import Environment, FileSystemLoader, select_autoescape

folder, page, what = sys.argv[1:]
environment = Environment(loader=FileSystemLoader(folder), autoescape=select_autoescape(), auto_reload=False)
rows = [SimpleNamespace(**row) for row in json.loads(Path(folder, f"{page}.json").read_text())]


def render():
    return environment.get_template(f"{page}.html").render(rows=rows)


if what == "show":
    print(render(), end="")
else:
    size = len(render().encode())
    begin = time.perf_counter()
    for _ in range(int(what)):
        size += len(render())
    print(f"{time.perf_counter() - begin:.9f} {size}")
