"""Python's websockets library against the server."""

import asyncio
import ssl
import unittest

import websockets
from server_process import ServerProcess, pattern, tls_server

LARGEST = 4 << 20


class Conversations:
    """The same on every kind of connection: `connect` says which."""

    compression = None
    context = None

    def connect(self, path="/ws", **options):
        options.setdefault("compression", self.compression)
        options.setdefault("max_size", 16 << 20)
        path = "/ws-deflate" if options["compression"] else path
        return websockets.connect(self.server.socket_url(path), ssl=self.context, **options)

    async def test_messages_of_all_sizes_come_back(self):
        async with self.connect() as client:
            for size in 0, 1, 125, 126, 65535, 65536, 1 << 20, LARGEST:
                with self.subTest(size=size):
                    await client.send(pattern(size))
                    self.assertEqual(await client.recv(), pattern(size))
                    await client.send("ü" * (size // 2))
                    self.assertEqual(await client.recv(), "ü" * (size // 2))

    async def test_fragments_come_back_as_one_message(self):
        async with self.connect() as client:
            await client.send(["Hel", "", "lo, ", "wörld"])
            self.assertEqual(await client.recv(), "Hello, wörld")
            await client.send([pattern(1000)] * 100)
            self.assertEqual(await client.recv(), pattern(1000) * 100)

    async def test_pings_are_answered_also_between_fragments(self):
        async with self.connect() as client:

            async def pieces():
                for _ in range(5):
                    yield "piece"
                    await asyncio.wait_for(await client.ping(), 10)

            await client.send(pieces())
            self.assertEqual(await client.recv(), "piece" * 5)

    async def test_messages_keep_their_order(self):
        async with self.connect() as client:
            for i in range(1000):
                await client.send(f"message {i}")
            for i in range(1000):
                self.assertEqual(await client.recv(), f"message {i}")

    async def test_what_is_said_between_two_messages_comes_whole_and_in_order(self):
        async with self.connect() as client:
            for _ in range(3):
                await client.send("later")
            for size in (3, 20_000, 5) * 3:
                self.assertEqual(await client.recv(), "x" * size)

    async def test_the_server_answers_a_close_with_the_same_code(self):
        for code in 1000, 1001, 1003, 1011, 3000, 4999:
            client = await self.connect()
            await client.close(code, "that is all")
            self.assertEqual(client.close_code, code)

    async def test_the_server_may_close_first(self):
        for code, reason in (1000, ""), (1001, "bye"), (4321, "zu spät"):
            client = await self.connect()
            await client.send(f"close {code} {reason}")
            await client.wait_closed()
            self.assertEqual((client.close_code, client.close_reason), (code, reason))

    async def test_a_message_that_is_too_large_is_refused(self):
        client = await self.connect()
        await client.send(bytes(LARGEST + 1))
        await client.wait_closed()
        self.assertEqual(client.close_code, 1009)

    async def test_fifty_talk_at_once(self):
        async def talk(number):
            async with self.connect() as client:
                for i in range(10):
                    await client.send(f"{number}: {i}")
                    self.assertEqual(await client.recv(), f"{number}: {i}")

        await asyncio.gather(*(talk(number) for number in range(50)))

    async def test_a_protocol_is_agreed_on(self):
        for offered, agreed in (["echo.v1"], "echo.v1"), (["echo.v1", "echo.v2"], "echo.v2"), (["other"], None):
            async with self.connect(subprotocols=offered) as client:
                self.assertEqual(client.subprotocol, agreed)

    async def test_a_foreign_origin_is_turned_away_and_the_own_one_is_not(self):
        own = self.server.url("")
        async with self.connect(origin=own) as client:
            await client.send("hello")
            self.assertEqual(await client.recv(), "hello")
        with self.assertRaises(websockets.InvalidStatusCode) as refused:
            await self.connect(origin="http://elsewhere.test")
        self.assertEqual(refused.exception.status_code, 403)


class PlainConversations(Conversations, unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(ServerProcess())

    async def test_a_silent_client_is_asked_whether_it_is_there(self):
        async with self.connect("/ws-pinging", ping_interval=None) as client:
            await asyncio.sleep(4)  # Longer than two of the server's pings; this client answers them.
            await client.send("still here")
            self.assertEqual(await client.recv(), "still here")

    async def test_compression_is_not_agreed_on_where_it_is_not_offered(self):
        async with websockets.connect(self.server.socket_url("/ws"), compression="deflate") as client:
            self.assertEqual(client.extensions, [])
            await client.send("hello")
            self.assertEqual(await client.recv(), "hello")

    async def test_a_page_is_not_a_socket(self):
        with self.assertRaises(websockets.InvalidStatusCode) as refused:
            await websockets.connect(self.server.socket_url("/plaintext"))
        self.assertEqual(refused.exception.status_code, 200)


class CompressedConversations(Conversations, unittest.IsolatedAsyncioTestCase):
    compression = "deflate"

    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(ServerProcess())

    async def test_compression_is_agreed_on(self):
        async with self.connect() as client:
            self.assertEqual([extension.name for extension in client.extensions], ["permessage-deflate"])


class TlsConversations(Conversations, unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(tls_server())
        cls.context = ssl.create_default_context(cafile=cls.server.certificate.file)


if __name__ == "__main__":
    unittest.main()
