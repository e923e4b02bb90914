#!/usr/bin/python3
"""The real Flask, itsdangerous and Werkzeug, to be compared with: `sign`, `read FILE` or `passwords`.

sign       prints "cookie TAB json" for sessions as Flask writes them at a fixed time
read FILE  prints for each cookie in FILE the session that Flask reads, as its own JSON, or "refused"
passwords  prints "password TAB hash" as Werkzeug makes them
"""

import datetime
import hashlib
import sys
import uuid

import flask
from flask.sessions import SecureCookieSessionInterface, TaggedJSONSerializer
from itsdangerous import BadSignature, TimestampSigner
from markupsafe import Markup
from werkzeug.security import generate_password_hash

NOW = 1700000000
TimestampSigner.get_timestamp = lambda self: NOW

app = flask.Flask("oracle")
app.secret_key = "secret-key"
serializer = SecureCookieSessionInterface().get_signing_serializer(app)
tagged = TaggedJSONSerializer()

SESSIONS = [
    {"user_id": 7, "org": "acme"},
    {"a": [1, 2.5, None, True, "x"], "b": {"z": 1, "a": {"c": []}}},
    {"t": (1, (2, "three"), [4])},
    {"b": b"\x00\xff\x10", "empty": b""},
    {"u": uuid.UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")},
    {"d": datetime.datetime(2023, 11, 14, 22, 13, 20, tzinfo=datetime.timezone.utc)},
    {"m": Markup("<b>x</b>")},
    {"di": {" t": 1}, "dj": {" t": 1, "b": 2}, "dk": {" d": {" b": (1,)}}},
    {" t": "the session itself"},
    {"text": "h\u00e4ngebr\u00fccke \u2028 \U0001f600 \x7f \x01 \" \\ / \n"},
    {"long": "abc" * 200, "many": list(range(100))},
    {"_flashes": [("message", "hello"), ("error", "it's <b>")], "_permanent": True},
    {"negative": -1, "big": 2**53, "zero": 0},
]


def main(arguments):
    if arguments[0] == "sign":
        with app.app_context():
            for session in SESSIONS:
                print(f"{serializer.dumps(session)}\t{tagged.dumps(session)}")
    elif arguments[0] == "read":
        with app.app_context(), open(arguments[1], encoding="ascii") as cookies:
            for cookie in cookies.read().splitlines():
                try:
                    print(tagged.dumps(serializer.loads(cookie, max_age=31 * 86400)))
                except BadSignature:
                    print("refused")
    elif arguments[0] == "passwords":
        for password in ["", "annie", "h\u00e4ngebr\u00fccke", "x" * 200]:
            for method in ["pbkdf2:sha256:1000", "pbkdf2:sha512:1000", "pbkdf2:sha1:100"]:
                print(f"{password}\t{generate_password_hash(password, method)}")
            # As Werkzeug writes it from 2.3 on.
            salt = "saltsalt"
            digest = hashlib.scrypt(password.encode(), salt=salt.encode(), n=32768, r=8, p=1,
                                    maxmem=132 * 32768 * 8)
            print(f"{password}\tscrypt:32768:8:1${salt}${digest.hex()}")


main(sys.argv[1:])
