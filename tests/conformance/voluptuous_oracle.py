#!/usr/bin/python3
"""What the real voluptuous says of many values, to be compared with.

Prints one case per line, tab separated: the schema's name, the value as JSON, what was changed of a good value ("path=JSON", or
empty), and the errors, sorted, as a JSON list of texts; an empty list is a value that was accepted.

Cases are made by changing good values: each value inside is replaced by each of REPLACEMENTS, each key is left out, each object gets
a key more, each list an element more and less.
"""

import copy
import json
import sys

from voluptuous import (ALLOW_EXTRA, All, Any, Date, Email, In, Invalid, Length, Match, Maybe, MultipleInvalid, Optional, Range,
                        Required, Schema, Url)


# JSON has one kind of number: 3 is as good as 3.0 where a fraction may stand. voluptuous' float refuses Python's int.
REAL = Any(float, int, msg="expected float")


def ends_later(stay):
    if not stay["from"] < stay["to"]:
        raise Invalid("ends before it begins", path=["to"])
    return stay


ITEM = {Required("name"): All(str, Length(min=1, max=5)), Optional("count", default=1): All(int, Range(min=1, max=9))}
SCHEMAS = {
    "plain": {Required("text"): str, Required("number"): int, Required("real"): REAL, Required("flag"): bool,
              Optional("note"): Maybe(str)},
    "rules": {
        Required("sized"): All(str, Length(min=2, max=4)),
        Required("ranged"): All(int, Range(min=-3, max=3)),
        Required("open"): All(REAL, Range(min=0.5, max=9, min_included=False, max_included=False)),
        Required("chosen"): All(str, In(["bean", "pea"])),
        Required("like"): All(str, Match(r"^[a-z]+[0-9]?$")),
        Optional("level", default=3): All(int, In([1, 3, 5])),
        Optional("tags"): Maybe(All([str], Length(min=1, max=2))),
    },
    "nested": {Required("item"): ITEM, Required("items"): [ITEM], Required("map"): {str: REAL},
               Optional("spare"): Maybe(ITEM)},
    "grid": {Required("cells"): All([All([int], Length(min=2, max=2))], Length(min=2, max=2))},
    "union": {Required("planted"): Any({Required("kind"): All(str, Length(min=3))}, {Required("count"): All(int, Range(min=1))}),
              Required("either"): Any(int, str)},
    "open": Schema({Required("text"): str, Optional("inner"): Maybe({Required("n"): int})}, extra=ALLOW_EXTRA),
    "stay": All({Required("from"): All(str, Date()), Required("to"): All(str, Date())}, ends_later),
    "formats": {Required("mail"): All(str, Email()), Required("site"): All(str, Url()), Required("day"): All(str, Date())},
    "list": [ITEM],
}

ITEM_VALUE = {"name": "rake", "count": 2}
GOOD = {
    "plain": [{"text": "a", "number": 7, "real": 1.5, "flag": True, "note": "n"}],
    "rules": [{"sized": "abc", "ranged": 1, "open": 1.5, "chosen": "pea", "like": "ab1", "level": 5, "tags": ["x"]}],
    "nested": [{"item": ITEM_VALUE, "items": [ITEM_VALUE, ITEM_VALUE], "map": {"a": 1.5}, "spare": ITEM_VALUE}],
    "grid": [{"cells": [[1, 2], [3, 4]]}],
    "union": [{"planted": {"kind": "bean"}, "either": 1}, {"planted": {"count": 2}, "either": "x"}],
    "open": [{"text": "a", "inner": {"n": 1}}],
    "stay": [{"from": "2024-01-02", "to": "2024-01-05"}],
    "formats": [{"mail": "ada@example.org", "site": "https://example.org/a", "day": "2024-02-29"}],
    "list": [[ITEM_VALUE]],
}
REPLACEMENTS = [
    None, True, False, 0, 1, 2, -4, 10, 3.0, 0.5, 9.5, 3000000000, "", "a", "äöü", "abcdefgh", "1", "pea", "ab12", "ab\n", "\U0001f331",
    [], [1], ["a"], ["a", "b", "c"], [[]], {}, {"name": "a"}, {"name": "", "count": 0, "x": 1}, {"kind": "ab"}, {"count": 0}, {"n": "1"},
    "2024-02-30", "2024-1-5", "2023-12-31", "0000-01-01", "ada", "ada@example", "a b@example.org", "ada@example.org ", "http://",
    "ftp://example.org", "//example.org", "https://example.org/a b",
]


def inside(value, path=()):
    yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in pairs:
        yield from inside(each, (*path, key))


def replaced(value, path, change):
    """A copy of `value` in which `change(container, key)` was done at `path`."""
    root = [json.loads(json.dumps(value))]  # Nothing in it is shared.
    container, key = root, 0
    for step in path:
        container, key = container[key], step
    change(container, key)
    return root[0]


def place(path):
    return "/".join(str(step) for step in path)


def cases(value):
    yield "", value
    for path in inside(value):
        for new in REPLACEMENTS:
            changed = replaced(value, path, lambda container, key, new=new: container.__setitem__(key, copy.deepcopy(new)))
            yield f"{place(path)}={json.dumps(new)}", changed
        if path:
            yield f"{place(path)} left out", replaced(value, path, lambda container, key: container.__delitem__(key))
        here = value
        for step in path:
            here = here[step]
        if isinstance(here, dict):
            yield f"{place(path)} more", replaced(value, path, lambda container, key: container[key].update(extra=1))
        if isinstance(here, list) and here:
            yield f"{place(path)} longer", replaced(value, path, lambda container, key: container[key].append(
                copy.deepcopy(container[key][0])))


def verdict(schema, value):
    try:
        schema(copy.deepcopy(value))
    except MultipleInvalid as failure:
        return sorted(str(each) for each in failure.errors)
    except Invalid as failure:
        return [str(failure)]
    return []


def main():
    for name, definition in SCHEMAS.items():
        schema = definition if isinstance(definition, Schema) else Schema(definition)
        for value in GOOD[name]:
            for change, changed in cases(value):
                row = (name, json.dumps(changed), change, json.dumps(verdict(schema, changed)))
                print("\t".join(row))


if __name__ == "__main__":
    sys.exit(main())
