#!/usr/bin/python3
"""What the real Flask does, hook by hook, in applications with nested blueprints.

Prints one JSON object a line for each set of error handlers (a bit mask over HANDLERS) and each request of REQUESTS: the
hooks, handlers and signals in the order they ran, and the status. flask_hooks_test.cc builds the same applications.
"""

import json
import logging

import flask

HANDLERS = ["app 418", "outer 418", "inner 418", "app ValueError", "outer ValueError", "inner ValueError", "app 500"]
PREFIXES = {"app": "", "outer": "/outer", "inner": "/outer/inner"}
REQUESTS = [f"{prefix}/{what}" for prefix in PREFIXES.values()
            for what in ("ok", "boom", "teapot", "early", "late", "sub", "after_this")]
REQUESTS += ["/none", "/outer/none", "/outer/inner/none", "/outer/ok?post"]

logging.disable(logging.CRITICAL)
events: list[str] = []


class SubError(ValueError):
    pass


def add_level(level, name):
    def before(number):
        def hook():
            events.append(f"before {name} {number}")
            if number == 2 and flask.request.path == PREFIXES[name] + "/early":
                return f"early {name}"
            return None
        return hook

    def after(number):
        def hook(response):
            events.append(f"after {name} {number}")
            if number == 1 and flask.request.path == PREFIXES[name] + "/late":
                raise ValueError("late")
            return response
        return hook

    def teardown(number):
        def hook(error):
            # Named by what it wraps: which exception reaches a teardown is the point.
            events.append(f"teardown {name} {number} {'error' if error else 'none'}")
        return hook

    for number in (1, 2):
        level.before_request(before(number))
        level.after_request(after(number))
        level.teardown_request(teardown(number))

    def run():
        events.append(f"handler {name}")
        what = flask.request.path.rsplit("/", 1)[1]
        if what == "boom":
            raise ValueError("boom")
        if what == "sub":
            raise SubError("sub")
        if what == "teapot":
            flask.abort(418)
        if what == "after_this":
            @flask.after_this_request
            def hook(response):
                events.append("after_this")
                return response
        return "ok"

    for what in ("ok", "boom", "teapot", "early", "late", "sub", "after_this"):
        level.add_url_rule(f"/{what}", endpoint=what, view_func=run)


def make_app(mask):
    app = flask.Flask("hooks")
    outer = flask.Blueprint("outer", "hooks", url_prefix="/outer")
    inner = flask.Blueprint("inner", "hooks", url_prefix="/inner")
    levels = {"app": app, "outer": outer, "inner": inner}
    for name, level in levels.items():
        add_level(level, name)

    def handler(name, kind):
        def handle(error):
            events.append(f"handled by {name} {kind}")
            return f"handled by {name}", 499
        return handle

    for bit, entry in enumerate(HANDLERS):
        if mask & 1 << bit:
            name, kind = entry.split()
            levels[name].register_error_handler(ValueError if kind == "ValueError" else int(kind), handler(name, kind))
    outer.register_blueprint(inner)
    app.register_blueprint(outer)
    return app


flask.request_started.connect(lambda sender: events.append("started"), weak=False)
flask.request_finished.connect(lambda sender, response: events.append(f"finished {response.status_code}"), weak=False)
flask.got_request_exception.connect(lambda sender, exception: events.append(f"exception {exception}"), weak=False)
flask.request_tearing_down.connect(lambda sender, exc=None: events.append("tearing down"), weak=False)

for mask in range(1 << len(HANDLERS)):
    client = make_app(mask).test_client()
    for target in REQUESTS:
        events.clear()
        path, _, method = target.partition("?")
        response = client.open(path, method=(method or "get").upper())
        print(json.dumps({"mask": mask, "target": target, "status": response.status_code, "events": events}))
