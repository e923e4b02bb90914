#!/usr/bin/python3
"""Random templates, rendered by Jinja2 and by Hornbeam: the same text, or an error from both.

    jinja_fuzz.py RENDER_LINES [--cases 3000] [--seed 1] [--seconds N]

RENDER_LINES is the program of render_lines.cc. A difference is printed with its template and the smallest part of it that
still differs, and the exit status is 1. The same seed makes the same templates.
"""

import argparse
import json
import random
import subprocess
import sys
import time
import warnings

import jinja2

VALUES = {
    "i": 7, "j": -3, "zero": 0, "f": 2.5, "yes": True, "no": False, "nil": None, "empty": "",
    "s": "hello world", "h": "<b>\"x\" & 'y'</b>", "u": "Stra\u00dfe \u00e9\u00e8 \u65e5\u672c", "w": "  padded  text ",
    "lines": "one\ntwo\n\nthree", "digits": "42", "url": "see http://example.org/a?b=1&c=2 now",
    "ints": [3, 1, 2, 3], "words": ["pear", "Apple", "fig", "apple"], "none_in": [1, None, 2], "nested": [[1, 2], [3], []],
    "d": {"b": 2, "a": 1, "C": "x<y"}, "users": [
        {"name": "Ada", "age": 36, "tags": ["x", "y"]}, {"name": "bob", "age": 25, "tags": []},
        {"name": "Cy & Co", "age": 36, "tags": ["<z>"]}],
}
NAMES = list(VALUES)
TEXTS = ["", "a", "Hello <x>", "  b ", "it's", "%s-%s", "c,d", "name", "age", "zz top", "\\n", "\u00e9"]
# Without `title`: Jinja forgets that its text is safe, and escapes it twice. Hornbeam does not.
FILTERS = {
    "abs": [], "capitalize": [], "center": [["9"], ["3"]], "default": [["'d'"], ["'d'", "true"]], "dictsort": [[], ["by='value'"]],
    "escape": [], "filesizeformat": [[], ["true"]], "first": [], "float": [[], ["1.5"]], "forceescape": [],
    "indent": [[], ["2"], ["2", "true"]], "int": [[], ["9"], ["0", "16"]], "items": [], "join": [[], ["', '"], ["'-'", "'name'"]],
    "last": [], "length": [], "list": [], "lower": [], "map": [["'upper'"], ["attribute='name'"], ["attribute='none'", "default='q'"]],
    "max": [[], ["attribute='age'"]], "min": [], "reject": [[], ["'odd'"]], "rejectattr": [["'tags'"], ["'age'", "'gt'", "30"]],
    "replace": [["'l'", "'L'"], ["'o'", "'<'", "1"]], "reverse": [], "round": [[], ["1"], ["0", "'floor'"], ["1", "'ceil'"]],
    "safe": [], "select": [[], ["'number'"], ["'lt'", "3"]], "selectattr": [["'age'", "'equalto'", "36"], ["'tags'"]],
    "slice": [["2"], ["2", "'-'"]], "batch": [["2"], ["2", "'-'"]], "sort": [[], ["true"], ["attribute='age'"], ["case_sensitive=true"]],
    "string": [], "striptags": [], "sum": [[], ["attribute='age'"], ["start=10"]], "tojson": [[], ["2"]], "trim": [[], ["'h'"]],
    "truncate": [["8"], ["8", "true"], ["5", "true", "'..'"], ["9", "false", "'.'", "0"]], "unique": [[], ["true"]], "upper": [],
    "urlencode": [], "urlize": [[], ["12"], ["nofollow=true"]], "wordcount": [], "wordwrap": [["5"], ["5", "false"]], "xmlattr": [],
    "groupby": [["'age'"]], "attr": [["'name'"]], "format": [["1", "2"]], "count": [], "e": [], "d": [["1"]],
}
# Those that give Python's generators, which show their errors only where they are used: made to work at once.
LAZY = {"map", "select", "reject", "selectattr", "rejectattr", "unique", "batch", "slice", "items", "reverse"}
TESTS = ["defined", "undefined", "none", "odd", "even", "number", "string", "mapping", "sequence", "iterable", "true", "false",
         "boolean", "integer", "float", "lower", "upper", "callable", "escaped", "divisibleby(2)", "eq(7)", "in([1, 7])",
         "sameas(true)", "lt(3)", "ge(2)", "ne('a')", "filter", "test"]
METHODS = ["upper()", "strip()", "split()", "split(',')", "replace('l', 'r')", "startswith('h')", "title()", "items()|list", "get('a')",
           "get('zz', 5)", "keys()|list", "values()|list", "count('l')", "find('o')", "join(['a', 'b'])", "zfill(5)", "splitlines()",
           "isdigit()", "index(3)", "swapcase()", "ljust(4)|length", "partition(' ')", "format(1, 2)", "endswith('d')", "lstrip()"]
BINARY = ["+", "-", "*", "/", "//", "%", "~", "==", "!=", "<", ">", "<=", ">=", "in", "not in", "and", "or"]


class Maker:
    """Makes one template. Depth bounds it; names are those of VALUES and what the template itself sets."""

    def __init__(self, draw):
        self.draw = draw
        self.names = list(NAMES)
        self.macros = []
        self.loops = 0

    def pick(self, *choices):
        return self.draw.choice(choices)

    def text(self):
        return "'" + self.draw.choice(TEXTS).replace("\\", "\\\\").replace("'", "\\'").replace("\\\\n", "\\n") + "'"

    def atom(self):
        roll = self.draw.random()
        if roll < 0.55:
            return self.draw.choice(self.names)
        if roll < 0.7:
            return str(self.draw.choice([0, 1, 2, 3, 10, 1.5, 0.25, 100]))
        if roll < 0.8:
            return self.text()
        if roll < 0.85:
            return self.pick("true", "false", "none", "missing")
        if roll < 0.9 and self.loops:
            return "loop." + self.pick("index", "index0", "first", "last", "length", "revindex", "revindex0", "depth", "previtem",
                                       "nextitem", "changed(1)", "cycle('a', 'b')")
        return self.pick("[]", "{}", "[1, 'a']", "{'k': 1, 'a': 'v'}", "(1, 2)", "range(3)|list", "range(1, 9, 3)|list", "dict(a=1)",
                         "users[0]", "users[0].name", "d.a", "d['b']", "ints[1:]", "s[::-1]", "words[-1]", "nested[0][1]")

    def expression(self, depth):
        if depth <= 0:
            return self.atom()
        roll = self.draw.random()
        inner = depth - 1
        if roll < 0.3:
            name = self.draw.choice(list(FILTERS))
            arguments = self.draw.choice(FILTERS[name] or [[]])
            return (f"{self.wrapped(inner)}|{name}" + (f"({', '.join(arguments)})" if arguments else "") +
                    ("|list" if name in LAZY else ""))
        if roll < 0.5:
            return f"{self.wrapped(inner)} {self.draw.choice(BINARY)} {self.wrapped(inner)}"
        if roll < 0.6:
            return f"{self.wrapped(inner)} is {self.pick('', 'not ')}{self.draw.choice(TESTS)}"
        if roll < 0.68:
            return f"{self.wrapped(inner)} if {self.wrapped(inner)} else {self.wrapped(inner)}"
        if roll < 0.72:
            return f"not {self.wrapped(inner)}"
        if roll < 0.8:
            return f"{self.wrapped(inner)}.{self.draw.choice(METHODS)}"
        if roll < 0.84:
            return f"{self.wrapped(inner)}[{self.pick('0', '1', '-1', repr('a'), repr('name'), ':2', '1:', '::2')}]"
        if roll < 0.88:
            return f"{self.wrapped(inner)}.{self.pick('name', 'age', 'a', 'zz')}"
        if roll < 0.9 and self.macros:
            return f"{self.draw.choice(self.macros)}({self.wrapped(inner)})"
        return self.atom()

    def wrapped(self, depth):
        expression = self.expression(depth)
        return expression if expression.isidentifier() else f"({expression})"

    def tag(self, inside):
        return f"{{%{self.pick('', '', '', '-', '+')} {inside} {self.pick('', '', '', '-')}%}}"

    def body(self, depth):
        return "".join(self.statement(depth) for _ in range(self.draw.randint(1, 3)))

    def statement(self, depth):
        roll = self.draw.random()
        if depth <= 0 or roll < 0.2:
            return self.pick("text ", "<p>\n", " \n ", "{# note #}", "  x", "\n", "a\n  b")
        if roll < 0.5:
            return f"{{{{{self.pick('', '', '-')} {self.expression(3)} {self.pick('', '', '-')}}}}}"
        makers = [self.branch, self.loop, self.assign, self.block_assign, self.with_names, self.macro, self.call, self.filtered,
                  self.raw, self.escaping, self.include]
        return self.draw.choice(makers)(depth - 1)

    def branch(self, depth):
        otherwise = self.pick("", self.tag(f"elif {self.expression(1)}") + self.body(depth), self.tag("else") + self.body(depth))
        return self.tag(f"if {self.expression(2)}") + self.body(depth) + otherwise + self.tag("endif")

    def loop(self, depth):
        name = self.pick("x", "y")
        over = self.pick("ints", "words", "users", "d", "nested", "s", "[]", "range(3)", self.expression(1))
        if self.draw.random() < 0.15:
            target, over = "k, v", self.pick("d.items()", "d|dictsort", "users|groupby('age')")
            added = ["k", "v"]
        else:
            target, added = name, [name]
        condition = self.pick("", "", f" if {self.draw.choice(self.names)}")
        mark = len(self.names)
        self.names += added
        self.loops += 1
        inner = self.body(depth)
        self.loops -= 1
        del self.names[mark:]
        otherwise = self.pick("", self.tag("else") + "none")
        return self.tag(f"for {target} in {over}{condition}") + inner + otherwise + self.tag("endfor")

    def assign(self, depth):
        name = self.pick("a1", "a2")
        made = self.tag(f"set {name} = {self.expression(2)}")
        self.names.append(name)
        return made

    def block_assign(self, depth):
        made = self.tag(f"set b1{self.pick('', ' | upper', ' | trim')}") + self.body(depth) + self.tag("endset")
        self.names.append("b1")
        return made

    def with_names(self, depth):
        made = self.tag(f"with w1 = {self.expression(1)}")
        mark = len(self.names)
        self.names.append("w1")
        made += self.body(depth) + self.tag("endwith")
        del self.names[mark:]
        return made

    def macro(self, depth):
        name = f"m{len(self.macros)}"
        loops, self.loops = self.loops, 0
        mark = len(self.names)
        self.names += ["p", "q"]
        body = self.body(depth) + self.pick("", "{{ caller() if caller else '' }}", "{{ varargs }}", "{{ kwargs }}")
        del self.names[mark:]
        self.loops = loops
        self.macros.append(name)
        return self.tag(f"macro {name}(p, q={self.atom()})") + body + self.tag("endmacro") + f"{{{{ {name}({self.atom()}) }}}}"

    def call(self, depth):
        if not self.macros:
            return ""
        return self.tag(f"call {self.draw.choice(self.macros)}({self.atom()})") + self.body(depth) + self.tag("endcall")

    def filtered(self, depth):
        return self.tag(f"filter {self.pick('upper', 'escape', 'trim', 'title', 'indent(2)')}") + self.body(depth) + self.tag("endfilter")

    def raw(self, depth):
        return self.tag("raw") + "{{ x }} {% y" + self.tag("endraw")

    def escaping(self, depth):
        return self.tag(f"autoescape {self.pick('true', 'false')}") + self.body(depth) + self.tag("endautoescape")

    def include(self, depth):
        return self.tag(f"include {self.pick(repr('part.html'), repr('part.txt'), '[' + repr('none') + ', ' + repr('part.html') + ']')}"
                        f"{self.pick('', ' ignore missing')}")


def make_case(seed):
    draw = random.Random(seed)
    maker = Maker(draw)
    sources = {"part.html": "[{{ s }}{{ x|default('-') }}{{ h }}]", "part.txt": "({{ h }})",
               "base.html": "<{% block one %}one {{ h }}{% endblock %}|{% block two %}two{% endblock %}>{{ tail }}"}
    name = draw.choice(["main.html", "main.html", "main.txt"])
    if draw.random() < 0.2:
        inner = maker.body(2)
        sources[name] = ("{% extends 'base.html' %}{% set tail = i %}{% block one %}" + draw.choice(["", "{{ super() }}"]) + inner +
                         "{% endblock %}" + draw.choice(["", "{% block two %}{{ self.one() }}{% endblock %}"]))
    else:
        sources[name] = maker.body(3)
    return {"templates": sources, "name": name, "values": VALUES, "strict": draw.random() < 0.2}


def expected(case):
    """What Jinja2 makes: (text, None) or (None, error)."""
    undefined = jinja2.StrictUndefined if case["strict"] else jinja2.Undefined
    environment = jinja2.Environment(loader=jinja2.DictLoader(case["templates"]), undefined=undefined,
                                     autoescape=jinja2.select_autoescape(["html"]))
    try:
        return environment.get_template(case["name"]).render(case["values"]), None
    except Exception as error:  # noqa: BLE001: whatever Python throws is an error of the template.
        return None, f"{type(error).__name__}: {error}"


# What Python refuses for a value's class, where Hornbeam may take its text: `true|indent`.
PYTHON_TYPES = ("TypeError", "AttributeError")


class Ours:
    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def render(self, case):
        self.process.stdin.write(json.dumps(case) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"render_lines ended at {json.dumps(case)}")
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def is_excused(text, error):
    """Differences that are meant: what Python shows of its own objects, and its machinery."""
    shown = text or ""
    python_only = [" object at 0x", "<generator", "<class", "<bound method", "<function", "dict_items", "dict_keys", "dict_values",
                   "<built-in", "<method", "Undefined", "<Macro", "&lt;Macro", "range(", "Markup(", "TemplateReference", "LoopContext", "Cycler"]
    return any(mark in shown or mark in (error or "") for mark in python_only)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--cases", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=0, help="go on for so long instead")
    parser.add_argument("--show", type=int, default=5, help="differences to print at most")
    options = parser.parse_args()
    ours = Ours(options.program)
    warnings.simplefilter("ignore")
    begun, number, rendered, refused, excused, lenient, different = time.monotonic(), 0, 0, 0, 0, 0, 0
    while number < options.cases if not options.seconds else time.monotonic() - begun < options.seconds:
        case = make_case(options.seed * 1_000_003 + number)
        number += 1
        text, error = expected(case)
        got = ours.render(case)
        if text == got.get("text") and (error is None) == ("error" not in got):
            rendered += error is None
            refused += error is not None
        elif is_excused(text, error):
            excused += 1
        elif "text" in got and error is not None and error.startswith(PYTHON_TYPES):
            lenient += 1
        else:
            different += 1
            if different <= options.show:
                print(f"-- case {number - 1}{' (strict)' if case['strict'] else ''}\n{case['templates'][case['name']]}\n"
                      f"   jinja2:   {text if error is None else error!r}\n   hornbeam: {got.get('text', got.get('error'))!r}")
    ours.close()
    print(f"{number} templates: {rendered} rendered alike, {refused} refused by both, {excused} showing Python's own objects, "
          f"{lenient} refused by Python's types alone, {different} different")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
