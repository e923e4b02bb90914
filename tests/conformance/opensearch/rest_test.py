#!/usr/bin/python3
"""Runs OpenSearch's REST tests against a server: rest_test.py PROGRAM [FILTER]

Finds them in the folder opensearch-rest of HORNBEAM_CONFORMANCE, and skips, saying so, without it. The tests that fail,
and why, are listed in failing.txt beside this file: any other that fails is an error, and so is one listed that passes.
FILTER, a part of "file: name", runs some and shows why each failed. --write renews the list, keeping its reasons.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rest_steps import Failure, Server, Suite, Test, why_skipped

HERE = Path(__file__).parent
LIST = HERE / "failing.txt"
SKIPPED = 77


def run_test(server, suite, name):
    """Why the test fails, or None."""
    skipped = why_skipped(suite.setup) or why_skipped(suite.tests[name])
    if skipped:
        return "skipped, " + skipped
    test = Test(server)
    try:
        test.run(suite.setup)
        test.run(suite.tests[name])
        return None
    except Failure as failure:
        return str(failure)
    except Exception as error:  # A test that the runner cannot read is one that fails.
        return f"{type(error).__name__}: {error}"
    finally:
        try:
            test.run(suite.teardown)
        except Failure:
            pass
        for path in ("/*?expand_wildcards=all", "/_template/*", "/_index_template/*", "/_search/scroll/_all"):
            server.send("DELETE", path)


def read_list():
    """The reason of each test that is known to fail."""
    reasons, reason = {}, ""
    for line in LIST.read_text("utf-8").splitlines() if LIST.exists() else []:
        if line.startswith("# "):
            reason = line[2:]
        elif line:
            reasons[line] = reason
    return reasons


def write_list(failures, reasons):
    groups = {}
    for title in failures:
        groups.setdefault(reasons.get(title, "Not looked at yet."), []).append(title)
    text = "\n\n".join("\n".join([f"# {reason}"] + sorted(titles)) for reason, titles in sorted(groups.items()))
    LIST.write_text(text + "\n", "utf-8")


def start(program, folder):
    """The server and the port that it says it listens on."""
    log = open(Path(folder) / "server.log", "w", encoding="utf-8")
    process = subprocess.Popen([program, "run", "--port", "0", "--set", f"data={folder}"], stdout=subprocess.PIPE,
                               stderr=log, text=True)
    found = re.search(r"http://127\.0\.0\.1:(\d+)", process.stdout.readline())
    if not found:
        raise SystemExit(f"rest_test: {program} ended with {process.wait()} before it listened")
    return process, int(found[1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("filter", nargs="?", default="")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    data = Path(os.environ.get("HORNBEAM_CONFORMANCE", HERE.parents[3] / "shared/conformance")) / "opensearch-rest"
    if not data.is_dir():
        print("skipped: there are no REST tests, since HORNBEAM_CONFORMANCE names no folder that has them")
        return SKIPPED
    wanted = json.loads((data / "target.json").read_text("utf-8"))
    failures, passed, suites = {}, [], {}
    with tempfile.TemporaryDirectory() as folder:
        process, port = start(arguments.program, folder)
        server = Server(port, data / "api")
        try:
            for one in wanted:
                title = f"{one['file']}: {one['name']}"
                if arguments.filter not in title:
                    continue
                if one["file"] not in suites:
                    suites[one["file"]] = Suite(data / "test" / one["file"])
                try:
                    why = run_test(server, suites[one["file"]], one["name"])
                except OSError as error:
                    why = f"the server ended: {error}"
                    process.kill()
                    process, port = start(arguments.program, tempfile.mkdtemp(dir=folder))
                    server = Server(port, data / "api")
                if why is None:
                    passed.append(title)
                else:
                    failures[title] = why
                    if arguments.filter:
                        print(f"{title}\n    {why}")
        finally:
            process.terminate()
            process.wait(30)
    print(f"{len(passed)} of {len(passed) + len(failures)} REST tests passed")
    if arguments.write:
        write_list(failures, read_list())
    if arguments.filter or arguments.write:
        return 0
    known = read_list()
    unexpected = [f"failed: {title}\n    {why}" for title, why in failures.items() if title not in known]
    unexpected += [f"passes, but is in {LIST.name}: {title}" for title in passed if title in known]
    print("\n".join(unexpected))
    return 1 if unexpected else 0


if __name__ == "__main__":
    sys.exit(main())
