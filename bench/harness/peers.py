"""The servers that are measured: how each is started, and what it can answer."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

PEERS = Path(__file__).resolve().parent.parent / "peers"
PYTHON = "/usr/bin/python3"  # Debian's own, which sees Debian's tornado, flask and gunicorn

HTTP_ROUTES = frozenset({"/plaintext", "/json", "/users/42"})


@dataclass(frozen=True)
class Peer:
    """A server under test. `command` holds {port} where its port goes."""

    name: str
    title: str
    command: tuple[str, ...]
    routes: frozenset[str]
    needs: tuple[str, ...] = ()  # files without which it cannot run
    tried_by: tuple[str, ...] = ()  # a command that succeeds where it can run
    json: str = '{"message":"Hello, World!"}'
    keeps_alive: bool = True
    counts_instructions: bool = True
    slowness: int = 1  # counted runs are so many times shorter than the quickest servers'
    moves_path: str = ""
    ping_path: str = ""  # of a game that answers pings
    on_demand: bool = False  # measured only when it is named
    environment: dict[str, str] = field(default_factory=dict)

    def argv(self, port: int) -> list[str]:
        return [part.format(port=port) for part in self.command]

    @cached_property
    def missing(self) -> str:
        """Why this peer cannot be measured here; empty if it can."""
        for need in self.needs:
            if not Path(need).exists():
                return f"there is no {need}"
        if self.tried_by:
            try:
                subprocess.run(self.tried_by, capture_output=True, check=True)
            except (OSError, subprocess.CalledProcessError):
                return f"`{' '.join(self.tried_by)}` fails"
        return ""


def install_npm_peers() -> None:
    """Fetches what the Node peers need, once; without npm they are left out of the table."""
    if not (PEERS / "node_modules" / "ws").exists() and shutil.which("npm"):
        command = ["npm", "ci", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=PEERS, capture_output=True, check=False)


def all_peers(build: Path, arena: Path) -> list[Peer]:
    """Hornbeam first, then those it is compared with, in the order of the table's columns."""
    python_environment = {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    return [
        Peer(
            name="hornbeam",
            title="Hornbeam",
            command=(f"{build}/bench/hornbeam_server", "run", "--port", "{port}", "--loops", "1"),
            routes=HTTP_ROUTES | {"/ws"},
            needs=(f"{build}/bench/hornbeam_server",),
        ),
        Peer(
            name="arena",
            title="Hornbeam",
            # Credits hold back a single eager player; here 128 of them are the point.
            # And the program beside it keeps no search of finished games.
            command=(f"{arena}", "run", "--port", "{port}", "--loops", "1",
                     "--set", "live.credits=0", "--set", "search.folder="),
            routes=frozenset(),
            needs=(f"{arena}",),
            moves_path="/ws",
            ping_path="/ws",
        ),
        Peer(
            name="http",
            title="http alone",
            command=(f"{build}/bench/http_server", "{port}"),
            routes=HTTP_ROUTES | {"/ws"},
            needs=(f"{build}/bench/http_server",),
            on_demand=True,
        ),
        Peer(
            name="beast",
            title="Beast",
            command=(f"{build}/bench/beast_server", "{port}"),
            routes=HTTP_ROUTES | {"/ws"},
            needs=(f"{build}/bench/beast_server",),
        ),
        Peer(
            name="ws",
            title="Node ws",
            command=("node", f"{PEERS}/ws_server.mjs", "{port}"),
            routes=frozenset({"/ws"}),
            needs=(f"{PEERS}/node_modules/ws",),
            tried_by=("node", "--version"),
            counts_instructions=False,
            slowness=2,
        ),
        Peer(
            name="tornado",
            title="Tornado",
            command=(PYTHON, f"{PEERS}/tornado_server.py", "{port}"),
            routes=HTTP_ROUTES | {"/ws"},
            tried_by=(PYTHON, "-c", "import tornado"),
            json='{"message": "Hello, World!"}',
            slowness=8,
            environment=python_environment,
        ),
        Peer(
            name="flask",
            title="Flask",
            command=(PYTHON, "-m", "gunicorn", "--workers", "1", "--bind", "127.0.0.1:{port}",
                     "--log-level", "warning", "--chdir", f"{PEERS}", "flask_app:app"),
            routes=HTTP_ROUTES,
            tried_by=(PYTHON, "-c", "import flask, gunicorn"),
            json='{"message":"Hello, World!"}\n',
            keeps_alive=False,
            slowness=8,
            environment=python_environment,
        ),
        Peer(
            name="classic",
            title="Tornado",
            command=(PYTHON, f"{PEERS}/classic_game.py", "{port}"),
            routes=frozenset(),
            tried_by=(PYTHON, "-c", "import tornado"),
            slowness=8,
            moves_path="/tic-tac-toe/ws",
            environment=python_environment,
        ),
    ]
