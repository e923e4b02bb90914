"""`arena games load` against two processes, one of which is killed: no move is lost, and the tool says what it saw."""

import json
import os
import subprocess
import tempfile
import time

from arena_process import Arena


def load(url, *arguments):
    return subprocess.Popen([os.environ["HORNBEAM_ARENA"], "games", "load", "--url", url, *arguments],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process):
    out, errors = process.communicate(timeout=120)
    assert "\r" not in errors and "\033" not in errors, f"without a terminal there are plain lines: {errors}"
    return process.returncode, out


def main():
    with tempfile.TemporaryDirectory() as folder:
        arena = Arena(os.path.join(folder, "arena.db"))
        arena.start()
        code, out = finish(load(arena.url, "--games", "20", "--idle", "20", "--seconds", "1", "--pause", "20"))
        assert code == 0, out
        assert "latency p99, ms" in out and "moves lost                             0" in out, out
        assert "error" not in out, out
        code, out = finish(load(arena.url, "--games", "5", "--watchers", "30", "--seconds", "2", "--pause", "50",
                                "--json"))
        report = json.loads(out)
        assert code == 0 and report["watched"] > report["moves"] and report["watch_p99_ms"] > 0, report

        playing = load(arena.url, "--games", "30", "--seconds", "3", "--pause", "100", "--json")
        time.sleep(1)
        arena.kill()
        arena.start()
        code, out = finish(playing)
        report = json.loads(out)
        assert code == 0, report
        assert report["lost"] == report["reordered"] == report["unverified"] == 0, report
        assert report["moves"] > 30 and report["games"] >= 30 and report["returns"] > 0, report
        assert report["errors"], "a killed server was not noticed"
        arena.stop()

        nobody = load(arena.url, "--games", "1", "--seconds", "0.2", "--json")
        code, out = finish(nobody)
        assert code == 0 and json.loads(out)["errors"]["cannot connect"] > 0, out
        wrong = load("http://127.0.0.1:1/", "--games", "1")
        assert wrong.wait(timeout=20) == 2 and "write ws://host:port/path" in wrong.stderr.read()
    print(f"20 games quietly, then 30 over a kill: {report}")


main()
