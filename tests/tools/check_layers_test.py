"""Small trees, each with one thing wrong, and what check_layers says of them."""

import tempfile
import tomllib
import unittest
from pathlib import Path

from tool import ROOT, load

layers = load("tools/check_layers")
RULES = tomllib.loads((ROOT / "tools/layers.toml").read_text())

# A tree without a fault; each test changes it.
SOUND = {
    "hornbeam/base/CMakeLists.txt": "hornbeam_library(base\n  PUBLIC_LINK fmt::fmt)\n",
    "hornbeam/base/task.h": "#pragma once\n#include <string>\n",
    "hornbeam/base/task.cc": '#include "hornbeam/base/task.h"\n\n#include <boost/asio/post.hpp>\n',
    "hornbeam/base/internal/queue.h": "#include <boost/asio/post.hpp>\n",
    "hornbeam/http/CMakeLists.txt": "hornbeam_library(http DEPENDS base LINK OpenSSL::SSL)\n",
    "hornbeam/http/server.h": '#include "hornbeam/base/task.h"\n',
    "hornbeam/live/CMakeLists.txt": "hornbeam_library(live DEPENDS base)\n",
    "hornbeam/live/room.h": '#include "hornbeam/base/task.h"\n',
    "hornbeam/web.h": '#include "hornbeam/http/server.h"\n',
    "arena/main.cc": '#include "arena/pages.h"\n#include "hornbeam/web.h"\n',
    "arena/pages.h": "#include <string>\n",
}


class CheckLayers(unittest.TestCase):
    def found(self, changes: dict[str, str]) -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in (SOUND | changes).items():
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            return [str(violation) for violation in
                    layers.violations(layers.read_tree(Path(folder)), RULES)]

    def assert_only(self, changes: dict[str, str], place: str, *words: str):
        found = self.found(changes)
        self.assertEqual(len(found), 1, found)
        self.assertTrue(found[0].startswith(place + ": "), found[0])
        for word in words + ("Mend: ",):
            self.assertIn(word, found[0])

    def test_a_sound_tree_has_no_violations(self):
        self.assertEqual(self.found({}), [])

    def test_an_include_against_the_arrows_is_named_with_its_line(self):
        self.assert_only({"hornbeam/base/task.cc": '\n#include "hornbeam/http/server.h"\n'},
                         "hornbeam/base/task.cc:2", "base includes http")

    def test_what_is_reached_through_another_library_must_be_named_too(self):
        self.assert_only({"hornbeam/web/CMakeLists.txt": "hornbeam_library(web DEPENDS http)\n",
                          "hornbeam/web/app.h": '#include "hornbeam/base/task.h"\n'},
                         "hornbeam/web/app.h:1", "web includes base")

    def test_an_engine_cannot_declare_that_it_depends_on_http(self):
        self.assert_only({"hornbeam/live/CMakeLists.txt": "\nhornbeam_library(live DEPENDS base http)\n"},
                         "hornbeam/live/CMakeLists.txt:2", "live depends on http")

    def test_a_commented_dependency_does_not_count(self):
        self.assert_only({"hornbeam/http/CMakeLists.txt": "hornbeam_library(http # DEPENDS base\n)\n"},
                         "hornbeam/http/server.h:1", "http includes base")

    def test_test_depends_serve_tests_only(self):
        declared = "hornbeam_library(live DEPENDS base TEST_DEPENDS data)\n"
        data = {"hornbeam/data/CMakeLists.txt": "hornbeam_library(data DEPENDS base)\n",
                "hornbeam/data/database.h": "", "hornbeam/live/CMakeLists.txt": declared}
        uses = '#include "hornbeam/data/database.h"\n'
        self.assertEqual(self.found(data | {"hornbeam/live/room_test.cc": uses}), [])
        self.assert_only(data | {"hornbeam/live/room.cc": uses}, "hornbeam/live/room.cc:1", "live includes data")

    def test_what_tests_share_is_for_tests_only(self):
        shared = {"hornbeam/base/testing/fake_clock.h": "#include <boost/asio/post.hpp>\n"}
        uses = '#include "hornbeam/base/testing/fake_clock.h"\n'
        self.assertEqual(self.found(shared | {"hornbeam/base/clock_test.cc": uses}), [])
        self.assert_only(shared | {"hornbeam/base/clock.cc": uses}, "hornbeam/base/clock.cc:1", "for tests only")

    def test_internal_headers_stay_with_their_library(self):
        uses = '#include "hornbeam/base/internal/queue.h"\n'
        for file in ("hornbeam/http/server.cc", "tests/integration/queue_test.cc", "bench/queue_bench.cc"):
            self.assert_only({file: uses}, f"{file}:1", "internal to base")
        self.assertEqual(self.found({"hornbeam/base/pool.cc": uses}), [])

    def test_users_include_umbrellas_only(self):
        uses = '#include "hornbeam/http/server.h"\n'
        for file in ("arena/pages.h", "docs/examples/first_app/app.cc"):
            self.assert_only({file: uses}, f"{file}:1", "hornbeam/http.h")
        self.assertEqual(self.found({"tests/integration/server_test.cc": uses}), [])

    def test_headers_of_embedded_files_are_known(self):
        uses = {"arena/main.cc": '#include "arena/files.h"\n#include "hornbeam/web.h"\n'}
        self.assert_only(uses, "arena/main.cc:1", "arena/files.h")
        made = "hornbeam_embed_files(arena_parts HEADER arena/files.h NAMESPACE arena FOLDERS static)\n"
        self.assertEqual(self.found(uses | {"arena/CMakeLists.txt": made}), [])

    def test_umbrellas_are_not_included_inside(self):
        self.assert_only({"hornbeam/live/room.cc": '#include "hornbeam/web.h"\n'}, "hornbeam/live/room.cc:1", "umbrella")
        self.assert_only({"hornbeam/live/room_test.cc": '#include "hornbeam/web.h"\n'},
                         "hornbeam/live/room_test.cc:1", "umbrella")

    def test_the_tests_of_a_library_may_look_at_it_as_users_do(self):
        self.assertEqual(self.found({"hornbeam/live.h": '#include "hornbeam/live/room.h"\n',
                                     "hornbeam/live/room_test.cc": '#include "hornbeam/live.h"\n'}), [])

    def test_a_library_does_not_include_what_is_built_on_it(self):
        self.assert_only({"hornbeam/live/room.cc": '#include "arena/pages.h"\n'},
                         "hornbeam/live/room.cc:1", "arena/pages.h")

    def test_public_headers_stay_light(self):
        for heavy in ("boost/asio.hpp", "boost/beast/core.hpp", "boost/json.hpp", "sqlite3.h", "openssl/ssl.h",
                      "libpq-fe.h"):
            self.assert_only({"hornbeam/http/server.h": f"#include <{heavy}>\n"}, "hornbeam/http/server.h:1", heavy)

    def test_public_headers_stay_light_by_way_of_internal_ones_too(self):
        self.assert_only({"hornbeam/base/task.h": '#include "hornbeam/base/internal/queue.h"\n'},
                         "hornbeam/base/task.h:1", "boost/asio", "by way of")

    def test_a_circle_of_includes_is_spelled_out(self):
        self.assert_only({"hornbeam/http/server.h": '#include "hornbeam/http/message/head.h"\n',
                          "hornbeam/http/message/head.h": '#include "hornbeam/http/server.h"\n'},
                         "hornbeam/http/message/head.h:1", "head.h -> hornbeam/http/server.h -> ")

    def test_paths_are_spelled_from_the_root(self):
        self.assert_only({"arena/main.cc": '#include "pages.h"\n'}, "arena/main.cc:1", "spelled from its own folder")
        self.assert_only({"arena/main.cc": '#include "hornbeam/wbe.h"\n'}, "arena/main.cc:1", "not a file")
        self.assert_only({"arena/main.cc": "#include <hornbeam/web.h>\n"}, "arena/main.cc:1", "is of this project")

    def test_every_library_is_declared_and_has_its_row(self):
        self.assert_only({"hornbeam/data/pool.h": ""}, "hornbeam/data/pool.h:1", "no hornbeam_library() call")
        self.assert_only({"hornbeam/odds/CMakeLists.txt": "hornbeam_library(odds)\n"},
                         "hornbeam/odds/CMakeLists.txt:1", "no row")


if __name__ == "__main__":
    unittest.main()
