"""The same arena on PostgreSQL, Redis and a search cluster, by its environment alone: two processes share all three.

The cluster is Hornbeam's own REST face in a process of its own, or what HORNBEAM_OPENSEARCH_URL names, whose indices
test-sections-1 and test-packages-1 are then made anew; HORNBEAM_OPENSEARCH_CERTIFICATES is a file (PEM) of those it is
trusted by."""

import asyncio
import atexit
import base64
import json
import os
import pathlib
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

import postgresql_server
import redis_server
from arena_process import Arena, run
from players import pair_all

CERTIFICATES = os.environ.get("HORNBEAM_OPENSEARCH_CERTIFICATES")
PACKAGES = """Package: saw
Version: 1.2
Maintainer: Forest Team <forest@example.org>
Section: utils
Tag: role::program
Description: cuts wood

"""


class SearchServer:
    """search_server, on a port of its choice."""

    def __init__(self, folder):
        self._process = subprocess.Popen([os.environ["HORNBEAM_SEARCH_SERVER"], "run", "--port", "0", "--set",
                                          f"data={folder}"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        atexit.register(self.stop)
        line = self._process.stdout.readline().decode()
        self.url = line[line.index("http://"):].split()[0]

    def stop(self):
        self._process.kill()
        self._process.wait()


def open_cluster(folder):
    url = os.environ.get("HORNBEAM_OPENSEARCH_URL")
    if not url:
        return SearchServer(folder)
    parts = urllib.parse.urlsplit(url)
    user, _, host = parts.netloc.rpartition("@")
    token = base64.b64encode(urllib.parse.unquote(user).encode()).decode()
    headers = {"Authorization": f"Basic {token}"} if user else {}
    for index in ("test-sections-1", "test-packages-1", "test-hornbeam_state"):
        request = urllib.request.Request(f"{parts.scheme}://{host}/{index}", method="DELETE", headers=headers)
        try:
            urllib.request.urlopen(request, timeout=20, context=ssl.create_default_context(cafile=CERTIFICATES))
        except urllib.error.HTTPError as missing:
            assert missing.code == 404, missing
    return type("Cluster", (), {"url": url, "stop": lambda self: None})()


def ask(arena, path, method="GET"):
    """Status, X-Search-Status and body."""
    request = urllib.request.Request(f"http://127.0.0.1:{arena.port}{path}", method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.headers.get("X-Search-Status"), answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, None, error.read().decode()


def until(arena, path, wanted):
    """The page once it has what is wanted: the index follows the database, a moment later."""
    deadline = time.monotonic() + 60
    while True:
        status, _, body = ask(arena, path)
        if wanted in body:
            return body
        assert time.monotonic() < deadline, f"{path} does not come to say {wanted!r}: {status} {body[:2000]}"
        time.sleep(0.05)


def command(environment, *words):
    done = subprocess.run([os.environ["HORNBEAM_ARENA"], *words], env=environment, capture_output=True, text=True,
                          timeout=120)
    assert done.returncode == 0, f"arena {words}: {done.stdout}{done.stderr}"
    return done.stdout


def check_console(arena):
    path = urllib.parse.quote("/test-sections/_search?size=1")
    status, inner, body = ask(arena, f"/console/run?method=GET&path={path}", "POST")
    assert (status, inner) == (200, "200") and json.loads(body)["hits"]["total"]["value"] > 0, (status, inner, body)
    status, inner, _ = ask(arena, "/console/rest/test-sections/_count")
    assert status == 200
    # Readers change nothing, and what is not known here may change something there.
    for method, path in (("DELETE", "/test-sections-1"), ("GET", "/_security/user"),
                         ("POST", "/test-sections/_update_by_query")):
        status, _, body = ask(arena, f"/console/run?method={method}&path={path}", "POST")
        assert status == 403 and "may only read" in body, (path, status, body)
    assert ask(arena, "/dashboards/")[0] == 200


async def play_a_game(arenas):
    pairs = await pair_all(arenas, 2, pause=0)
    await asyncio.wait_for(asyncio.gather(*(player.play() for pair in pairs for player in pair)), 60)


async def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="arena-cluster-"))
    atexit.register(shutil.rmtree, folder, True)
    (folder / "docs").mkdir()
    (folder / "docs" / "trees.md").write_text("# Trees\n\nTrees grow.\n\n## Planting\n\nDig a hole.\n")
    (folder / "debian").write_text(PACKAGES)
    database, redis, cluster = postgresql_server.PostgresqlServer(), redis_server.RedisServer(), open_cluster(
        folder / "search")
    print("the cluster is", cluster.url.split("@")[-1])
    environment = dict(os.environ, ARENA_DATABASE__URL=database.url, ARENA_SEARCH__URL=cluster.url,
                       ARENA_LIVE__WAKEUPS=f"redis://127.0.0.1:{redis.port}/0?stream=arena",
                       ARENA_SEARCH__CERTIFICATES=CERTIFICATES or "", ARENA_SEARCH__PREFIX="test-",
                       ARENA_DOCS__OWN=str(folder / "docs"), ARENA_DOCS__DJANGO="", ARENA_CONSOLE__RIGHTS="read")
    arenas = [Arena(database.url, environment=environment) for _ in range(2)]
    for arena in arenas:
        arena.start()
    command(environment, "import", "docs")
    command(environment, "import", "debian", str(folder / "debian"))
    for arena in arenas:
        assert 'href="/docs/own' not in until(arena, "/docs?q=hole", "1 section</b>")
        assert 'id="correction">planting</a>' in ask(arena, "/docs?q=plantinng")[2]
        assert "cuts <mark>wood</mark>" in until(arena, "/packages?q=wood", "1 package")
        check_console(arena)
    # A change in the database is found by both, whichever of them writes to the index.
    database.execute("UPDATE maintainers SET name = 'Wood Team'")
    for arena in arenas:
        until(arena, "/packages?maintainer=Wood%20Team", "1 package")
    # An index of a cluster is kept beside its servers.
    assert "sections-1, 2 documents of 2 rows" in command(environment, "index", "status")
    assert "0 missing, 0 different, 0 ghosts" in command(environment, "index", "verify", "packages", "whole")
    assert "as the program describes them" in command(environment, "db", "check")
    until(arenas[1], "/metrics", 'hornbeam_index_lag_seconds{index="sections"}')
    await play_a_game(arenas)
    assert int(redis.ask("XLEN", "arena").lstrip(b":")) > 0, "no move went over Redis"
    arenas[1].stop()
    cluster.stop()
    if "HORNBEAM_OPENSEARCH_URL" not in os.environ:
        for page in ("/docs?q=tree", "/packages", "/games/search"):
            until(arenas[0], page, "The search does not answer")
        assert ask(arenas[0], "/health/ready")[0] == 200
    arenas[0].kill()
    print("two processes on PostgreSQL, Redis and a cluster, by their environment alone")


if not postgresql_server.is_installed() or not redis_server.is_installed():
    print("PostgreSQL or Redis is not installed: nothing tested")
    sys.exit(77)
run(main)
