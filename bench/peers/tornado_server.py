"""A plain Tornado server with the routes of the bench, one process.

    tornado_server.py PORT
"""

import asyncio
import sys

from tornado.web import Application, RequestHandler
from tornado.websocket import WebSocketHandler


class Plaintext(RequestHandler):
    def get(self) -> None:
        self.set_header("Content-Type", "text/plain")
        self.write("Hello, World!")


class Json(RequestHandler):
    def get(self) -> None:
        self.write({"message": "Hello, World!"})


class User(RequestHandler):
    def get(self, number: str) -> None:
        self.set_header("Content-Type", "text/plain")
        self.write(f"user {int(number)}")


class Echo(WebSocketHandler):
    def on_message(self, message: str | bytes) -> None:
        self.write_message(message, binary=isinstance(message, bytes))


async def serve(port: int) -> None:
    routes = [
        (r"/plaintext", Plaintext),
        (r"/json", Json),
        (r"/users/(-?[0-9]+)", User),
        (r"/ws", Echo),
    ]
    Application(routes).listen(port, "127.0.0.1")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
