"""Reads and runs the steps of OpenSearch's REST tests: YAML files of requests and of what must come back."""

import json
import re
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlencode

import yaml


class Failure(Exception):
    """A step whose outcome is not the expected one."""


class Loader(yaml.CSafeLoader):
    """YAML as JSON has it: dates stay text."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
# YAML 1.2's booleans only: "on" and "yes" are words.
for first, resolvers in Loader.yaml_implicit_resolvers.items():
    Loader.yaml_implicit_resolvers[first] = [
        (tag, re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$") if tag.endswith(":bool") else pattern)
        for tag, pattern in resolvers]

FEATURES = {"allowed_warnings", "allowed_warnings_regex", "arbitrary_key", "close_to", "contains", "default_shards",
            "embedded_stash_key", "headers", "node_selector", "stash_in_key", "stash_in_path", "stash_path_replace",
            "transform_and_set", "warnings", "warnings_regex", "yaml"}
STATUS_OF = {"bad_request": [400], "unauthorized": [401], "forbidden": [403], "missing": [404], "request_timeout": [408],
             "conflict": [409], "unavailable": [503], "request": range(400, 600)}
OUR_VERSION = (3, 4, 0)


def version(text, otherwise):
    parts = [int(part) for part in re.findall(r"\d+", text)[:3]]
    return tuple(parts + [0] * (3 - len(parts))) if parts else otherwise


def why_skipped(steps):
    """Why this suite or test does not run here, or None."""
    for step in steps:
        for name, skip in step.items():
            if name != "skip":
                continue
            lowest, _, highest = str(skip.get("version", "")).partition("-")
            if "version" in skip and (lowest.strip() == "all" or
                                      version(lowest, (0, 0, 0)) <= OUR_VERSION <= version(highest, (999, 0, 0))):
                return f"of another version: {skip.get('reason', '')}"
            features = skip.get("features", [])
            unknown = set(re.split(r"\s*,\s*", features) if isinstance(features, str) else features) - FEATURES
            if unknown:
                return f"asks for {', '.join(sorted(unknown))}"
    return None


class Suite:
    """One file."""

    def __init__(self, path):
        self.setup, self.teardown, self.tests = [], [], {}
        for part in yaml.load_all(path.read_text("utf-8"), Loader):
            for name, steps in (part or {}).items():
                if name == "setup":
                    self.setup = steps
                elif name == "teardown":
                    self.teardown = steps
                else:
                    self.tests[str(name)] = steps or []


class Server:
    """Sends requests by the names of OpenSearch's API."""

    def __init__(self, port, api_folder):
        self.port = port
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.api = {}
        for path in Path(api_folder).glob("*.json"):
            for name, spec in json.loads(path.read_text("utf-8")).items():
                self.api[name] = spec

    def send(self, method, path, body=None, headers=None):
        sent = dict(headers or {})
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        for attempt in (1, 2):
            try:
                self.connection.request(method, path, body, sent)
                answer = self.connection.getresponse()
                data = answer.read()
                break
            except (ConnectionError, OSError):
                self.connection.close()
                if attempt == 2:
                    raise
        is_json = "json" in answer.getheader("Content-Type", "") and data
        return answer.status, json.loads(data) if is_json else data.decode("utf-8", "replace")

    def call(self, name, parameters, headers):
        """Status and body. Raises LookupError where no path takes these parameters."""
        if name not in self.api:
            raise Failure(f"no API named {name}")
        spec = self.api[name]
        body = parameters.pop("body", None)
        # A list without a member is as if it were not given, as OpenSearch's clients have it.
        given = {key: value for key, value in parameters.items() if key != "ignore" and value != []}
        best = None
        for candidate in spec["url"]["paths"]:
            parts = set(candidate.get("parts", {}))
            if all(given.get(part) not in (None, "") for part in parts) and \
                    (best is None or len(parts) > len(best.get("parts", {}))):
                best = candidate
        if best is None:
            raise LookupError(name)
        path = best["path"]
        for part in best.get("parts", {}):
            path = path.replace("{%s}" % part, quote(text_of(given.pop(part)), safe=",*"))
        methods = best["methods"]
        method = methods[0] if body is None else next((one for one in methods if one not in ("GET", "HEAD")), methods[0])
        if body is None and "GET" in methods:
            method = "GET"
        if given:
            path += "?" + urlencode({key: text_of(value) for key, value in given.items()})
        status, answer = self.send(method, path, encode(body, spec), headers)
        if method == "HEAD":
            return status, status < 300
        return status, answer


def text_of(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(text_of(one) for one in value)
    return "" if value is None else str(value)


def encode(body, spec):
    if body is None:
        return None
    if isinstance(body, str):
        return body.encode()
    if spec.get("body", {}).get("serialize") == "bulk":
        lines = body if isinstance(body, list) else [body]
        return b"".join((line.strip() if isinstance(line, str) else json.dumps(line)).encode() + b"\n" for line in lines)
    return json.dumps(body).encode()


class Test:
    """Runs steps, and remembers what they set."""

    def __init__(self, server):
        self.server = server
        self.stash = {}
        self.answer = None

    def run(self, steps):
        for step in steps:
            for name, argument in step.items():
                if name != "skip":
                    getattr(self, "step_" + name, self.unknown)(argument)

    def unknown(self, argument):
        raise Failure(f"a step that is not known: {argument}")

    def resolve(self, value):
        if isinstance(value, str):
            if re.fullmatch(r"\$\{?[\w.]+\}?", value) and value.strip("${}") in self.stash:
                return self.stash[value.strip("${}")]
            return re.sub(r"\$\{(\w+)\}", lambda found: text_of(self.stash.get(found[1], found[0])), value)
        if isinstance(value, list):
            return [self.resolve(one) for one in value]
        if isinstance(value, dict):
            return {text_of(self.resolve(key)): self.resolve(one) for key, one in value.items()}
        return value

    def find(self, path):
        """What the last answer has at a path such as hits.hits.0._id; None where there is nothing."""
        if path in ("$body", ""):
            return self.answer
        value = self.answer
        for part in re.split(r"(?<!\\)\.", str(path)):
            part = text_of(self.resolve(part.replace("\\.", ".")))
            if part == "$body":
                continue
            if part == "_arbitrary_key_":
                return next(iter(value), None) if isinstance(value, dict) else None
            if isinstance(value, list):
                value = value[int(part)] if part.isdigit() and int(part) < len(value) else None
            elif isinstance(value, dict):
                value = value.get(part)
            else:
                return None
        return value

    def step_do(self, argument):
        argument = dict(argument)
        expected = argument.pop("catch", None)
        headers = argument.pop("headers", None)
        for ignored in ("warnings", "warnings_regex", "allowed_warnings", "allowed_warnings_regex", "node_selector"):
            argument.pop(ignored, None)
        (name, parameters), = argument.items()
        parameters = self.resolve(parameters or {})
        ignored = parameters.get("ignore", [])
        ignored = [int(one) for one in (ignored if isinstance(ignored, list) else [ignored])]
        try:
            status, self.answer = self.server.call(name, dict(parameters), headers)
        except LookupError:
            if expected == "param":
                return
            raise Failure(f"{name} cannot be called with {sorted(parameters)}") from None
        is_head = isinstance(self.answer, bool)
        if expected is None:
            if status >= 400 and status not in ignored and not (is_head and status == 404):
                raise Failure(f"{name}: {status} {json.dumps(self.answer)[:600]}")
        elif expected.startswith("/"):
            text = self.answer if isinstance(self.answer, str) else json.dumps(self.answer, ensure_ascii=False)
            if status < 400 or not re.search(expected[1:-1], text.replace('\\"', '"')):
                raise Failure(f"{name}: {status} {text[:600]} is not {expected}")
        elif expected == "param":
            if status < 400:
                raise Failure(f"{name}: {status}, where a parameter is wrong")
        elif status not in STATUS_OF[expected]:
            raise Failure(f"{name}: {status} {json.dumps(self.answer)[:300]}, not {expected}")

    def step_set(self, argument):
        for path, name in argument.items():
            self.stash[name] = self.find(path)

    def step_match(self, argument):
        for path, expected in argument.items():
            found, expected = self.find(path), self.resolve(expected)
            if isinstance(expected, str) and re.fullmatch(r"\s*/.*/\s*", expected, re.S) and len(expected.strip()) > 1:
                if not isinstance(found, str):
                    found = text_of(found)
                if not re.search(expected.strip()[1:-1], found, re.X):
                    raise Failure(f"{path}: {found!r} does not match {expected}")
            elif not is_same(found, expected):
                raise Failure(f"{path}: {found!r}, not {expected!r}")

    def step_length(self, argument):
        for path, expected in argument.items():
            found = self.find(path)
            if not hasattr(found, "__len__") or len(found) != int(self.resolve(expected)):
                raise Failure(f"{path}: {found!r} has not length {expected}")

    def step_is_true(self, path):
        if self.find(path) in (None, "", False, 0, "false"):
            raise Failure(f"{path}: {self.find(path)!r} is not true")

    def step_is_false(self, path):
        if self.find(path) not in (None, "", False, 0, "false"):
            raise Failure(f"{path}: {self.find(path)!r} is not false")

    def compare(self, argument, holds, sign):
        for path, expected in argument.items():
            found = self.find(path)
            if not isinstance(found, (int, float)) or not holds(found, self.resolve(expected)):
                raise Failure(f"{path}: {found!r} is not {sign} {expected!r}")

    def step_gt(self, argument):
        self.compare(argument, lambda a, b: a > b, ">")

    def step_gte(self, argument):
        self.compare(argument, lambda a, b: a >= b, ">=")

    def step_lt(self, argument):
        self.compare(argument, lambda a, b: a < b, "<")

    def step_lte(self, argument):
        self.compare(argument, lambda a, b: a <= b, "<=")

    def step_close_to(self, argument):
        for path, expected in argument.items():
            found = self.find(path)
            if not isinstance(found, (int, float)) or abs(found - expected["value"]) > expected["error"]:
                raise Failure(f"{path}: {found!r} is not close to {expected}")

    def step_contains(self, argument):
        for path, expected in argument.items():
            found = self.find(path)
            if isinstance(found, list) and isinstance(expected, dict):
                holds = any(isinstance(one, dict) and all(is_same(one.get(key), value) for key, value in expected.items())
                            for one in found)
            else:
                holds = found is not None and expected in found
            if not holds:
                raise Failure(f"{path}: {found!r} does not contain {expected!r}")


def is_same(found, expected):
    if isinstance(expected, bool) or isinstance(found, bool):
        return found is expected
    if isinstance(expected, (int, float)) and isinstance(found, (int, float)):
        return float(found) == float(expected) if isinstance(expected, float) or isinstance(found, float) \
            else found == expected
    if isinstance(expected, list):
        return isinstance(found, list) and len(found) == len(expected) and all(map(is_same, found, expected))
    if isinstance(expected, dict):
        return isinstance(found, dict) and found.keys() == expected.keys() and \
            all(is_same(found[key], value) for key, value in expected.items())
    return found == expected
